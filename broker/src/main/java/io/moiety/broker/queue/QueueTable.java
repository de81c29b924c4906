package io.moiety.broker.queue;

import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.QueueNumbering;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.View;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.SysFlag;
import io.moiety.protocol.SystemTopics;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The view of all consume queues. An entry is there as soon as its record is appended, and may be
 * delivered when {@link #serve} has passed it.
 *
 * <p>Owner: the store turn; finding a queue and reading its numbers is open to any thread.
 */
public final class QueueTable implements View, QueueNumbering {
  private final ConcurrentMap<String, ConcurrentMap<Integer, ConsumeQueue>> queuesByTopic =
      new ConcurrentHashMap<>();
  private final Queue<Unserved> unserved = new ArrayDeque<>();

  private record Unserved(long endPosition, ConsumeQueue queue, long endOffset) {}

  public Optional<ConsumeQueue> find(String topic, int queueId) {
    ConcurrentMap<Integer, ConsumeQueue> queues = queuesByTopic.get(topic);
    return queues == null ? Optional.empty() : Optional.ofNullable(queues.get(queueId));
  }

  /** The queues of a topic that hold or held something, by queue id. */
  public List<ConsumeQueue> of(String topic) {
    ConcurrentMap<Integer, ConsumeQueue> queues = queuesByTopic.get(topic);
    return queues == null
        ? List.of()
        : queues.values().stream().sorted(Comparator.comparingInt(ConsumeQueue::queueId)).toList();
  }

  @Override
  public long nextOffset(String topic, int queueId) {
    return find(topic, queueId).map(ConsumeQueue::nextOffset).orElse(0L);
  }

  @Override
  public void applyMessage(LoggedRecord record) {
    if (!isQueued(record.sysFlag())) {
      return;
    }
    ConsumeQueue queue =
        queuesByTopic
            .computeIfAbsent(record.topic(), topic -> new ConcurrentHashMap<>())
            .computeIfAbsent(record.queueId(), id -> new ConsumeQueue(record.topic(), id));
    queue.append(
        record.queueOffset(), new Entry(record.position(), record.sizeBytes(), tagsCodeOf(record)));
    unserved.add(new Unserved(record.endPosition(), queue, record.queueOffset() + 1));
  }

  @Override
  public void applyFact(SystemRecord fact, LoggedRecord record) {
    if (fact instanceof SystemRecord.TopicDeleted deleted) {
      queuesByTopic.remove(deleted.topic());
    }
  }

  /** Opens everything that ends at or before the position for delivery, then tells who waits. */
  public void serve(long servedPosition, ServedListener listener) {
    Set<ConsumeQueue> changed = new LinkedHashSet<>();
    Unserved next = unserved.peek();
    while (next != null && next.endPosition() <= servedPosition) {
      unserved.remove();
      next.queue().serve(next.endOffset());
      changed.add(next.queue());
      next = unserved.peek();
    }
    changed.forEach(listener::served);
  }

  /** Raw records with transaction bits 4 (prepared) or 12 (rollback) get no entry. */
  private static boolean isQueued(int sysFlag) {
    int transactionType = sysFlag & SysFlag.TRANSACTION_MASK;
    return transactionType == SysFlag.TRANSACTION_NONE
        || transactionType == SysFlag.TRANSACTION_COMMIT;
  }

  private static long tagsCodeOf(LoggedRecord record) {
    if (record.topic().equals(SystemTopics.SCHEDULE)) {
      return record.properties().get(PropertyNames.TIMER_OUT_MS).map(Long::parseLong).orElse(0L);
    }
    return record
        .properties()
        .get(PropertyNames.TAGS)
        .map(tags -> (long) tags.hashCode())
        .orElse(0L);
  }
}
