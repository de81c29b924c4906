package io.moiety.broker.delay;

import java.nio.ByteBuffer;

/**
 * What the schedule of exact times keeps of one message: when, and which. Where it lies now is told
 * by the consume queue, so that nothing changes here when it is carried forward. 28 bytes in a
 * block:
 *
 * <pre>
 *    0  8  due time
 *    8  8  origin position
 *   16  8  queue offset
 *   24  4  hash of the topic
 * </pre>
 *
 * In the order in which they are delivered; numbers are big-endian.
 *
 * @param dueMillis when it is to be delivered
 * @param originPosition byte address of the waiting record as it was first stored: the order of
 *     those that are due at the same time
 * @param queueOffset in the queue where it waits: its identity
 * @param topicHash Java's hash code of the topic that it will be delivered to
 */
record TimerEntry(long dueMillis, long originPosition, long queueOffset, int topicHash)
    implements Comparable<TimerEntry> {
  static final int BYTES = 28;
  private static final int ORIGIN_AT = 8;
  private static final int QUEUE_OFFSET_AT = 16;
  private static final int TOPIC_HASH_AT = 24;

  /** Comes before all that are due then. */
  static TimerEntry earliest(long dueMillis) {
    return new TimerEntry(dueMillis, 0, 0, 0);
  }

  static int topicHash(String topic) {
    return topic.hashCode();
  }

  /** Tells most messages of other topics without reading them. */
  boolean mayBeOf(String topic) {
    return topicHash == topicHash(topic);
  }

  static TimerEntry at(ByteBuffer content, int index) {
    int at = index * BYTES;
    return new TimerEntry(
        content.getLong(at),
        content.getLong(at + ORIGIN_AT),
        content.getLong(at + QUEUE_OFFSET_AT),
        content.getInt(at + TOPIC_HASH_AT));
  }

  static long dueMillisAt(ByteBuffer content, int index) {
    return content.getLong(index * BYTES);
  }

  static long originPositionAt(ByteBuffer content, int index) {
    return content.getLong(index * BYTES + ORIGIN_AT);
  }

  static long queueOffsetAt(ByteBuffer content, int index) {
    return content.getLong(index * BYTES + QUEUE_OFFSET_AT);
  }

  void putAt(ByteBuffer content, int index) {
    int at = index * BYTES;
    content.putLong(at, dueMillis).putLong(at + ORIGIN_AT, originPosition);
    content.putLong(at + QUEUE_OFFSET_AT, queueOffset).putInt(at + TOPIC_HASH_AT, topicHash);
  }

  @Override
  public int compareTo(TimerEntry other) {
    return compare(dueMillis, originPosition, other.dueMillis, other.originPosition);
  }

  static int compare(long dueMillis, long originPosition, long otherDue, long otherOrigin) {
    int order = Long.compare(dueMillis, otherDue);
    return order != 0 ? order : Long.compare(originPosition, otherOrigin);
  }
}
