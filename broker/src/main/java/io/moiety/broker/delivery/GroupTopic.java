package io.moiety.broker.delivery;

import io.moiety.broker.filter.MessageFilter;
import io.moiety.broker.queue.ConsumeQueue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One group on one topic at run time: its queues, how many consumers and who waits for messages,
 * first come first served. Confined to the store turn.
 */
final class GroupTopic {
  private final String group;
  private final String topic;
  private MessageFilter subscription;
  private final Map<Integer, GroupQueue> queues = new HashMap<>();
  private final Set<Waiting> waiting = new LinkedHashSet<>();
  private int waitingInOrder;
  private int consumers;
  private int firstQueue;
  private boolean gone;

  /**
   * @param subscription what the group wants at all; other messages are passed over for good
   */
  GroupTopic(String group, String topic, MessageFilter subscription) {
    this.group = group;
    this.topic = topic;
    this.subscription = subscription;
  }

  String group() {
    return group;
  }

  String topic() {
    return topic;
  }

  MessageFilter subscription() {
    return subscription;
  }

  void subscription(MessageFilter newSubscription) {
    subscription = newSubscription;
  }

  Optional<GroupQueue> queue(int queueId) {
    return Optional.ofNullable(queues.get(queueId));
  }

  Collection<GroupQueue> queues() {
    return queues.values();
  }

  /** The queues in the order to look at them, each time beginning with another. */
  List<GroupQueue> inTurn(List<ConsumeQueue> stored, Ledgers ledgers) {
    List<GroupQueue> inTurn = new ArrayList<>(stored.size());
    for (int i = 0; i < stored.size(); i++) {
      inTurn.add(on(stored.get((firstQueue + i) % stored.size()), ledgers));
    }
    firstQueue = stored.isEmpty() ? 0 : (firstQueue + 1) % stored.size();
    return inTurn;
  }

  GroupQueue on(ConsumeQueue stored, Ledgers ledgers) {
    return queues.computeIfAbsent(
        stored.queueId(),
        queueId -> {
          LedgerKey key = new LedgerKey(group, topic, queueId);
          return new GroupQueue(this, key, ledgers.ledger(key), stored);
        });
  }

  /**
   * Messages that are there and not acknowledged, about: ranges above a floor are not taken off.
   */
  long unacknowledged() {
    long sum = 0;
    for (GroupQueue queue : queues.values()) {
      long floor = Math.max(queue.ledger().floor(), queue.queue().minOffset());
      sum += Math.max(0, queue.queue().servedOffset() - floor);
    }
    return sum;
  }

  /** Those who wait, in the order they came. */
  List<Waiting> waiting() {
    return List.copyOf(waiting);
  }

  boolean isAwaited() {
    return !waiting.isEmpty();
  }

  /** True when an acknowledgement may give somebody who waits more. */
  boolean isAwaitedInOrder() {
    return waitingInOrder > 0;
  }

  void add(Waiting newcomer) {
    waiting.add(newcomer);
    waitingInOrder += newcomer.isInOrder() ? 1 : 0;
  }

  /** False when it had been answered before. */
  boolean remove(Waiting ended) {
    boolean waited = waiting.remove(ended);
    waitingInOrder -= waited && ended.isInOrder() ? 1 : 0;
    return waited;
  }

  void consumerOpened() {
    consumers++;
  }

  void consumerClosed() {
    consumers--;
  }

  boolean hasConsumers() {
    return consumers > 0;
  }

  /** The group or the topic was deleted; whoever still knows this object has nothing any more. */
  void forgotten() {
    gone = true;
  }

  boolean isGone() {
    return gone;
  }

  @Override
  public String toString() {
    return "group " + group + " on topic " + topic;
  }
}
