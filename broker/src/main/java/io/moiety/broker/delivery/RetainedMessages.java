package io.moiety.broker.delivery;

import io.moiety.broker.queue.ConsumeQueue;
import io.moiety.broker.queue.Entry;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.retention.LiveLook;
import io.moiety.broker.retention.LiveRecords;
import io.moiety.broker.retention.LiveSet;
import io.moiety.broker.snapshot.BlockDamagedException;
import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.store.GroupConfig;
import io.moiety.broker.topic.GroupTable;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SystemTopics;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
  /** About a millisecond of the turn, more where blocks of queues must be read. */
  private static final int LOOKED_AT_PER_RUN = 4_096;

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
  public LiveLook look(long endPosition) {
    Deque<QueueLook> open = new ArrayDeque<>();
    groupsByTopic()
        .forEach(
            (topic, retaining) -> {
              for (ConsumeQueue queue : queues.of(topic)) {
                open.add(new QueueLook(queue, ledgersOf(retaining, queue), endPosition));
              }
            });
    return live -> {
      int left = LOOKED_AT_PER_RUN;
      try {
        while (left > 0 && !open.isEmpty() && !live.isFull()) {
          left -= open.element().goOn(live, left);
          if (open.element().isDone()) {
            open.remove();
          }
        }
      } catch (BlockDamagedException | UncheckedIOException toldByTheFile) {
        live.cannotTell();
        return true;
      }
      return open.isEmpty();
    };
  }

  @Override
  public boolean needs(RecordView record) {
    return groups.all().stream()
            .filter(GroupConfig::retains)
            .filter(group -> group.topic().equals(Optional.of(record.topic())))
            .map(group -> new LedgerKey(group.name(), record.topic(), record.queueId()))
            .map(ledgers::known)
            .anyMatch(
                ledger -> ledger.nextUnacknowledged(record.queueOffset()) == record.queueOffset())
        && isLive(record);
  }

  /** Also no message of a topic that was deleted meanwhile, whose queue a copy would make again. */
  @Override
  public boolean isLive(RecordView record) {
    return isQueued(record)
        && (SystemTopics.isReserved(record.topic()) || !Pick.isExpired(record, clock.nowMillis()));
  }

  /** Also when a damaged block does not tell. */
  private boolean isQueued(RecordView record) {
    try {
      return queues
          .find(record.topic(), record.queueId())
          .filter(queue -> record.queueOffset() < queue.nextOffset())
          .flatMap(queue -> queue.find(record.queueOffset()))
          .filter(entry -> entry.position() == record.position())
          .isPresent();
    } catch (BlockDamagedException | UncheckedIOException toldByTheFile) {
      return true;
    }
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

  /** A look at the messages of one queue. */
  private static final class QueueLook {
    private final ConsumeQueue queue;
    private final List<Ledger> retaining;
    private final long endPosition;
    private long nextOffset;
    private boolean done;

    QueueLook(ConsumeQueue queue, List<Ledger> retaining, long endPosition) {
      this.queue = queue;
      this.retaining = retaining;
      this.endPosition = endPosition;
    }

    boolean isDone() {
      return done;
    }

    /**
     * Behind what was carried, entries are in log order, so the first beyond the end is the last.
     *
     * @return how many it has looked at, at least 1
     */
    int goOn(LiveSet live, int atMost) {
      int looked = 0;
      while (looked < atMost && !done && !live.isFull()) {
        looked++;
        long offset = nextNeeded(queue, retaining, nextOffset);
        Optional<Entry> entry = offset < queue.nextOffset() ? queue.find(offset) : Optional.empty();
        if (entry.isPresent() && entry.get().position() < endPosition) {
          live.add(entry.get().position(), entry.get().sizeBytes());
        } else {
          done = offset >= queue.carriedEndOffset() || offset >= queue.nextOffset();
        }
        nextOffset = offset + 1;
      }
      return Math.max(1, looked);
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
