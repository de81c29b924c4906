package io.moiety.broker.delivery;

import io.moiety.broker.store.AckRange;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.View;
import io.moiety.protocol.SystemTopics;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The view of all ledgers. Rebuilt by replay, except for what undecided, unprepared branches hold:
 * a restart ends these branches, so their messages are free again.
 *
 * <p>Owner: the store turn.
 */
public final class Ledgers implements View {
  /**
   * How many there may be: groups and topics multiply, and each ledger is said again in every base.
   */
  static final int MAX_LEDGERS = 1_000_000;

  private final int maxLedgers;
  private final Map<LedgerKey, Ledger> ledgers = new HashMap<>();
  private LedgerListener listener = new NobodyListens();

  public Ledgers() {
    this(MAX_LEDGERS);
  }

  Ledgers(int maxLedgers) {
    this.maxLedgers = maxLedgers;
  }

  /**
   * Why a group may not come to a queue, with the limit; empty when it may, and when it has been
   * there before.
   */
  public Optional<String> refuse(String group, String topic, int queueId) {
    return ledgers.size() < maxLedgers || ledgers.containsKey(new LedgerKey(group, topic, queueId))
        ? Optional.empty()
        : Optional.of(
            "groups are on "
                + ledgers.size()
                + " queues, each counted for each of its groups; the limit is "
                + maxLedgers
                + ": delete groups that nobody needs");
  }

  /** Who is to hear of changes; at most one, before the first record at run time. */
  void listener(LedgerListener newListener) {
    listener = newListener;
  }

  /** The next offset that a group reads of a queue; empty when it never was there. */
  public OptionalLong classicOffset(String group, String topic, int queueId) {
    Ledger ledger = ledgers.get(new LedgerKey(group, topic, queueId));
    return ledger == null ? OptionalLong.empty() : ledger.classicOffset();
  }

  /** The topics that a group has come to. */
  public Set<String> topicsOf(String group) {
    Set<String> topics = new HashSet<>();
    ledgers.forEach(
        (key, ledger) -> {
          if (key.group().equals(group) && ledger.classicOffset().isPresent()) {
            topics.add(key.topic());
          }
        });
    return topics;
  }

  /** The groups that have come to a topic. */
  public Set<String> groupsOn(String topic) {
    Set<String> groups = new HashSet<>();
    ledgers.forEach(
        (key, ledger) -> {
          if (key.topic().equals(topic) && ledger.classicOffset().isPresent()) {
            groups.add(key.group());
          }
        });
    return groups;
  }

  /** True while an undecided branch has taken messages of the group. */
  public boolean isHeldByBranch(String group) {
    return ledgers.entrySet().stream()
        .anyMatch(entry -> entry.getKey().group().equals(group) && entry.getValue().holdsAny());
  }

  /** A branch takes messages provisionally: nobody gets them until it is decided. */
  public void hold(AckRange range, long incarnation) {
    ledger(LedgerKey.of(range)).hold(range.firstOffset(), range.lastOffset(), incarnation);
  }

  @Override
  public void sayFacts(Consumer<SystemRecord> base) {
    LedgerFacts facts = new LedgerFacts(base);
    ledgers.forEach(facts::say);
    facts.end();
  }

  @Override
  public void clearFacts() {
    ledgers.clear();
  }

  @Override
  public void applyMessage(LoggedRecord record) {
    if (SystemTopics.isDeadLetter(record.topic()) && !record.isCarried()) {
      DeadLetterMark.read(record.properties()).ifPresent(this::acknowledge);
    }
  }

  @Override
  public void applyFact(SystemRecord fact, LoggedRecord record) {
    if (fact instanceof SystemRecord.Acknowledged acknowledged) {
      acknowledged.ranges().forEach(this::acknowledge);
    } else if (fact instanceof SystemRecord.DeliveryCounted counted) {
      counted(counted);
    } else if (fact instanceof SystemRecord.OffsetsCommitted committed) {
      committed.offsets().forEach(this::moveTo);
    } else if (fact instanceof SystemRecord.BranchPrepared prepared) {
      prepared.acks().forEach(range -> hold(range, prepared.incarnation()));
    } else if (fact instanceof SystemRecord.BranchDecided decided) {
      decide(decided);
    } else if (fact instanceof SystemRecord.GroupDeleted deleted) {
      ledgers.keySet().removeIf(key -> key.group().equals(deleted.group()));
      listener.groupForgotten(deleted.group());
    } else if (fact instanceof SystemRecord.TopicDeleted deleted) {
      ledgers.keySet().removeIf(key -> key.topic().equals(deleted.topic()));
      listener.topicForgotten(deleted.topic());
    }
  }

  /** The ledger of a group on a queue, to be read; one that says nothing when there is none. */
  Ledger known(LedgerKey key) {
    Ledger ledger = ledgers.get(key);
    return ledger == null ? new Ledger() : ledger;
  }

  /** The ledger of a group on a queue; a new one when the group comes there first. */
  Ledger ledger(LedgerKey key) {
    return ledgers.computeIfAbsent(key, absent -> new Ledger());
  }

  /** As {@link Ledger#giveBack}: the count was raised by a record of its own. */
  void giveBack(AckRange range, long incarnation) {
    LedgerKey key = LedgerKey.of(range);
    ledger(key)
        .giveBack(range.firstOffset(), range.lastOffset(), incarnation)
        .ifPresent(lowest -> listener.wentBack(key, lowest));
  }

  /** What branches hold that are not prepared is in it too; a ledger that says nothing is not. */
  @Override
  public Map<LedgerKey, LedgerState> state() {
    LedgerState nothing = new Ledger().state();
    Map<LedgerKey, LedgerState> states = new HashMap<>();
    ledgers.forEach((key, ledger) -> states.put(key, ledger.state()));
    states.values().removeIf(nothing::equals);
    return states;
  }

  private void acknowledge(AckRange range) {
    LedgerKey key = LedgerKey.of(range);
    ledger(key).acknowledge(range.firstOffset(), range.lastOffset());
    listener.acknowledged(key);
  }

  private void counted(SystemRecord.DeliveryCounted counted) {
    Ledger ledger = ledger(new LedgerKey(counted.group(), counted.topic(), counted.queueId()));
    counted.countByQueueOffset().forEach(ledger::counted);
  }

  private void moveTo(SystemRecord.CommittedOffset offset) {
    LedgerKey key = new LedgerKey(offset.group(), offset.topic(), offset.queueId());
    ledger(key).moveTo(offset.nextOffset());
    listener.moved(key);
  }

  private void decide(SystemRecord.BranchDecided decided) {
    for (AckRange range : decided.acks()) {
      if (decided.decision().commits()) {
        acknowledge(range);
      } else {
        LedgerKey key = LedgerKey.of(range);
        ledger(key)
            .giveBackCounted(range.firstOffset(), range.lastOffset(), decided.incarnation())
            .ifPresent(lowest -> listener.wentBack(key, lowest));
      }
    }
  }

  /** During replay there is nobody to tell. */
  private static final class NobodyListens implements LedgerListener {
    @Override
    public void acknowledged(LedgerKey key) {}

    @Override
    public void wentBack(LedgerKey key, long lowestOffset) {}

    @Override
    public void moved(LedgerKey key) {}

    @Override
    public void groupForgotten(String group) {}

    @Override
    public void topicForgotten(String topic) {}
  }
}
