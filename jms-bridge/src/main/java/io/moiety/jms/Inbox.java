package io.moiety.jms;

import io.moiety.client.BrokerException;
import io.moiety.client.ConsumerSpec;
import io.moiety.client.Delivery;
import jakarta.jms.JMSException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A consumer's messages between broker and application, fetched ahead for a listener and for
 * receives that follow each other closely. They are leased to the session but not counted as
 * delivered before {@link #handedOver}.
 *
 * <p>Guarded by the lock of the session's {@link DeliveryGate}.
 */
final class Inbox {

  private static final System.Logger LOGGER = System.getLogger(Inbox.class.getName());

  /** How long the broker holds a request; a longer wait is several of them. */
  private static final long MAX_WAIT_MILLIS = 20_000;

  static final long BUSY_PAUSE_MILLIS = 200;

  private final DeliveryGate gate;
  private final Deliveries deliveries;
  private final Link.Session session;
  private final ConsumerSpec spec;
  private final Clock clock;
  private final FetchedMessages fetched;
  private final FetchAhead ahead = new FetchAhead(System.nanoTime());
  private final ReceiveAhead receiveAhead;
  private Link.Consumer consumer;

  private boolean outstanding;

  /** True when the outstanding request was made for a listener, so that it may wait for long. */
  private boolean outstandingForListener;

  private boolean awaited;
  private boolean hasListener;
  private boolean closed;

  /** Messages that were taken and are not yet done with, as the gate counts those of all. */
  private int busy;

  private @Nullable Throwable failure;

  /** A broker that could give nothing for the moment is not asked again before. */
  private Deadline pausedUntil = Deadline.now();

  /**
   * @param mostForReceives may be asked for by one receive
   */
  Inbox(
      DeliveryGate gate,
      Deliveries deliveries,
      Link.Session session,
      ConsumerSpec spec,
      int mostForReceives,
      Clock clock) {
    this.gate = gate;
    this.deliveries = deliveries;
    this.session = session;
    this.spec = spec;
    fetched = new FetchedMessages(gate, session, this::isWanted);
    receiveAhead = new ReceiveAhead(mostForReceives);
    this.clock = clock;
    this.consumer = session.openConsumer(spec);
  }

  /**
   * The next message for a receive; the gate is then entered. Null when there was none up to the
   * deadline, and when consumer or session are closed. Whether there is none is the broker's
   * definite answer.
   */
  @Nullable Delivery await(Deadline deadline) throws JMSException {
    gate.lock();
    awaited = true;
    try {
      return awaitLocked(deadline);
    } catch (InterruptedException interrupted) {
      abandonRequest();
      Thread.currentThread().interrupt();
      throw JmsExceptions.of("receive a message; the thread was interrupted", interrupted);
    } finally {
      awaited = false;
      fetched.wantedNoMore();
      gate.unlock();
    }
  }

  /** With the lock held: whether somebody takes what was fetched as soon as it can be taken. */
  private boolean isWanted() {
    return gate.isStarted() && (awaited || hasListener);
  }

  /** Whether a receive waits for a message. */
  boolean isAwaited() {
    gate.lock();
    try {
      return awaited;
    } finally {
      gate.unlock();
    }
  }

  private @Nullable Delivery awaitLocked(Deadline deadline)
      throws JMSException, InterruptedException {
    boolean answered = false;
    while (!closed && !gate.isClosed()) {
      if (!gate.isStarted()) {
        if (deadline.hasPassed()) {
          abandonRequest();
          return null;
        }
        fetched.wantedNoMore();
        gate.await(deadline);
        continue;
      }
      Delivery next = poll();
      if (next != null) {
        enter();
        return next;
      }
      throwFailure();
      if (outstanding && outstandingForListener && isNothingAtHand()) {
        abandonRequest();
      } else if (outstanding) {
        gate.await();
      } else if (isPaused()) {
        gate.await(pausedUntil);
      } else if (answered && deadline.hasPassed()) {
        return null;
      } else {
        outstandingForListener = false;
        ask(receiveAhead.toAskFor(System.nanoTime()), deadline.remainingMillis(MAX_WAIT_MILLIS));
        answered = true;
      }
    }
    return null;
  }

  /**
   * With the lock held: the next message for a listener, the gate then being entered; null when
   * there is none yet.
   *
   * @param most may be held ahead
   */
  @Nullable Delivery pollForListener(int most) {
    if (closed) {
      return null;
    }
    hasListener = true;
    Delivery next = poll();
    boolean mayAsk = !outstanding && failure == null && !isPaused();
    int wanted = mayAsk ? ahead.toAskFor(fetched.size(), most, System.nanoTime()) : 0;
    if (wanted > 0) {
      outstandingForListener = true;
      ask(wanted, MAX_WAIT_MILLIS);
      // The answer may be here by now, and nobody is signalled a second time.
      next = next == null ? poll() : next;
    }
    if (next != null) {
      ahead.took();
      enter();
    }
    return next;
  }

  /**
   * What was fetched for the listener, and what still comes for it, is given back unless receives
   * take it.
   */
  void hasNoListener() {
    gate.lock();
    try {
      hasListener = false;
      fetched.wantedNoMore();
    } finally {
      gate.unlock();
    }
  }

  /** With the lock held: the session was stopped, so its listener takes nothing. */
  void stopped() {
    fetched.wantedNoMore();
  }

  /**
   * With the lock held: whether nobody has a message that was taken and is not handed over. The
   * listener who calls has its own.
   */
  private boolean isNothingAtHand() {
    return busy == 0 || gate.isInListener();
  }

  private void enter() {
    busy++;
    gate.enter();
  }

  /** What was taken last is done with: its listener has returned, or its receive is about to. */
  void leave() {
    gate.lock();
    try {
      busy--;
      gate.leave();
    } finally {
      gate.unlock();
    }
  }

  /** With the lock held: whether it has to be looked at again although nothing is signalled. */
  boolean isPaused() {
    return !pausedUntil.hasPassed();
  }

  /** With the lock held: why nothing more comes, once. */
  @Nullable Throwable takeFailure() {
    Throwable taken = failure;
    failure = null;
    return taken;
  }

  /** The application is about to see it. */
  void handedOver(Delivery delivery) {
    gate.lock();
    try {
      deliveries.seen(delivery);
      consumer.handedOver(delivery);
    } finally {
      gate.unlock();
    }
  }

  /**
   * The application did not take it: it is the next again, or the broker's if its connection was
   * lost meanwhile.
   */
  void putBack(Delivery delivery) {
    gate.lock();
    try {
      fetched.putBack(delivery);
    } finally {
      gate.unlock();
    }
  }

  /**
   * Drops what was fetched, and has the broker take it back. Later answers to an earlier request go
   * nowhere.
   */
  CompletableFuture<Void> renew() {
    gate.lock();
    try {
      failure = null;
      if (closed || (fetched.size() == 0 && !outstanding)) {
        return CompletableFuture.completedFuture(null);
      }
      Link.Consumer former = consumer;
      consumer = session.openConsumer(spec);
      outstanding = false;
      fetched.drop();
      gate.signal();
      return former.close();
    } finally {
      gate.unlock();
    }
  }

  /** What was fetched went back with a lost connection; a request that waits goes on waiting. */
  void lost() {
    gate.lock();
    try {
      fetched.drop();
    } finally {
      gate.unlock();
    }
  }

  /**
   * Ends a waiting receive, waits for the message at hand, but not on its listener's own thread,
   * and gives back what was fetched.
   */
  CompletableFuture<Void> close() {
    gate.lock();
    try {
      if (closed) {
        return CompletableFuture.completedFuture(null);
      }
      closed = true;
      gate.signal();
      while (busy > 0 && !gate.isInListener()) {
        gate.awaitUninterruptibly();
      }
      fetched.drop();
      return consumer.close();
    } finally {
      gate.unlock();
    }
  }

  /**
   * With the lock held: nobody waits for the answer any more, so what it brings must not be kept
   * from others.
   */
  private void abandonRequest() {
    if (outstanding) {
      renew().whenComplete(Inbox::released);
    }
  }

  private @Nullable Delivery poll() {
    for (Delivery next = fetched.poll(); next != null; next = fetched.poll()) {
      long expirationMillis = MessageDecoder.expirationMillis(next.record());
      if (expirationMillis == 0 || expirationMillis > clock.millis()) {
        return next;
      }
      discard(next);
    }
    return null;
  }

  /** What could not be acknowledged is the broker's again, which passes over it too. */
  private void discard(Delivery expired) {
    Link.Consumer from = consumer;
    deliveries
        .discard(expired)
        .whenComplete(
            (done, refused) -> {
              if (refused != null) {
                from.release(List.of(expired)).whenComplete(Inbox::released);
              }
            });
  }

  private static void released(@Nullable Void done, @Nullable Throwable refused) {
    if (refused != null) {
      LOGGER.log(
          System.Logger.Level.DEBUG,
          "A message that nobody takes stays leased to its session, to the end of that",
          refused);
    }
  }

  private void throwFailure() throws JMSException {
    Throwable reason = takeFailure();
    if (reason != null) {
      throw JmsExceptions.of("receive a message", reason);
    }
  }

  private void ask(int maxMessages, long waitMillis) {
    outstanding = true;
    Link.Consumer from = consumer;
    from.receive(maxMessages, waitMillis)
        .whenComplete((received, refused) -> arrived(from, received, refused));
  }

  /** On a thread of the network. */
  private void arrived(
      Link.Consumer from, @Nullable List<Delivery> received, @Nullable Throwable refused) {
    gate.lock();
    try {
      if (from != consumer || closed) {
        return;
      }
      outstanding = false;
      if (refused != null && isPassing(refused)) {
        pausedUntil = Deadline.afterMillis(BUSY_PAUSE_MILLIS);
      } else {
        failure = refused;
      }
      if (received != null) {
        receiveAhead.arrived(received.size());
        fetched.add(from, received);
      }
      gate.signal();
    } finally {
      gate.unlock();
    }
  }

  /** A broker that cannot give anything at the moment is asked again after a pause. */
  private static boolean isPassing(Throwable refused) {
    return JmsExceptions.unwrap(refused) instanceof BrokerException broker
        && JmsExceptions.isPassing(broker.code());
  }
}
