package io.moiety.broker.delivery;

import io.moiety.broker.store.AckRange;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.View;
import io.moiety.broker.topic.ByGroupAndTopic;
import io.moiety.protocol.SystemTopics;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;

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
  private final ByGroupAndTopic<Map<Integer, Ledger>> ledgers = new ByGroupAndTopic<>();
  private int count;
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
  public Optional<String> refuseQueue(String group, String topic, int queueId) {
    return count < maxLedgers || find(new LedgerKey(group, topic, queueId)).isPresent()
        ? Optional.empty()
        : Optional.of(refusal());
  }

  /**
   * Why a group may not come to a topic with so many queues; empty when it may, and when it is on
   * one of them, since a group that is at work must not be stopped by those who come later.
   */
  public Optional<String> refuseTopic(String group, String topic, int queues) {
    return count <= maxLedgers - queues || ledgers.find(group, topic).isPresent()
        ? Optional.empty()
        : Optional.of(refusal());
  }

  private String refusal() {
    return "groups are on "
        + count
        + " queues, each counted for each of its groups; the limit is "
        + maxLedgers
        + ": delete groups that nobody needs";
  }

  /** Who is to hear of changes; at most one, before the first record at run time. */
  void listener(LedgerListener newListener) {
    listener = newListener;
  }

  /** The next offset that a group reads of a queue; empty when it never was there. */
  public OptionalLong classicOffset(String group, String topic, int queueId) {
    return find(new LedgerKey(group, topic, queueId))
        .map(Ledger::classicOffset)
        .orElse(OptionalLong.empty());
  }

  /** The topics that a group has come to. */
  public Set<String> topicsOf(String group) {
    return ledgers.ofGroup(group).entrySet().stream()
        .filter(onTopic -> hasOffset(onTopic.getValue()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** The groups that have come to a topic. */
  public Set<String> groupsOn(String topic) {
    return ledgers.groupsOn(topic).stream()
        .filter(group -> hasOffset(ofTopic(group, topic)))
        .collect(Collectors.toSet());
  }

  private static boolean hasOffset(Map<Integer, Ledger> ofTopic) {
    return ofTopic.values().stream().anyMatch(ledger -> ledger.classicOffset().isPresent());
  }

  /** True while an undecided branch has taken messages of the group. */
  public boolean isHeldByBranch(String group) {
    return ledgers.ofGroup(group).values().stream()
        .flatMap(ofTopic -> ofTopic.values().stream())
        .anyMatch(Ledger::holdsAny);
  }

  /** A branch takes messages provisionally: nobody gets them until it is decided. */
  public void hold(AckRange range, long incarnation) {
    ledger(LedgerKey.of(range)).hold(range.firstOffset(), range.lastOffset(), incarnation);
  }

  @Override
  public void sayFacts(Consumer<SystemRecord> base) {
    LedgerFacts facts = new LedgerFacts(base);
    forEach(facts::say);
    facts.end();
  }

  @Override
  public void clearFacts() {
    ledgers.clear();
    count = 0;
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
      count -= ledgers.ofGroup(deleted.group()).values().stream().mapToInt(Map::size).sum();
      ledgers.removeGroup(deleted.group());
      listener.groupForgotten(deleted.group());
    } else if (fact instanceof SystemRecord.TopicDeleted deleted) {
      String topic = deleted.topic();
      count -=
          ledgers.groupsOn(topic).stream().mapToInt(group -> ofTopic(group, topic).size()).sum();
      ledgers.removeTopic(topic);
      listener.topicForgotten(deleted.topic());
    }
  }

  /** The ledger of a group on a queue, to be read; one that says nothing when there is none. */
  Ledger known(LedgerKey key) {
    return find(key).orElseGet(Ledger::new);
  }

  private Optional<Ledger> find(LedgerKey key) {
    return Optional.ofNullable(ofTopic(key.group(), key.topic()).get(key.queueId()));
  }

  private Map<Integer, Ledger> ofTopic(String group, String topic) {
    return ledgers.find(group, topic).orElse(Map.of());
  }

  /** The ledger of a group on a queue; a new one when the group comes there first. */
  Ledger ledger(LedgerKey key) {
    return ledgers
        .findOrAdd(key.group(), key.topic(), TreeMap::new)
        .computeIfAbsent(
            key.queueId(),
            added -> {
              count++;
              return new Ledger();
            });
  }

  private void forEach(BiConsumer<LedgerKey, Ledger> visitor) {
    ledgers.forEach(
        (group, topic, ofTopic) ->
            ofTopic.forEach(
                (queueId, ledger) -> visitor.accept(new LedgerKey(group, topic, queueId), ledger)));
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
    forEach((key, ledger) -> states.put(key, ledger.state()));
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
