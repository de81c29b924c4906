package io.moiety.broker.delivery;

import io.moiety.broker.queue.ConsumeQueue;
import io.moiety.broker.queue.Entry;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.retention.LiveRecords;
import io.moiety.broker.retention.LiveSet;
import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.store.GroupConfig;
import io.moiety.broker.topic.GroupTable;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SystemTopics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The messages that wait for a group which retains its topic: neither acknowledged by all such
 * groups, nor past their expiry. Leases and undecided branches change nothing here, since what they
 * have may come back.
 *
 * <p>Owner: the store turn.
 */
public final class RetainedMessages implements LiveRecords {
  private final GroupTable groups;
  private final QueueTable queues;
  private final Ledgers ledgers;
  private final BrokerClock clock;

  public RetainedMessages(
      GroupTable groups, QueueTable queues, Ledgers ledgers, BrokerClock clock) {
    this.groups = groups;
    this.queues = queues;
    this.ledgers = ledgers;
    this.clock = clock;
  }

  @Override
  public void addLive(long endPosition, LiveSet live) {
    groupsByTopic()
        .forEach(
            (topic, retaining) -> {
              for (ConsumeQueue queue : queues.of(topic)) {
                addLive(queue, ledgersOf(retaining, queue), endPosition, live);
              }
            });
  }

  /** Also no message of a topic that was deleted meanwhile, whose queue a copy would make again. */
  @Override
  public boolean isLive(RecordView record) {
    boolean isQueued =
        queues
            .find(record.topic(), record.queueId())
            .filter(queue -> record.queueOffset() < queue.nextOffset())
            .flatMap(queue -> queue.find(record.queueOffset()))
            .filter(entry -> entry.position() == record.position())
            .isPresent();
    return isQueued
        && (SystemTopics.isReserved(record.topic()) || !Pick.isExpired(record, clock.nowMillis()));
  }

  private Map<String, List<String>> groupsByTopic() {
    Map<String, List<String>> byTopic = new HashMap<>();
    for (GroupConfig group : groups.all()) {
      if (group.retains() && group.topic().isPresent()) {
        byTopic.computeIfAbsent(group.topic().get(), topic -> new ArrayList<>()).add(group.name());
      }
    }
    return byTopic;
  }

  private List<Ledger> ledgersOf(List<String> retaining, ConsumeQueue queue) {
    return retaining.stream()
        .map(group -> ledgers.known(new LedgerKey(group, queue.topic(), queue.queueId())))
        .toList();
  }

  /** Behind what was carried, entries are in log order, so the first beyond the end is the last. */
  private static void addLive(
      ConsumeQueue queue, List<Ledger> retaining, long endPosition, LiveSet live) {
    long offset = nextNeeded(queue, retaining, queue.minOffset());
    while (offset < queue.nextOffset() && !live.isFull()) {
      Optional<Entry> entry = queue.find(offset);
      boolean inside = entry.isPresent() && entry.get().position() < endPosition;
      if (inside) {
        live.add(entry.get().position(), entry.get().sizeBytes());
      } else if (entry.isPresent() && offset >= queue.carriedEndOffset()) {
        return;
      }
      offset = nextNeeded(queue, retaining, offset + 1);
    }
  }

  /** The first offset from {@code from} on that is there and that a group has not acknowledged. */
  private static long nextNeeded(ConsumeQueue queue, List<Ledger> retaining, long from) {
    long offset = queue.nextPresent(from);
    long open = nextUnacknowledged(retaining, offset);
    while (open != offset && offset < queue.nextOffset()) {
      offset = queue.nextPresent(Math.min(open, queue.nextOffset()));
      open = nextUnacknowledged(retaining, offset);
    }
    return offset;
  }

  private static long nextUnacknowledged(List<Ledger> retaining, long from) {
    return retaining.stream()
        .mapToLong(ledger -> ledger.nextUnacknowledged(from))
        .min()
        .orElse(Long.MAX_VALUE);
  }
}
