package io.moiety.jms;

import io.moiety.client.AckSpan;
import io.moiety.client.Delivery;
import jakarta.jms.JMSException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Tells the broker how far the listeners of a session that acknowledges by itself have come, while
 * they go on. One acknowledgement is under way at a time; what listeners finish meanwhile goes with
 * the next, as one. So a broker that forces every acknowledgement does not hold up a listener, and
 * forces one for many messages when there are many.
 *
 * <p>What has not been confirmed is bounded: that much may be received again when client and broker
 * both end, or the client before it could write. {@link #settle} waits until nothing is left.
 *
 * <p>Separate from {@link Deliveries}, where every call is answered before the next. Thread-safe:
 * its lock protects everything; requests are put on their way under it, never waited for.
 */
final class ListenerProgress {

  /** Finished messages that may wait for an acknowledgement before a listener waits too. */
  private static final int MAX_BEHIND = 128;

  private final Object lock = new Object();
  private final Unacknowledged finished = new Unacknowledged();

  private @Nullable CompletableFuture<Void> underWay;
  private @Nullable Throwable failure;

  /** What a listener has and the broker does not count as delivered yet. */
  private @Nullable Runnable unannounced;

  /**
   * A listener is about to see a message. The broker counts it as delivered from now on, or, while
   * an acknowledgement is under way, from the answer on if the listener then still has it.
   */
  void given(Link.Consumer consumer, Delivery delivery) {
    synchronized (lock) {
      unannounced = () -> consumer.handedOver(delivery);
      if (underWay == null) {
        announce();
      }
    }
  }

  /**
   * A listener is done with messages.
   *
   * @throws JMSException when an earlier acknowledgement failed; what it was for, and these, are
   *     not acknowledged
   */
  void done(Link.Session session, List<AckSpan> spans) throws JMSException {
    CompletableFuture<Void> answer;
    synchronized (lock) {
      unannounced = null;
      throwFailure();
      finished.addAll(spans);
      send(session);
      answer = finished.count() < MAX_BEHIND ? null : underWay;
    }
    if (answer != null) {
      answer.join();
    }
  }

  /**
   * Waits until everything that is finished now has been acknowledged, or could not be: that of
   * which the answer is under way, and the rest, which goes behind it.
   */
  void settle() {
    awaitAnswer();
    awaitAnswer();
  }

  private void awaitAnswer() {
    CompletableFuture<Void> answer;
    synchronized (lock) {
      answer = underWay;
    }
    if (answer != null) {
      answer.join();
    }
  }

  /** All that was not acknowledged comes again, so nothing is owed any more. */
  void forget() {
    synchronized (lock) {
      finished.drain();
      failure = null;
    }
  }

  /**
   * @throws JMSException when an acknowledgement failed; once
   */
  void requireAcknowledged() throws JMSException {
    synchronized (lock) {
      throwFailure();
    }
  }

  /** With the lock held. */
  private void throwFailure() throws JMSException {
    Throwable reason = failure;
    failure = null;
    if (reason != null) {
      throw JmsExceptions.of("acknowledge the received messages", reason);
    }
  }

  /** With the lock held. */
  private void announce() {
    Runnable announcement = unannounced;
    unannounced = null;
    if (announcement != null) {
      announcement.run();
    }
  }

  /** With the lock held. */
  private void send(Link.Session session) {
    List<AckSpan> spans = underWay == null ? finished.drain() : List.of();
    if (!spans.isEmpty()) {
      CompletableFuture<Void> answer = new CompletableFuture<>();
      underWay = answer;
      session
          .acknowledge(spans, Optional.empty())
          .whenComplete(
              (done, refused) -> {
                answered(session, refused);
                answer.complete(null);
              });
    }
  }

  /** On a thread of the network. */
  private void answered(Link.Session session, @Nullable Throwable refused) {
    synchronized (lock) {
      underWay = null;
      if (refused == null) {
        send(session);
      } else {
        failure = refused;
        finished.drain();
      }
      announce();
    }
  }
}
