package io.moiety.broker.log;

/**
 * A segment and how far its blocks are really written. Appends stay below that: a write to a mapped
 * place without a block, on a disk that is full, would end the process.
 *
 * <p>The bytes between the append and the prepared end are zeros on the disk. So whatever an
 * earlier life of the file left further on, a reader of the log stops before it.
 */
final class PreparedSegment {

  /** Zeros that must follow a record, so that a reader sees where the log ends. */
  static final int END_GUARD_BYTES = 8;

  private final Segment segment;

  /** Written by the allocator thread (before: by recovery), read by the store turn. */
  private volatile int preparedBytes;

  PreparedSegment(Segment segment, int preparedBytes) {
    this.segment = segment;
    this.preparedBytes = preparedBytes;
  }

  Segment segment() {
    return segment;
  }

  SegmentSpan span() {
    return segment.span();
  }

  int preparedBytes() {
    return preparedBytes;
  }

  void prepared(int untilIndex) {
    preparedBytes = untilIndex;
  }

  boolean complete() {
    return preparedBytes == span().sizeBytes();
  }

  /** Whether a write that ends at {@code endIndex} stays within the prepared bytes. */
  boolean hasRoomUntil(int endIndex) {
    int prepared = preparedBytes;
    return prepared == span().sizeBytes() || endIndex <= prepared - END_GUARD_BYTES;
  }
}
