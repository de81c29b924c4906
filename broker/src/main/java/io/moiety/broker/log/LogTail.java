package io.moiety.broker.log;

import io.moiety.protocol.RecordLayout;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The place where the log grows: the segment it is in and how far that is used. Owned by the store
 * turn.
 *
 * <p>A record is never split. One that does not fit before the segment's end goes to the next
 * segment, and a blank record takes the rest; a rest too small for a blank record never arises.
 */
final class LogTail {

  /** Part of a segment after which the next one is wanted. */
  private static final int WANT_NEXT_AFTER = 4;

  private final SegmentTable segments;
  private final AppendedPosition appended;
  private final SegmentAllocator allocator;
  private final Preparation preparation;
  private final int lookEveryBytes;
  private final ByteBuffer blank = ByteBuffer.allocate(RecordLayout.BLANK_MIN_BYTES);

  private PreparedSegment segment;
  private int index;
  private int nextLookIndex;

  LogTail(
      SegmentTable segments,
      AppendedPosition appended,
      SegmentAllocator allocator,
      Preparation preparation,
      int lookEveryBytes,
      PreparedSegment segment,
      long endPosition) {
    this.segments = segments;
    this.appended = appended;
    this.allocator = allocator;
    this.preparation = preparation;
    this.lookEveryBytes = lookEveryBytes;
    this.segment = segment;
    this.index = segment.span().indexOf(endPosition);
  }

  /** Where {@link #write} puts the next record. */
  long position() {
    return segment.span().basePosition() + index;
  }

  /**
   * Makes room for a record, in the next segment where this one has too little.
   *
   * @throws AppendRefusedException when no room was prepared in time; the log is as before
   */
  void makeRoom(int sizeBytes) throws IOException {
    if (!fits(sizeBytes)) {
      roll();
    }
    if (!awaitRoomUntil(index + sizeBytes)) {
      throw refused();
    }
  }

  /** Copies a record to the room that was made for it. */
  void write(ByteBuffer record) throws IOException {
    int sizeBytes = record.remaining();
    segment.segment().write(index, record);
    index += sizeBytes;
  }

  /** Has more prepared, every now and then. After an append, when its position is published. */
  void lookAhead() {
    if (index < nextLookIndex) {
      return;
    }
    nextLookIndex = index + lookEveryBytes;
    if (index > segment.span().sizeBytes() / WANT_NEXT_AFTER) {
      allocator.wantNext();
    }
    preparation.wake();
  }

  private boolean fits(int sizeBytes) {
    int restBytes = segment.span().sizeBytes() - index - sizeBytes;
    return restBytes == 0 || restBytes >= RecordLayout.BLANK_MIN_BYTES;
  }

  private void roll() throws IOException {
    PreparedSegment current = segment;
    int restBytes = current.span().sizeBytes() - index;
    int blankEnd = index + Math.min(restBytes, RecordLayout.BLANK_MIN_BYTES);
    allocator.wantNext();
    if (!awaitRoomUntil(blankEnd) || !preparation.await(allocator::nextIsReady)) {
      throw refused();
    }
    PreparedSegment next = allocator.take();
    if (next == null) {
      throw refused();
    }
    if (restBytes > 0) {
      blank.clear();
      RecordLayout.writeBlank(blank, restBytes, position());
      current.segment().write(index, blank.flip());
    }
    current.segment().complete(appended.storeTimestampMillis());
    segments.add(next.segment());
    segment = next;
    index = 0;
    nextLookIndex = 0;
  }

  private boolean awaitRoomUntil(int endIndex) {
    PreparedSegment current = segment;
    if (current.hasRoomUntil(endIndex)) {
      return true;
    }
    allocator.wantUntil(current.span().basePosition() + endIndex);
    return preparation.await(() -> current.hasRoomUntil(endIndex));
  }

  private AppendRefusedException refused() {
    return new AppendRefusedException(
        PutStatus.CREATE_MAPPED_FILE_FAILED,
        "no room is prepared at position %d of the log: %s"
            .formatted(
                position(), allocator.obstacle().orElse("the disk is slower than the appends")));
  }
}
