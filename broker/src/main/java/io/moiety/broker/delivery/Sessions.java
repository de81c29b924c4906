package io.moiety.broker.delivery;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Consumer sessions of Jakarta Messaging: leases without a deadline, that last as long as the
 * connection is there and speaks. A session belongs to the connection that opened it; on any other
 * it is unknown.
 *
 * <p>Owner: the store turn.
 */
public final class Sessions {
  private static final Logger LOG = System.getLogger(Sessions.class.getName());

  private final SessionTable sessions;
  private final SessionConsumers consumers;
  private final Waiters waiters;
  private final Returns returns;
  private final DeliveryLimits limits;
  private final DueQueue<Long> silentConnections = new DueQueue<>();

  Sessions(
      SessionTable sessions,
      SessionConsumers consumers,
      Waiters waiters,
      Returns returns,
      DeliveryLimits limits) {
    this.sessions = sessions;
    this.consumers = consumers;
    this.waiters = waiters;
    this.returns = returns;
    this.limits = limits;
  }

  /** Silence after which a connection's sessions are dropped. */
  public long timeoutMillis() {
    return limits.sessionTimeoutMillis();
  }

  public Outcome<Long> open(long connectionId, long nowMillis) {
    int count = sessions.of(connectionId).size();
    if (count >= limits.maxSessionsPerConnection()) {
      return new Outcome.Refused<>(
          Refusal.limitReached(
              "The connection has " + count + " sessions, which is the limit; close some"));
    }
    Session session = sessions.open(connectionId);
    renewed(connectionId, nowMillis);
    return new Outcome.Done<>(session.id());
  }

  /** Everything that was delivered and not acknowledged goes back to its place. */
  public Optional<Refusal> close(long connectionId, long session) {
    return with(connectionId, session, this::drop);
  }

  /** The connection has spoken. */
  public void renewed(long connectionId, long nowMillis) {
    if (!sessions.of(connectionId).isEmpty()) {
      silentConnections.put(connectionId, nowMillis + limits.sessionTimeoutMillis());
    }
  }

  /**
   * Answers at once, or when there is something, or at the end of the wait.
   *
   * @throws io.moiety.broker.log.AppendRefusedException when the group would have to be made and
   *     the log takes nothing
   */
  public void receive(ReceiveRequest request, long nowMillis, ReceiveAnswer answer) {
    renewed(request.connectionId(), nowMillis);
    Outcome<SessionConsumer> outcome = receiver(request);
    if (outcome instanceof Outcome.Refused<SessionConsumer> refused) {
      answer.refused(refused.refusal());
    } else if (outcome instanceof Outcome.Done<SessionConsumer> done) {
      SessionReceive receive = receive(done.value(), request, nowMillis, answer);
      done.value().receiveBegins(receive);
      waiters.add(receive, nowMillis);
    }
  }

  /**
   * Makes a consumer known before its first receive, as a subscriber is active from its beginning.
   */
  public Optional<Refusal> openConsumer(
      long connectionId, long session, int consumer, String group, String topic) {
    Optional<Session> found = sessions.find(connectionId, session);
    if (found.isEmpty()) {
      return Optional.of(Refusal.unknownSession(session));
    }
    return consumers.find(found.get(), consumer, group, topic)
            instanceof Outcome.Refused<SessionConsumer> refused
        ? Optional.of(refused.refusal())
        : Optional.empty();
  }

  /**
   * The consumer wants no more: its waiting receive ends with nothing, what the application has not
   * seen goes back. An unknown consumer never received anything, so there is nothing to give back.
   */
  public Optional<Refusal> closeConsumer(long connectionId, long session, int consumer) {
    return with(
        connectionId,
        session,
        known ->
            known
                .consumer(consumer)
                .ifPresentOrElse(this::close, () -> consumers.closeUnknown(known)));
  }

  private void close(SessionConsumer consumer) {
    consumer.receive().ifPresent(waiters::cancel);
    returns.giveBack(consumer.notHandedOver());
    consumers.close(consumer);
  }

  /** The application is about to see these messages. Those that are not leased are passed over. */
  public void handedOver(
      long connectionId, long session, int consumer, Collection<QueueOffset> offsets) {
    sessions
        .find(connectionId, session)
        .flatMap(known -> known.consumer(consumer))
        .ifPresent(known -> known.leases(offsets).forEach(Lease::handOver));
  }

  /** Gives back what the application has not seen, uncounted; what it has seen stays. */
  public Optional<Refusal> release(
      long connectionId, long session, int consumer, Collection<QueueOffset> offsets) {
    return withConsumer(
        connectionId,
        session,
        consumer,
        known ->
            returns.giveBack(
                known.leases(offsets).stream().filter(lease -> !lease.isHandedOver()).toList()));
  }

  /** As {@link #release} for all that the consumer has and the application has not seen. */
  public Optional<Refusal> releaseAll(long connectionId, long session, int consumer) {
    return withConsumer(
        connectionId, session, consumer, known -> returns.giveBack(known.notHandedOver()));
  }

  /** Everything that is not acknowledged goes back to its place; what was seen is counted. */
  public Optional<Refusal> recover(long connectionId, long session) {
    return with(connectionId, session, known -> returns.giveBack(known.allLeases()));
  }

  void connectionLost(long connectionId) {
    silentConnections.remove(connectionId);
    sessions.of(connectionId).forEach(this::drop);
  }

  /** Drops the sessions of connections that were silent for too long. */
  void advance(long nowMillis) {
    Optional<Long> silent = silentConnections.pollDue(nowMillis);
    while (silent.isPresent()) {
      LOG.log(
          Level.WARNING,
          "Connection "
              + silent.get()
              + " was silent for "
              + limits.sessionTimeoutMillis()
              + " ms; its sessions are dropped, and what they have not acknowledged goes to others");
      connectionLost(silent.get());
      silent = silentConnections.pollDue(nowMillis);
    }
  }

  long nextDueMillis() {
    return silentConnections.nextDueMillis();
  }

  private void drop(Session session) {
    sessions.remove(session);
    if (sessions.of(session.connectionId()).isEmpty()) {
      silentConnections.remove(session.connectionId());
    }
    List<SessionConsumer> known = session.consumers();
    known.forEach(consumer -> consumer.receive().ifPresent(waiters::cancel));
    returns.giveBack(session.allLeases());
    known.forEach(consumers::close);
  }

  private Outcome<SessionConsumer> receiver(ReceiveRequest request) {
    Optional<Session> session = sessions.find(request.connectionId(), request.session());
    if (session.isEmpty()) {
      return new Outcome.Refused<>(Refusal.unknownSession(request.session()));
    }
    if (request.maxMessages() < 1 || request.maxBytes() < 1) {
      return new Outcome.Refused<>(
          Refusal.invalid(
              "maxMessages "
                  + request.maxMessages()
                  + " and maxBytes "
                  + request.maxBytes()
                  + " must be at least 1"));
    }
    Outcome<SessionConsumer> consumer =
        consumers.find(session.get(), request.consumer(), request.group(), request.topic());
    return consumer instanceof Outcome.Done<SessionConsumer> done
        ? consumers.mayReceive(session.get(), done.value())
        : consumer;
  }

  private SessionReceive receive(
      SessionConsumer consumer, ReceiveRequest request, long nowMillis, ReceiveAnswer answer) {
    int room = limits.maxLeasesPerSession() - consumer.session().leaseCount();
    int atMost = Math.min(room, limits.maxMessagesPerReceive());
    return new SessionReceive(
        consumer,
        request.filter(),
        Math.min(request.maxMessages(), atMost),
        Math.min(request.maxBytes(), limits.maxBytesPerReceive()),
        request.maxDeliveries(),
        nowMillis + limits.waitMillis(request.waitMillis()),
        request.handOver(),
        answer);
  }

  private Optional<Refusal> with(long connectionId, long session, Consumer<Session> action) {
    Optional<Session> found = sessions.find(connectionId, session);
    found.ifPresent(action);
    return found.isPresent() ? Optional.empty() : Optional.of(Refusal.unknownSession(session));
  }

  private Optional<Refusal> withConsumer(
      long connectionId, long session, int consumer, Consumer<SessionConsumer> action) {
    return with(connectionId, session, known -> known.consumer(consumer).ifPresent(action));
  }
}
