package io.moiety.broker.server;

import io.moiety.broker.queue.ConsumeQueue;
import io.moiety.broker.queue.Entry;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.store.RecordReader;
import java.util.Optional;

/**
 * What is stored of a queue and may be seen. A queue that never had a message is empty, not absent.
 *
 * <p>Owner: the store turn.
 */
final class QueueOffsets {

  private final QueueTable queues;
  private final RecordReader reader;

  QueueOffsets(QueueTable queues, RecordReader reader) {
    this.queues = queues;
    this.reader = reader;
  }

  /** The first offset that is stored. */
  long min(QueueKey queue) {
    return find(queue).map(ConsumeQueue::minOffset).orElse(0L);
  }

  /** The offset after the last that may be seen. */
  long max(QueueKey queue) {
    return find(queue).map(ConsumeQueue::servedOffset).orElse(0L);
  }

  /** When the oldest message was stored; -1 without one, as in RocketMQ. */
  long earliestStoreMillis(QueueKey queue) {
    return find(queue)
        .filter(stored -> stored.minOffset() < stored.servedOffset())
        .map(stored -> storeMillis(stored, stored.minOffset()))
        .orElse(-1L);
  }

  /** The first offset whose message was stored at or after a time; the end when there is none. */
  long firstStoredSince(QueueKey queue, long timestampMillis) {
    Optional<ConsumeQueue> stored = find(queue);
    long low = min(queue);
    long high = max(queue);
    while (low < high) {
      long middle = low + (high - low) / 2;
      if (storeMillis(stored.orElseThrow(), middle) < timestampMillis) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private long storeMillis(ConsumeQueue queue, long queueOffset) {
    Entry entry = queue.entry(queueOffset);
    return reader.read(entry.position(), entry.sizeBytes()).storeTimestampMillis();
  }

  private Optional<ConsumeQueue> find(QueueKey queue) {
    return queues.find(queue.topic(), queue.queueId());
  }
}
