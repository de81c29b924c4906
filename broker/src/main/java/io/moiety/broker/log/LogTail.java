package io.moiety.broker.log;

import io.moiety.protocol.RecordLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The place where the log grows: the segment it is in and how far that is used. Owned by the store
 * turn.
 *
 * <p>A record is never split. One that does not fit before the segment's end goes to the next
 * segment, and a blank record takes the rest; a rest too small for a blank record never arises.
 */
final class LogTail {

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
   * Makes room for a record, in the next segment where this one has too little. Waits for nothing.
   *
   * @throws AppendRefusedException when no room is prepared; the log is as before
   */
  void makeRoom(int sizeBytes) throws IOException {
    if (!fits(sizeBytes)) {
      roll(sizeBytes);
    } else if (!segment.hasRoomUntil(index + sizeBytes)) {
      throw refused();
    }
  }

  /**
   * Sees that records of so many bytes in all find room: in this segment, or some of them in this
   * one and the others in the next. Waits for nothing.
   *
   * @throws AppendRefusedException when that is not prepared
   */
  void requireRoom(int totalBytes) {
    if (fits(totalBytes)) {
      if (!segment.hasRoomUntil(index + totalBytes)) {
        throw refused();
      }
    } else if (!segment.complete() || !allocator.hasNextFor(totalBytes)) {
      allocator.wantNext();
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
    preparation.wake();
  }

  private boolean fits(int sizeBytes) {
    int restBytes = segment.span().sizeBytes() - index - sizeBytes;
    return restBytes == 0 || restBytes >= RecordLayout.BLANK_MIN_BYTES;
  }

  private void roll(int sizeBytes) throws IOException {
    PreparedSegment current = segment;
    int restBytes = current.span().sizeBytes() - index;
    int blankEnd = index + Math.min(restBytes, RecordLayout.BLANK_MIN_BYTES);
    PreparedSegment next = current.hasRoomUntil(blankEnd) ? allocator.take(sizeBytes) : null;
    if (next == null) {
      allocator.wantNext();
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

  /** Why no more room can be prepared now. Any thread. */
  Optional<String> obstacle() {
    return allocator.obstacle();
  }

  /** The allocator is told, so that a later append finds room. */
  private AppendRefusedException refused() {
    Optional<String> obstacle = allocator.obstacle();
    preparation.wake();
    return new AppendRefusedException(
        obstacle.isPresent() ? PutStatus.CREATE_MAPPED_FILE_FAILED : PutStatus.OS_PAGE_CACHE_BUSY,
        "no room is prepared at position %d of the log: %s"
            .formatted(position(), obstacle.orElse("the disk is slower than the appends")));
  }
}
