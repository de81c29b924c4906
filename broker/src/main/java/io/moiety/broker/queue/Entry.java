package io.moiety.broker.queue;

import java.nio.ByteBuffer;

/**
 * What a consume queue knows of one message: 20 bytes in RocketMQ's form.
 *
 * <pre>
 *    0  8  position
 *    8  4  size
 *   12  8  tags code
 * </pre>
 *
 * An entry of zeros stands for a message that this log never had.
 *
 * @param position byte address in the commit log
 * @param sizeBytes size of the record
 * @param tagsCode hash of the tags (0 without), or on the schedule topic the due time in
 *     milliseconds
 */
public record Entry(long position, int sizeBytes, long tagsCode) {
  static final int BYTES = 20;
  private static final int SIZE_AT = 8;
  private static final int TAGS_CODE_AT = 12;

  /** First position after the record. */
  public long endPosition() {
    return position + sizeBytes;
  }

  /** Reads the entry at an index of a block's content. */
  static Entry at(ByteBuffer content, int index) {
    int at = index * BYTES;
    return new Entry(
        content.getLong(at), content.getInt(at + SIZE_AT), content.getLong(at + TAGS_CODE_AT));
  }

  /** As {@link #endPosition} of {@link #at}; 0 for a message that this log never had. */
  static long endPositionAt(ByteBuffer content, int index) {
    int at = index * BYTES;
    return content.getLong(at) + content.getInt(at + SIZE_AT);
  }

  void putAt(ByteBuffer content, int index) {
    int at = index * BYTES;
    content.putLong(at, position).putInt(at + SIZE_AT, sizeBytes);
    content.putLong(at + TAGS_CODE_AT, tagsCode);
  }
}
