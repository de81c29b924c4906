package io.moiety.broker.delay;

import io.moiety.broker.store.RecordSpan;
import io.moiety.broker.store.SystemRecord;

/**
 * A delayed message that waits.
 *
 * @param dueMillis when it is to be delivered
 * @param topic the system topic where it waits, with the queue and queue offset there
 * @param originPosition byte address of the waiting record as it was first stored: its identity and
 *     its place among others that are due at the same time
 * @param position where it lies now: there, or where it was carried to
 * @param keyHash {@link #keyHash} of its unique key; 0 without
 */
record Delayed(
    long dueMillis,
    String topic,
    int queueId,
    long queueOffset,
    long originPosition,
    long position,
    int sizeBytes,
    int keyHash)
    implements Comparable<Delayed> {

  @Override
  public int compareTo(Delayed other) {
    int order = Long.compare(dueMillis, other.dueMillis);
    return order != 0 ? order : Long.compare(originPosition, other.originPosition);
  }

  /** Tells most messages of one millisecond apart without reading them. */
  static int keyHash(String uniqueKey) {
    return uniqueKey.hashCode();
  }

  /** Where it lies now. */
  RecordSpan span() {
    return new RecordSpan(position, sizeBytes);
  }

  /** What the log says when it is never to be delivered. */
  SystemRecord.DelayCancelled cancelled() {
    return new SystemRecord.DelayCancelled(topic, queueId, queueOffset, dueMillis, originPosition);
  }

  /** What the delivered copy carries in {@code __MOIETY_DUE_OF}. */
  String marker() {
    return topic + ':' + queueId + ':' + queueOffset + ':' + dueMillis + ':' + originPosition;
  }
}
