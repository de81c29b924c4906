package io.moiety.broker.log;

import io.moiety.protocol.RecordLayout;
import io.moiety.protocol.RecordView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads the log of a store that may be broken, and changes nothing: no lock is taken, no file is
 * made or mapped. It goes on behind a damaged place, which a broker does not.
 *
 * <p>Where the log ends is decided as a start decides it: at the first bad record that is not
 * before the durable hint. One thread uses it.
 */
public final class LogInspection {

  private final SegmentFiles files;
  private final Optional<StoreHolder> holder;

  private final List<SegmentInfo> infos = new ArrayList<>();
  private final List<LogDamage> damages = new ArrayList<>();
  private long damageCount;
  private long records;
  private long recordBytes;
  private long greatestStoreTimestampMillis;

  LogInspection(SegmentFiles files, Optional<StoreHolder> holder) {
    this.files = files;
    this.holder = holder;
  }

  /**
   * Reads the whole log.
   *
   * @param storeDirectory the store's, not the log's in it
   * @return what was found, damage included
   * @throws UncheckedIOException when there is no log, or a directory cannot be read
   */
  public static LogReport inspect(Path storeDirectory, LogVisitor visitor) {
    return inspect(storeDirectory, 0, visitor);
  }

  /**
   * As {@link #inspect(Path, LogVisitor)}, from a position on.
   *
   * @param fromPosition where a record begins; before the log's begin it stands for that
   */
  public static LogReport inspect(Path storeDirectory, long fromPosition, LogVisitor visitor) {
    return FileThread.call(
        "moiety-log-inspection",
        () ->
            new LogInspection(
                    DirectorySegmentFiles.existing(storeDirectory), holderOf(storeDirectory))
                .run(fromPosition, visitor));
  }

  LogReport run(long fromPosition, LogVisitor visitor) throws IOException {
    List<SegmentSpan> spans = files.list();
    if (spans.isEmpty()) {
      throw new NoSuchFileException("a log: it has no segment");
    }
    OptionalLong durable = durablePosition();
    long first = spans.get(0).basePosition();
    End end = segments(spans, Math.max(fromPosition, first), durable, visitor);
    if (durable.isPresent() && end.position() < durable.getAsLong()) {
      long position = end.position();
      damage(
          visitor,
          damageIn(
              spans.get(spans.size() - 1),
              position,
              Math.max(durable.getAsLong(), position + RecordLayout.BLANK_MIN_BYTES),
              "the log ends here, but it was durable up to " + durable.getAsLong()));
    }
    return new LogReport(
        holder,
        infos,
        first,
        end.position(),
        durable,
        records,
        recordBytes,
        end.torn(),
        damages,
        damageCount);
  }

  private End segments(List<SegmentSpan> spans, long from, OptionalLong durable, LogVisitor visitor)
      throws IOException {
    End end = new End(from, Optional.empty());
    for (int i = 0; i < spans.size(); i++) {
      SegmentSpan span = spans.get(i);
      Optional<SegmentSpan> next =
          i + 1 < spans.size() ? Optional.of(spans.get(i + 1)) : Optional.empty();
      if (span.endPosition() > from) {
        boolean mayEnd = durable.isPresent() || next.isEmpty() || !beginsWithARecord(next.get());
        long begin = Math.max(from, span.basePosition());
        end = segment(span, begin, mayEnd, durable, visitor);
      }
      infos.add(
          new SegmentInfo(
              span.basePosition(),
              Math.min(span.endPosition(), Math.max(end.position(), span.basePosition())),
              greatestStoreTimestampMillis));
      if (end.position() < span.endPosition() && end.position() >= from) {
        return end;
      }
      if (next.isPresent() && next.get().basePosition() != span.endPosition()) {
        damage(
            visitor,
            damageIn(
                span,
                span.endPosition(),
                next.get().basePosition(),
                "the file ends here, but the next one begins later"));
      }
    }
    return end;
  }

  private LogDamage damageIn(SegmentSpan span, long position, long endPosition, String what) {
    return new LogDamage(files.path(span).toString(), position, endPosition, what);
  }

  /** Where the valid records of a segment end; torn when the log ends there and not with zeros. */
  private record End(long position, Optional<String> torn) {}

  private End segment(
      SegmentSpan span, long from, boolean mayEnd, OptionalLong durable, LogVisitor visitor)
      throws IOException {
    try (SegmentScan scan = new SegmentScan(files.reader(span), span.indexOf(from))) {
      while (true) {
        long position = scan.position();
        SegmentScan.Step step = scan.next();
        if (step instanceof SegmentScan.Step.Found found) {
          count(found.bytes());
          visitor.record(RecordView.of(found.bytes()));
        } else if (step instanceof SegmentScan.Step.Blank blank) {
          visitor.blank(position, blank.sizeBytes());
        } else if (step instanceof SegmentScan.Step.Bad bad) {
          boolean promised = durable.isPresent() && position < durable.getAsLong();
          if (mayEnd && !promised) {
            return new End(position, scan.atZeros() ? Optional.empty() : Optional.of(bad.reason()));
          }
          scan.skipToNextRecord();
          damage(visitor, damageIn(span, position, scan.position(), bad.reason()));
        } else {
          return new End(position, Optional.empty());
        }
      }
    } catch (IOException e) {
      damage(
          visitor,
          damageIn(span, from, span.endPosition(), "the file cannot be read: " + e.getMessage()));
      return new End(span.endPosition(), Optional.empty());
    }
  }

  private void count(ByteBuffer record) {
    records++;
    recordBytes += record.remaining();
    greatestStoreTimestampMillis =
        Math.max(greatestStoreTimestampMillis, RecordView.of(record).storeTimestampMillis());
  }

  private void damage(LogVisitor visitor, LogDamage damage) {
    damageCount++;
    if (damages.size() < LogReport.MOST_DAMAGES) {
      damages.add(damage);
    }
    visitor.damage(damage);
  }

  private boolean beginsWithARecord(SegmentSpan span) throws IOException {
    try (SegmentScan scan = SegmentScan.ofFewRecords(files.reader(span), 0)) {
      return !(scan.next() instanceof SegmentScan.Step.Bad);
    }
  }

  private OptionalLong durablePosition() throws IOException {
    Optional<HintFile> file = files.existingHint();
    if (file.isEmpty()) {
      return OptionalLong.empty();
    }
    try (DurableHint hint = new DurableHint(file.get())) {
      return hint.read()
          .map(value -> OptionalLong.of(value.position()))
          .orElse(OptionalLong.empty());
    }
  }

  /** What a killed broker left behind names a process that is not there. */
  private static Optional<StoreHolder> holderOf(Path storeDirectory) throws IOException {
    return StoreLock.readHolder(storeDirectory)
        .filter(holder -> ProcessHandle.of(holder.processId()).isPresent());
  }
}
