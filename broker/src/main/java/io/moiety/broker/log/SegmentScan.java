package io.moiety.broker.log;

import io.moiety.protocol.RecordCheck;
import io.moiety.protocol.RecordLayout;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads the records of one segment in order, from its file, checking each. It trusts no byte: a
 * length is believed only as far as the segment and {@link LogConfig#LARGEST_RECORD_BYTES} go.
 * Owned by one thread.
 */
final class SegmentScan implements Closeable {

  /** What lies at the next place. */
  sealed interface Step {

    /**
     * A valid record.
     *
     * @param bytes one whole record, good until the next step
     */
    record Found(ByteBuffer bytes) implements Step {}

    /**
     * A place is left out: the rest of the segment, or what was given up as damaged.
     *
     * @param sizeBytes how much
     */
    record Blank(int sizeBytes) implements Step {}

    /** The segment is full to its last byte. */
    record End() implements Step {}

    /** No valid record begins here. The scan stays at this place. */
    record Bad(String reason) implements Step {}
  }

  private static final int WINDOW_BYTES = 512 * 1024;
  private static final int SMALL_WINDOW_BYTES = 4 * 1024;

  private final SegmentChannel channel;
  private final SegmentSpan span;
  private final int windowBytes;
  private int index;

  /** The bytes of the segment from {@code windowIndex} on, up to its limit. */
  private ByteBuffer window = ByteBuffer.allocate(0);

  private int windowIndex;

  SegmentScan(SegmentChannel channel, int fromIndex) {
    this(channel, fromIndex, WINDOW_BYTES);
  }

  private SegmentScan(SegmentChannel channel, int fromIndex, int windowBytes) {
    this.windowBytes = windowBytes;
    this.channel = channel;
    this.span = channel.span();
    this.index = fromIndex;
  }

  /** Reads no more than it needs to: for who looks at a record and goes. */
  static SegmentScan ofFewRecords(SegmentChannel channel, int fromIndex) {
    return new SegmentScan(channel, fromIndex, SMALL_WINDOW_BYTES);
  }

  /** The position that the next step looks at. */
  long position() {
    return span.basePosition() + index;
  }

  Step next() throws IOException {
    int restBytes = span.sizeBytes() - index;
    if (restBytes == 0) {
      return new Step.End();
    }
    ByteBuffer head = load(Math.min(restBytes, RecordLayout.BLANK_MIN_BYTES));
    RecordCheck check = RecordLayout.check(head, position(), head.remaining());
    if (check instanceof RecordCheck.Torn torn && torn.neededBytes() <= largestAt(restBytes)) {
      head = load(torn.neededBytes());
      check = RecordLayout.check(head, position(), head.remaining());
    }
    return step(check, head, restBytes);
  }

  /** Whether the place that the next step looks at has never been written, as far as that shows. */
  boolean atZeros() throws IOException {
    int guardBytes = Math.min(PreparedSegment.END_GUARD_BYTES, span.sizeBytes() - index);
    ByteBuffer guard = load(guardBytes);
    while (guard.hasRemaining()) {
      if (guard.get() != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Goes on to where the next valid record begins, or to the segment's end. For who looks behind
   * damage: a byte that looks like a begin is believed only when a whole record follows.
   */
  void skipToNextRecord() throws IOException {
    while (index < span.sizeBytes()) {
      index++;
      if (mayBegin() && looksValid()) {
        return;
      }
    }
  }

  /** A quick look at the magic, before the bytes of a whole record are checked. */
  private boolean mayBegin() throws IOException {
    if (span.sizeBytes() - index < RecordLayout.BLANK_MIN_BYTES) {
      return false;
    }
    ByteBuffer head = load(RecordLayout.BLANK_MIN_BYTES);
    int magic = head.remaining() < 2 * Integer.BYTES ? 0 : head.getInt(Integer.BYTES);
    return magic == RecordLayout.MAGIC_V1
        || magic == RecordLayout.MAGIC_V2
        || magic == RecordLayout.MAGIC_BLANK;
  }

  private boolean looksValid() throws IOException {
    int begin = index;
    boolean valid = !(next() instanceof Step.Bad);
    index = begin;
    return valid;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private Step step(RecordCheck check, ByteBuffer record, int restBytes) {
    if (check instanceof RecordCheck.Valid valid) {
      if (valid.blank() && valid.sizeBytes() > restBytes) {
        return new Step.Bad(
            "a blank record of %d bytes, %d before the segment's end"
                .formatted(valid.sizeBytes(), restBytes));
      }
      index += valid.sizeBytes();
      return valid.blank() ? new Step.Blank(valid.sizeBytes()) : new Step.Found(record);
    }
    return new Step.Bad(reason(check));
  }

  private static String reason(RecordCheck check) {
    if (check instanceof RecordCheck.Damaged damaged) {
      return damaged.reason();
    }
    RecordCheck.Torn torn = (RecordCheck.Torn) check;
    return "a record of %d bytes of which %d are there"
        .formatted(torn.neededBytes(), torn.availableBytes());
  }

  private static int largestAt(int restBytes) {
    return Math.min(restBytes, LogConfig.LARGEST_RECORD_BYTES);
  }

  /** The next {@code sizeBytes} of the segment, or fewer where its file is shorter. */
  private ByteBuffer load(int sizeBytes) throws IOException {
    if (index < windowIndex || index + sizeBytes > windowIndex + window.limit()) {
      int wantedBytes = Math.min(Math.max(sizeBytes, windowBytes), span.sizeBytes() - index);
      if (window.capacity() < wantedBytes) {
        window = ByteBuffer.allocate(wantedBytes);
      }
      window.clear().limit(wantedBytes);
      channel.read(index, window);
      window.flip();
      windowIndex = index;
    }
    int from = index - windowIndex;
    return window.slice(from, Math.min(sizeBytes, window.limit() - from));
  }
}
