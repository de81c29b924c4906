package io.moiety.broker.delivery;

import java.util.Optional;

/** Opens and closes the consumers of sessions. Confined to the store turn. */
final class SessionConsumers {

  /** Of all sessions of a connection together. */
  private static final int MAX_PER_CONNECTION = 10_000;

  private final SessionTable sessions;
  private final GroupTopics groupTopics;
  private final GroupActivity activity;
  private final Admission admission;
  private final GroupReaders readers;
  private final DeliveryLimits limits;

  SessionConsumers(
      SessionTable sessions,
      GroupTopics groupTopics,
      GroupActivity activity,
      Admission admission,
      GroupReaders readers,
      DeliveryLimits limits) {
    this.sessions = sessions;
    this.groupTopics = groupTopics;
    this.activity = activity;
    this.admission = admission;
    this.readers = readers;
    this.limits = limits;
  }

  /** The consumer with this number; opened when the session has none yet. */
  Outcome<SessionConsumer> find(Session session, int consumer, String group, String topic) {
    Optional<SessionConsumer> known = session.consumer(consumer);
    if (known.isPresent()) {
      return known.get().isOpenOn(group, topic)
          ? new Outcome.Done<>(known.get())
          : new Outcome.Refused<>(
              Refusal.invalid(
                  "Consumer "
                      + consumer
                      + " of session "
                      + session.id()
                      + " is closed, or for another subscription ("
                      + known.get().groupTopic()
                      + "); use another number"));
    }
    Optional<Refusal> refusal = refuse(session, group, topic);
    if (refusal.isPresent()) {
      return new Outcome.Refused<>(refusal.get());
    }
    activity.unclaim(group, session.connectionId());
    return new Outcome.Done<>(session.open(consumer, groupTopics.open(group, topic)));
  }

  /** Refuses a consumer that waits already, and one whose session has too much. */
  Outcome<SessionConsumer> mayReceive(Session session, SessionConsumer consumer) {
    if (consumer.receive().isPresent()) {
      return new Outcome.Refused<>(
          Refusal.inUse(
              "Consumer "
                  + consumer.id()
                  + " of session "
                  + session.id()
                  + " waits for the answer to another receive; one at a time"));
    }
    if (session.leaseCount() >= limits.maxLeasesPerSession()) {
      return new Outcome.Refused<>(
          Refusal.limitReached(
              "Session "
                  + session.id()
                  + " has "
                  + session.leaseCount()
                  + " messages that are not acknowledged, which is the limit"));
    }
    return new Outcome.Done<>(consumer);
  }

  void close(SessionConsumer consumer) {
    consumer.close();
    activity.unclaim(consumer.groupTopic().group(), consumer.session().connectionId());
  }

  /** A consumer is closed that never received. */
  void closeUnknown(Session session) {
    activity.unclaimAll(session.connectionId());
  }

  private Optional<Refusal> refuse(Session session, String group, String topic) {
    if (session.consumerCount() >= limits.maxConsumersPerSession()) {
      return Optional.of(
          Refusal.limitReached(
              "Session "
                  + session.id()
                  + " has "
                  + session.consumerCount()
                  + " consumers, which is the limit"));
    }
    int ofConnection =
        sessions.of(session.connectionId()).stream().mapToInt(Session::consumerCount).sum();
    if (ofConnection >= MAX_PER_CONNECTION) {
      return Optional.of(
          Refusal.limitReached(
              "The sessions of this connection have "
                  + ofConnection
                  + " consumers, which is the limit: use several connections"));
    }
    return activity
        .refuseConsumer(group, session.connectionId())
        .or(() -> readers.refuseSession(group, topic, session.connectionId()))
        .or(() -> admission.refuseConsumer(group, topic));
  }
}
