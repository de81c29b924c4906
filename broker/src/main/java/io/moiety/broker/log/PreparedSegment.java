package io.moiety.broker.log;

/**
 * A segment and how far it is ready for appends: the blocks are there and the bytes are zeros. A
 * write to a mapped place without a block, on a disk that is full, would end the process; a write
 * to a page that is not in memory would wait for the disk.
 *
 * <p>Zeros that follow a record stop a reader of the log. They are forced with the record before
 * them (the guard), and what they hide further on depends on where the file comes from.
 */
final class PreparedSegment {

  /** What the bytes are that zeros have not been written over yet. */
  enum Origin {
    /**
     * The file in which the log ended at a start. There may be whole records of these very
     * positions, cut off from the log by one that was lost: zeros must be on the disk before
     * appends come near.
     */
    FOUND,
    /** A new file: nothing. Zeros on the disk make later forces cheaper, and cost a write. */
    CREATED,
    /**
     * The file of a deleted segment: records of smaller positions, which are not valid here. Its
     * blocks are on the disk already; zeros only bring its pages to memory.
     */
    RECYCLED
  }

  /** Zeros that must follow a record, so that a reader sees where the log ends. */
  static final int END_GUARD_BYTES = 8;

  private final Segment segment;
  private final Origin origin;

  /** Written by the allocator thread (before: by recovery), read by the store turn. */
  private volatile int preparedBytes;

  PreparedSegment(Segment segment, Origin origin, int preparedBytes) {
    this.segment = segment;
    this.origin = origin;
    this.preparedBytes = preparedBytes;
  }

  Segment segment() {
    return segment;
  }

  SegmentSpan span() {
    return segment.span();
  }

  Origin origin() {
    return origin;
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
