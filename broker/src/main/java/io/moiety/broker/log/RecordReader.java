package io.moiety.broker.log;

import io.moiety.protocol.RecordCheck;
import io.moiety.protocol.RecordLayout;
import io.moiety.protocol.RecordView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads appended records by position, as copies, each checked. Any thread; no state of its own. */
final class RecordReader {

  private static final int LARGEST_DROPPED_BYTES = 64 * 1024;

  private final SegmentTable segments;
  private final AppendedPosition appended;

  RecordReader(SegmentTable segments, AppendedPosition appended) {
    this.segments = segments;
    this.appended = appended;
  }

  RecordView read(long position, int sizeBytes) {
    requireWithin(position, sizeBytes);
    ByteBuffer record = ByteBuffer.allocate(sizeBytes);
    copy(position, sizeBytes, record);
    return RecordView.of(record.flip());
  }

  void copy(long position, int sizeBytes, ByteBuffer target) {
    requireWithin(position, sizeBytes);
    ByteBuffer record = target.slice(target.position(), sizeBytes);
    load(position, record);
    RecordCheck check = RecordLayout.check(record.rewind(), position, sizeBytes);
    if (!(check instanceof RecordCheck.Valid valid && valid.sizeBytes() == sizeBytes)) {
      requireKept(position);
      throw new RecordDamagedException(position, sizeBytes + " bytes were read: " + check, null);
    }
    target.position(target.position() + sizeBytes);
  }

  /** What begins at a position that somebody from outside named. */
  Optional<RecordView> find(long position) {
    if (!within(position, RecordLayout.RECORD_MIN_BYTES)) {
      return Optional.empty();
    }
    try {
      return begunAt(position);
    } catch (RecordGoneException deletedMeanwhile) {
      return Optional.empty();
    }
  }

  /** First position behind the blank that begins at one; empty when none does. */
  OptionalLong endOfBlank(long position) {
    if (!within(position, RecordLayout.BLANK_MIN_BYTES)) {
      return OptionalLong.empty();
    }
    ByteBuffer head = ByteBuffer.allocate(RecordLayout.BLANK_MIN_BYTES);
    load(position, head);
    RecordCheck check = RecordLayout.check(head.flip(), position, head.remaining());
    return check instanceof RecordCheck.Valid valid && valid.blank()
        ? OptionalLong.of(position + valid.sizeBytes())
        : OptionalLong.empty();
  }

  /**
   * Reads what the log holds of these bytes, and drops it.
   *
   * @throws UncheckedIOException when the disk does not give them
   */
  void bringToCache(long position, int sizeBytes) {
    long end = Math.min(position + sizeBytes, appended.position());
    long next = Math.max(position, segments.firstPosition());
    ByteBuffer dropped = ByteBuffer.allocate(Math.min(sizeBytes, LARGEST_DROPPED_BYTES));
    Segment segment = segments.find(next);
    while (segment != null && next < end) {
      long rest = Math.min(end, segment.span().endPosition()) - next;
      dropped.clear().limit((int) Math.min(rest, dropped.capacity()));
      int partBytes = dropped.remaining();
      try {
        segment.read(segment.span().indexOf(next), dropped);
      } catch (IOException e) {
        throw new UncheckedIOException("the log cannot be read at position " + next, e);
      }
      next += partBytes;
      segment = segments.find(next);
    }
  }

  private Optional<RecordView> begunAt(long position) {
    ByteBuffer head = ByteBuffer.allocate(RecordLayout.RECORD_MIN_BYTES);
    load(position, head);
    RecordCheck check = RecordLayout.check(head.flip(), position, head.remaining());
    if (check instanceof RecordCheck.Torn torn && within(position, torn.neededBytes())) {
      ByteBuffer record = ByteBuffer.allocate(torn.neededBytes());
      load(position, record);
      check = RecordLayout.check(record.flip(), position, record.remaining());
      if (check instanceof RecordCheck.Valid) {
        return Optional.of(RecordView.of(record));
      }
    }
    return Optional.empty();
  }

  private void load(long position, ByteBuffer target) {
    Segment segment = segments.find(position);
    if (segment == null) {
      requireKept(position);
      throw new RecordDamagedException(position, "no segment holds it", null);
    }
    try {
      segment.read(segment.span().indexOf(position), target);
    } catch (IOException e) {
      requireKept(position);
      throw new RecordUnreadableException(position, e);
    }
  }

  private void requireWithin(long position, int sizeBytes) {
    if (!within(position, sizeBytes)) {
      requireKept(position);
      throw new RecordDamagedException(
          position,
          "%d bytes are asked for; the log holds positions %d to %d"
              .formatted(sizeBytes, segments.firstPosition(), appended.position()),
          null);
    }
  }

  /** Tells a record that was deleted, perhaps while it was being read, from a damaged one. */
  private void requireKept(long position) {
    long firstPosition = segments.firstPosition();
    if (position >= 0 && position < firstPosition) {
      throw new RecordGoneException(position, firstPosition);
    }
  }

  /** Whether a record of that size can lie there: appended, within one segment, not too large. */
  private boolean within(long position, int sizeBytes) {
    if (sizeBytes < 0
        || sizeBytes > LogConfig.LARGEST_RECORD_BYTES
        || position < 0
        || position > appended.position() - sizeBytes) {
      return false;
    }
    Segment segment = segments.find(position);
    return segment != null && position + sizeBytes <= segment.span().endPosition();
  }
}
