package io.moiety.broker.log;

/**
 * Which bytes of the log a segment holds.
 *
 * @param basePosition position of its first byte
 * @param sizeBytes how many
 */
record SegmentSpan(long basePosition, int sizeBytes) {

  long endPosition() {
    return basePosition + sizeBytes;
  }

  boolean contains(long position) {
    return position >= basePosition && position < endPosition();
  }

  /** The place of {@code position} in the segment; its end is allowed. */
  int indexOf(long position) {
    long index = position - basePosition;
    if (index < 0 || index > sizeBytes) {
      throw new IllegalArgumentException(
          "position %d is not in the segment %d to %d"
              .formatted(position, basePosition, endPosition()));
    }
    return (int) index;
  }
}
