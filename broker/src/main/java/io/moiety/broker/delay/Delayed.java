package io.moiety.broker.delay;

import io.moiety.broker.store.RecordSpan;

/**
 * A delayed message that waits.
 *
 * @param dueMillis when it is to be delivered
 * @param topic the system topic where it waits, with the queue and queue offset there
 * @param originPosition byte address of the waiting record as it was first stored: its place among
 *     others that are due at the same time
 * @param position where it lies now: there, or where it was carried to
 */
record Delayed(
    long dueMillis,
    String topic,
    int queueId,
    long queueOffset,
    long originPosition,
    long position,
    int sizeBytes)
    implements Comparable<Delayed> {

  @Override
  public int compareTo(Delayed other) {
    int order = Long.compare(dueMillis, other.dueMillis);
    return order != 0 ? order : Long.compare(originPosition, other.originPosition);
  }

  /** Where it lies now. */
  RecordSpan span() {
    return new RecordSpan(position, sizeBytes);
  }

  /** What the delivered copy carries in {@code __MOIETY_DUE_OF}. */
  String marker() {
    return topic + ':' + queueId + ':' + queueOffset + ':' + dueMillis + ':' + originPosition;
  }
}
