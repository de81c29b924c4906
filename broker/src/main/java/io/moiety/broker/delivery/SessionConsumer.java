package io.moiety.broker.delivery;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A consumer of a session, on one topic for one group. Confined to the store turn. */
final class SessionConsumer {
  private final int id;
  private final Session session;
  private final GroupTopic groupTopic;
  private final Set<SessionLease> leases = new LinkedHashSet<>();
  private Optional<SessionReceive> receive = Optional.empty();
  private boolean closed;

  SessionConsumer(int id, Session session, GroupTopic groupTopic) {
    this.id = id;
    this.session = session;
    this.groupTopic = groupTopic;
  }

  int id() {
    return id;
  }

  Session session() {
    return session;
  }

  GroupTopic groupTopic() {
    return groupTopic;
  }

  /** The one outstanding receive. */
  Optional<SessionReceive> receive() {
    return receive;
  }

  void receiveBegins(SessionReceive begun) {
    receive = Optional.of(begun);
  }

  void receiveEnded() {
    receive = Optional.empty();
  }

  boolean isClosed() {
    return closed;
  }

  /** True when this consumer may go on receiving from there. */
  boolean isOpenOn(String group, String topic) {
    return !closed && groupTopic.group().equals(group) && groupTopic.topic().equals(topic);
  }

  /** Takes no more messages; those handed over stay the session's. */
  void close() {
    if (!closed) {
      closed = true;
      groupTopic.consumerClosed();
      session.forgetIfDone(this);
    }
  }

  Collection<SessionLease> leases() {
    return leases;
  }

  /** A message that this consumer has. */
  Optional<Lease> lease(int queueId, long queueOffset) {
    return groupTopic
        .queue(queueId)
        .flatMap(queue -> queue.lease(queueOffset))
        .filter(lease -> lease instanceof SessionLease own && own.consumer() == this);
  }

  /** Those of the messages that this consumer has. */
  List<Lease> leases(Collection<QueueOffset> offsets) {
    return offsets.stream()
        .distinct()
        .flatMap(at -> lease(at.queueId(), at.queueOffset()).stream())
        .toList();
  }

  /** The messages that the application has not seen yet. */
  List<Lease> notHandedOver() {
    return leases.stream().filter(lease -> !lease.isHandedOver()).map(Lease.class::cast).toList();
  }

  void add(SessionLease lease) {
    leases.add(lease);
    session.leaseAdded();
  }

  void forget(SessionLease lease) {
    if (leases.remove(lease)) {
      session.leaseForgotten(this);
    }
  }
}
