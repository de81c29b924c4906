package io.moiety.broker.delivery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A consumer session: what was delivered to it stays its own until it is acknowledged, given back,
 * or the session ends. Confined to the store turn.
 */
final class Session {
  private final long id;
  private final long connectionId;
  private final Map<Integer, SessionConsumer> consumers = new HashMap<>();
  private int leases;

  Session(long id, long connectionId) {
    this.id = id;
    this.connectionId = connectionId;
  }

  long id() {
    return id;
  }

  long connectionId() {
    return connectionId;
  }

  Optional<SessionConsumer> consumer(int consumer) {
    return Optional.ofNullable(consumers.get(consumer));
  }

  int consumerCount() {
    return consumers.size();
  }

  SessionConsumer open(int consumer, GroupTopic groupTopic) {
    SessionConsumer opened = new SessionConsumer(consumer, this, groupTopic);
    consumers.put(consumer, opened);
    groupTopic.consumerOpened();
    return opened;
  }

  List<SessionConsumer> consumers() {
    return List.copyOf(consumers.values());
  }

  /** Everything that was delivered and is neither acknowledged nor taken by a branch. */
  List<Lease> allLeases() {
    List<Lease> all = new ArrayList<>(leases);
    consumers.values().forEach(consumer -> all.addAll(consumer.leases()));
    return all;
  }

  int leaseCount() {
    return leases;
  }

  void leaseAdded() {
    leases++;
  }

  void leaseForgotten(SessionConsumer consumer) {
    leases--;
    forgetIfDone(consumer);
  }

  /** A closed consumer is known until the last of its messages is dealt with. */
  void forgetIfDone(SessionConsumer consumer) {
    if (consumer.isClosed() && consumer.leases().isEmpty()) {
      consumers.remove(consumer.id(), consumer);
    }
  }
}
