package io.moiety.broker.log;

import io.moiety.broker.log.PreparedSegment.Origin;
import io.moiety.protocol.RecordLayout;
import io.moiety.protocol.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds where the log ends after whatever happened, and makes that true on the disk.
 *
 * <p>From the durable hint on, the log ends at the first bad record, even when valid ones follow:
 * the kernel writes back in any order. What lies before the hint was promised; replay, which reads
 * all of it, stops the start when it is not there. Bytes after the end are not touched here: the
 * allocator overwrites them with zeros before an append comes near ({@link PreparedSegment}).
 *
 * <p>What was read after the hint is written again and forced, since after a failed force a page
 * cache shows what the disk does not hold.
 *
 * <p>Running it again after a crash in the middle of it gives the same result. Confined to the
 * recovery thread.
 */
final class LogRecovery {

  /**
   * @param segments the segments that hold the log, the tail last
   * @param tail where the log goes on
   * @param endPosition the end of the last valid record
   * @param storeTimestampMillis no record that was looked at has a later one
   * @param cold how those segments are read that are not mapped
   */
  record Recovered(
      SegmentTable segments,
      PreparedSegment tail,
      long endPosition,
      long storeTimestampMillis,
      ColdChannels cold) {}

  /** Where the valid records end: in which segment, and why. */
  private record End(long position, int spanIndex, String reason) {}

  private static final int REWRITE_BYTES = 1024 * 1024;

  private final SegmentFiles files;
  private final DurableHint hint;
  private final int segmentSizeBytes;
  private final long mappedBytes;
  private long storeTimestampMillis;

  /** There was no log. */
  private boolean fresh;

  LogRecovery(SegmentFiles files, DurableHint hint, LogConfig config) {
    this.files = files;
    this.hint = hint;
    this.segmentSizeBytes = config.segmentSizeBytes();
    this.mappedBytes = config.mappedBytes();
  }

  Recovered recover() throws IOException {
    Optional<DurableHint.Value> known = hint.read();
    storeTimestampMillis = known.map(DurableHint.Value::storeTimestampMillis).orElse(0L);
    List<SegmentSpan> spans = existing(known.map(DurableHint.Value::position).orElse(0L));
    long from =
        Math.max(spans.get(0).basePosition(), known.map(DurableHint.Value::position).orElse(0L));
    End end = validEnd(spans, from);
    if (known.isEmpty()) {
      refuseRecordsAfter(end, spans);
    }
    rewrite(spans, from, end.position());
    Recovered recovered = goOn(spans, end.position());
    hint.write(new DurableHint.Value(end.position(), storeTimestampMillis));
    hint.force();
    return recovered;
  }

  /** The segments there are, without a gap, the last one at its full size; a first one if none. */
  private List<SegmentSpan> existing(long durablePosition) throws IOException {
    List<SegmentSpan> spans = new ArrayList<>(files.list());
    if (spans.isEmpty()) {
      SegmentSpan first = new SegmentSpan(0, segmentSizeBytes);
      refuseShorterThan(durablePosition, first, 0);
      files.create(first);
      fresh = true;
      return new ArrayList<>(List.of(first));
    }
    for (int i = 1; i < spans.size(); i++) {
      SegmentSpan before = spans.get(i - 1);
      if (before.endPosition() != spans.get(i).basePosition()) {
        throw damaged(
            before,
            before.endPosition(),
            spans.get(i).basePosition(),
            "the file ends here, but the next one begins at " + spans.get(i).basePosition());
      }
    }
    int last = spans.size() - 1;
    spans.set(last, atFullSize(spans.get(last), durablePosition));
    return spans;
  }

  private SegmentSpan atFullSize(SegmentSpan last, long durablePosition) throws IOException {
    refuseShorterThan(durablePosition, last, last.endPosition());
    if (last.sizeBytes() >= segmentSizeBytes) {
      return last;
    }
    files.extend(last, segmentSizeBytes);
    return new SegmentSpan(last.basePosition(), segmentSizeBytes);
  }

  private void refuseShorterThan(long durablePosition, SegmentSpan last, long endPosition) {
    if (endPosition < durablePosition) {
      throw damaged(
          last,
          endPosition,
          Math.max(durablePosition, endPosition + RecordLayout.BLANK_MIN_BYTES),
          "the files end here, but the log was durable up to " + durablePosition);
    }
  }

  private End validEnd(List<SegmentSpan> spans, long from) throws IOException {
    long position = from;
    for (int i = 0; i < spans.size(); i++) {
      SegmentSpan span = spans.get(i);
      if (!span.contains(position)) {
        continue;
      }
      try (SegmentScan scan = new SegmentScan(files.reader(span), span.indexOf(position))) {
        SegmentScan.Step step = scan.next();
        while (step instanceof SegmentScan.Step.Found || step instanceof SegmentScan.Step.Blank) {
          if (step instanceof SegmentScan.Step.Found found) {
            stamp(found.bytes());
          }
          step = scan.next();
        }
        position = scan.position();
        if (step instanceof SegmentScan.Step.Bad bad) {
          return new End(position, i, bad.reason());
        }
      }
    }
    return new End(position, spans.size() - 1, "the last segment is full");
  }

  private void stamp(ByteBuffer record) {
    storeTimestampMillis =
        Math.max(storeTimestampMillis, RecordView.of(record).storeTimestampMillis());
  }

  /**
   * Without a hint, a bad record before a segment that begins with a valid one may have been
   * durable: a segment is forced before its successor's first record counts.
   */
  private void refuseRecordsAfter(End end, List<SegmentSpan> spans) throws IOException {
    if (end.spanIndex() + 1 >= spans.size()) {
      return;
    }
    SegmentSpan successor = spans.get(end.spanIndex() + 1);
    try (SegmentScan scan = new SegmentScan(files.reader(successor), 0)) {
      if (!(scan.next() instanceof SegmentScan.Step.Bad)) {
        SegmentSpan span = spans.get(end.spanIndex());
        throw damaged(
            span,
            end.position(),
            nextRecord(span, end.position()),
            end.reason() + ", while records follow in " + files.path(successor));
      }
    }
  }

  private void rewrite(List<SegmentSpan> spans, long from, long end) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(REWRITE_BYTES);
    for (SegmentSpan span : spans) {
      long first = Math.max(from, span.basePosition());
      long last = Math.min(end, span.endPosition());
      if (first >= last) {
        continue;
      }
      try (SegmentChannel channel = files.channel(span)) {
        for (long at = first; at < last; at += buffer.limit()) {
          buffer.clear().limit((int) Math.min(buffer.capacity(), last - at));
          channel.read(span.indexOf(at), buffer);
          channel.write(span.indexOf(at), buffer.rewind(), SegmentChannel.PAGE_BYTES);
        }
        channel.force();
      }
    }
  }

  /** Removes the segments after the one in which the log ends, last first so that no gap arises. */
  private Recovered goOn(List<SegmentSpan> spans, long end) throws IOException {
    int last = spans.size() - 1;
    while (spans.get(last).basePosition() > end) {
      files.delete(spans.remove(last));
      last--;
    }
    boolean full = spans.get(last).endPosition() == end;
    if (full) {
      spans.add(created(end));
      last++;
    }
    files.deleteSpares();
    ColdChannels cold = new ColdChannels(files);
    List<Segment> segments = opened(spans, cold);
    tellGreatestTimestamps(segments);
    PreparedSegment tail =
        new PreparedSegment(
            segments.get(last),
            full || fresh ? Origin.CREATED : Origin.FOUND,
            spans.get(last).indexOf(end));
    return new Recovered(new SegmentTable(segments), tail, end, storeTimestampMillis, cold);
  }

  private List<Segment> opened(List<SegmentSpan> spans, ColdChannels cold) throws IOException {
    int firstMapped = OldSegments.firstMapped(spans, mappedBytes);
    List<Segment> segments = new ArrayList<>();
    for (SegmentSpan span : spans) {
      segments.add(
          segments.size() < firstMapped
              ? Segment.cold(span, cold)
              : Segment.hot(span, files.map(span), cold));
    }
    return segments;
  }

  /**
   * Store timestamps never fall, so no record is later than the first one of the next segment: one
   * small read for each segment, instead of all of it.
   */
  private void tellGreatestTimestamps(List<Segment> segments) throws IOException {
    long notLaterMillis = storeTimestampMillis;
    for (int i = segments.size() - 2; i >= 0; i--) {
      SegmentSpan successor = segments.get(i + 1).span();
      try (SegmentScan scan = SegmentScan.ofFewRecords(files.reader(successor), 0)) {
        if (scan.next() instanceof SegmentScan.Step.Found first) {
          notLaterMillis =
              Math.min(notLaterMillis, RecordView.of(first.bytes()).storeTimestampMillis());
        }
      }
      segments.get(i).complete(notLaterMillis);
    }
  }

  private SegmentSpan created(long basePosition) throws IOException {
    SegmentSpan span = new SegmentSpan(basePosition, segmentSizeBytes);
    files.create(span);
    return span;
  }

  private long nextRecord(SegmentSpan span, long badPosition) throws IOException {
    try (SegmentScan scan = new SegmentScan(files.reader(span), span.indexOf(badPosition))) {
      scan.skipToNextRecord();
      return scan.position();
    }
  }

  private StoreDamagedException damaged(
      SegmentSpan span, long position, long goOnPosition, String what) {
    return new StoreDamagedException(
        files.path(span).toString(), position, goOnPosition, what, null);
  }
}
