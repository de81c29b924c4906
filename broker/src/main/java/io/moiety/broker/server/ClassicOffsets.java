package io.moiety.broker.server;

import io.moiety.broker.delivery.GroupReaders;
import io.moiety.broker.delivery.Ledgers;
import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.queue.ConsumeQueue;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.store.DueWork;
import io.moiety.broker.store.GroupConfig;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.SystemRecord.CommittedOffset;
import io.moiety.broker.store.SystemRecord.GroupSet;
import io.moiety.broker.store.SystemRecord.OffsetsCommitted;
import io.moiety.broker.topic.GroupTable;
import io.moiety.broker.topic.TopicCreation;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where classic consumer groups are: the floor of their ledgers, or what they reported since. What
 * is reported goes to the log a few seconds later, see {@link PendingOffsets}.
 *
 * <p>Owner: the store turn.
 */
public final class ClassicOffsets implements DueWork {
  private static final Logger LOG = System.getLogger(ClassicOffsets.class.getName());

  private final PendingOffsets pending;
  private final PullPositions positions;
  private final Ledgers ledgers;
  private final GroupReaders readers;
  private final GroupTable groups;
  private final QueueTable queues;
  private final Journal journal;

  public ClassicOffsets(
      PendingOffsets pending,
      PullPositions positions,
      Ledgers ledgers,
      GroupReaders readers,
      GroupTable groups,
      QueueTable queues,
      Journal journal) {
    this.groups = groups;
    this.queues = queues;
    this.pending = pending;
    this.positions = positions;
    this.ledgers = ledgers;
    this.readers = readers;
    this.journal = journal;
  }

  /** The next offset that the group reads; empty when it never said. */
  OptionalLong find(String group, QueueKey queue) {
    OptionalLong reported = pending.find(group, queue.topic(), queue.queueId());
    return reported.isPresent()
        ? reported
        : ledgers.classicOffset(group, queue.topic(), queue.queueId());
  }

  /**
   * The group has come so far; one that is not known yet is made. An offset beyond the queue's end
   * is taken for the end, where a pull with it is sent anyway: kept as it is, it would count
   * messages as consumed that are still to come.
   *
   * @return why it cannot be, with the limit; empty when the offset is taken
   */
  Optional<String> commit(String group, QueueKey queue, long nextOffset, long nowMillis) {
    Optional<String> refusal =
        TopicCreation.refuseName(group)
            .or(() -> groups.refuse(group))
            .or(() -> ledgers.refuseQueue(group, queue.topic(), queue.queueId()));
    if (refusal.isPresent()) {
      return refusal;
    }
    if (positions.isReset(group, queue)) {
      return Optional.empty(); // The member does not know yet that it was put elsewhere.
    }
    if (groups.find(group).isEmpty()) {
      journal.record(new GroupSet(GroupConfig.plain(group)));
    }
    OptionalLong before = find(group, queue);
    long bounded = Math.min(nextOffset, endOf(queue));
    if (before.isEmpty() || before.getAsLong() != bounded) {
      pending.put(new CommittedOffset(group, queue.topic(), queue.queueId(), bounded), nowMillis);
    }
    return Optional.empty();
  }

  private long endOf(QueueKey queue) {
    return queues.find(queue.topic(), queue.queueId()).map(ConsumeQueue::servedOffset).orElse(0L);
  }

  /**
   * What the group's members reported of a topic goes to the log now, since somebody is about to
   * have leases who goes by the ledgers alone.
   */
  void settle(String group, String topic) {
    if (pending.has(group, topic)) {
      log();
    }
  }

  /**
   * Members have asked for leases: when they may have them, no other member pulls, and who is to be
   * put where the group was reset to goes by the ledgers.
   */
  void askedForLeases(String group, String topic) {
    if (readers.hasLeases(group, topic)) {
      positions.forgetResets(group, topic);
    }
  }

  /**
   * Puts the group elsewhere, whatever its members report: logged at once, in all of these queues
   * or in none, and each member that pulls is told with its next pull.
   *
   * @throws AppendRefusedException with nothing changed
   */
  void reset(String group, Map<QueueKey, Long> offsets) {
    List<CommittedOffset> all = new ArrayList<>();
    offsets.forEach(
        (queue, nextOffset) ->
            all.add(new CommittedOffset(group, queue.topic(), queue.queueId(), nextOffset)));
    if (all.isEmpty()) {
      return;
    }
    List<OffsetsCommitted> facts = new ArrayList<>();
    for (int from = 0; from < all.size(); from += PendingOffsets.MAX_PER_RECORD) {
      int end = Math.min(all.size(), from + PendingOffsets.MAX_PER_RECORD);
      facts.add(new OffsetsCommitted(List.copyOf(all.subList(from, end))));
    }
    journal.recordAll(facts);
    for (CommittedOffset moved : all) {
      pending.forget(moved);
      if (!readers.hasLeases(group, moved.topic())) {
        positions.reset(group, new QueueKey(moved.topic(), moved.queueId()), moved.nextOffset());
      }
    }
  }

  /**
   * A member pulls from here on. Remembered of groups that have an offset there: of the others
   * nobody is told how far they are, and any name can be one of them.
   */
  void pulled(String group, QueueKey queue, long queueOffset) {
    if (find(group, queue).isPresent()) {
      positions.pulled(group, queue, queueOffset);
    }
  }

  /** From where a member pulled last; empty when none did since the start. */
  OptionalLong pulledFrom(String group, QueueKey queue) {
    return positions.pulled(group, queue);
  }

  /** Where a pull is to be put since its group was reset, said once; mostly empty. */
  OptionalLong takeReset(String group, QueueKey queue, long pullOffset) {
    return positions.takeReset(group, queue, pullOffset);
  }

  /** The topics that the group has an offset of. */
  Set<String> topicsOf(String group) {
    Set<String> topics = new TreeSet<>(ledgers.topicsOf(group));
    topics.addAll(pending.topicsOf(group));
    return topics;
  }

  /** The groups that have an offset of the topic. */
  Set<String> groupsOn(String topic) {
    Set<String> names = new TreeSet<>(ledgers.groupsOn(topic));
    names.addAll(pending.groupsOn(topic));
    return names;
  }

  @Override
  public void run(long nowMillis) {
    if (pending.nextDueMillis() > nowMillis) {
      return;
    }
    try {
      log();
    } catch (AppendRefusedException refused) {
      LOG.log(
          Level.WARNING,
          "Offsets of classic groups cannot be logged now and will be tried again: {0}",
          refused.getMessage());
      pending.postpone(nowMillis);
    }
  }

  @Override
  public long nextDueMillis() {
    return pending.nextDueMillis();
  }

  /** Logs what is pending without waiting for its time, as before a stop. */
  public void log() {
    pending.drainTo(journal::record);
  }
}
