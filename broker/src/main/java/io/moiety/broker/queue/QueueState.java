package io.moiety.broker.queue;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one queue knows, as a value to compare: however it came to know it, and wherever it keeps
 * it.
 *
 * @param minOffset the first offset whose message is not gone
 * @param entries of messages that are not gone, by queue offset
 */
record QueueState(
    String topic, int queueId, long minOffset, long nextOffset, SortedMap<Long, Entry> entries) {

  static QueueState of(ConsumeQueue queue) {
    SortedMap<Long, Entry> entries = new TreeMap<>();
    long end = queue.nextOffset();
    for (long at = queue.nextPresent(0); at < end; at = queue.nextPresent(at + 1)) {
      long present = at;
      queue.find(present).ifPresent(entry -> entries.put(present, entry));
    }
    return new QueueState(queue.topic(), queue.queueId(), queue.nextPresent(0), end, entries);
  }
}
