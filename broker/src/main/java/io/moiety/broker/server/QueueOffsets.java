package io.moiety.broker.server;

import io.moiety.broker.queue.ConsumeQueue;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.store.Carried;
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
        .filter(stored -> stored.nextPresent(0) < stored.servedOffset())
        .flatMap(stored -> stored.find(stored.nextPresent(0)))
        .map(entry -> reader.read(entry.position(), entry.sizeBytes()))
        .map(record -> Carried.origin(record).storeTimestampMillis())
        .orElse(-1L);
  }

  private Optional<ConsumeQueue> find(QueueKey queue) {
    return queues.find(queue.topic(), queue.queueId());
  }
}
