package io.moiety.jms;

import io.moiety.client.ConnectionLostException;
import io.moiety.client.ConsumerSpec;
import io.moiety.client.Delivery;
import io.moiety.client.RequestTimeoutException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A consumer that is opened again with its session after a loss. A receive that was under way goes
 * on waiting; in the meantime it ends as one that found nothing when its time is over.
 *
 * <p>Guarded by its {@link ResumingSession}'s monitor, without which futures are completed.
 */
final class ResumingConsumer implements Link.Consumer {

  private final ResumingSession session;
  private final ConsumerSpec spec;
  private Link.@Nullable Consumer remote;

  /** Of {@link #remote}: whose deliveries are still the session's. */
  private int number;

  private @Nullable Receive waiting;

  /** Whom the waiting receive was asked of. */
  private Link.@Nullable Consumer asked;

  private @Nullable Throwable failure;

  /** A receive of the application's side, over as many connections as it takes. */
  private record Receive(
      int maxMessages, long waitMillis, long atNanos, CompletableFuture<List<Delivery>> received) {

    /** Whoever asked for a definite answer gets one. */
    long leftMillis() {
      long passedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - atNanos);
      return waitMillis == 0 ? 0 : Math.max(1, waitMillis - passedMillis);
    }
  }

  ResumingConsumer(ResumingSession session, ConsumerSpec spec) {
    this.session = session;
    this.spec = spec;
  }

  ConsumerSpec spec() {
    return spec;
  }

  /** With the session's monitor. */
  int number() {
    return number;
  }

  @Override
  public CompletableFuture<List<Delivery>> receive(int maxMessages, long waitMillis) {
    Receive receive =
        new Receive(maxMessages, waitMillis, System.nanoTime(), new CompletableFuture<>());
    Link.Consumer open;
    synchronized (session) {
      if (failure != null) {
        return CompletableFuture.failedFuture(failure);
      }
      waiting = receive;
      open = remote;
      asked = open;
    }
    if (open == null) {
      endLater(receive);
    } else {
      ask(open, receive);
    }
    return receive.received();
  }

  private void ask(Link.Consumer open, Receive receive) {
    open.receive(receive.maxMessages(), receive.leftMillis())
        .whenComplete((received, refused) -> answered(receive, received, refused));
  }

  /** On a thread of the network. */
  private void answered(
      Receive receive, @Nullable List<Delivery> received, @Nullable Throwable refused) {
    if (refused != null && isLoss(refused)) {
      endLater(receive);
    } else if (take(receive)) {
      if (received == null) {
        receive.received().completeExceptionally(refused);
      } else {
        receive.received().complete(session.withKnownRedeliveries(spec, received));
      }
    }
  }

  /** A receive that was not answered in time may have taken messages, so its connection ends. */
  private static boolean isLoss(Throwable refused) {
    Throwable cause = JmsExceptions.unwrap(refused);
    return cause instanceof ConnectionLostException || cause instanceof RequestTimeoutException;
  }

  /** While there is no connection: found nothing when its time is over. */
  private void endLater(Receive receive) {
    boolean definite = receive.waitMillis() == 0;
    long millis = definite ? session.requestTimeoutMillis() : receive.leftMillis();
    CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS)
        .execute(
            () -> {
              if (isDisconnected() && take(receive)) {
                if (definite) {
                  receive
                      .received()
                      .completeExceptionally(
                          new LinkLostException(
                              "the broker could not be asked, since the connection to it was lost and is"
                                  + " not made again yet"));
                } else {
                  receive.received().complete(List.of());
                }
              }
            });
  }

  private boolean isDisconnected() {
    synchronized (session) {
      return remote == null;
    }
  }

  /** True for whoever may answer it. */
  private boolean take(Receive receive) {
    synchronized (session) {
      boolean mine = receive.equals(waiting);
      if (mine) {
        waiting = null;
      }
      return mine;
    }
  }

  @Override
  public void handedOver(Delivery delivery) {
    Link.Consumer from = leaser(delivery);
    if (from != null) {
      from.handedOver(delivery);
    }
  }

  @Override
  public CompletableFuture<Void> release(Delivery delivery) {
    Link.Consumer from = leaser(delivery);
    return from == null
        ? CompletableFuture.completedFuture(null)
        : ResumingSession.doneOrLost(from.release(delivery));
  }

  /** Null when the delivery went back with an earlier connection. */
  private Link.@Nullable Consumer leaser(Delivery delivery) {
    synchronized (session) {
      return delivery.consumer() == number ? remote : null;
    }
  }

  @Override
  public CompletableFuture<Void> close() {
    Link.Consumer open;
    Receive ended;
    synchronized (session) {
      session.forget(this);
      open = remote;
      ended = waiting;
      waiting = null;
    }
    if (ended != null) {
      ended.received().complete(List.of());
    }
    return open == null
        ? CompletableFuture.completedFuture(null)
        : ResumingSession.doneOrLost(open.close());
  }

  /** With the session's monitor: the connection is lost. */
  void lost() {
    remote = null;
  }

  /** With the session's monitor: it receives by this one from now on. */
  void resume(Link.Consumer opened, int openedNumber) {
    remote = opened;
    number = openedNumber;
  }

  /** Asks again, without the monitor. */
  void goOn() {
    Link.Consumer open;
    Receive receive;
    synchronized (session) {
      open = remote == asked ? null : remote;
      receive = waiting;
      asked = remote;
    }
    if (open != null && receive != null) {
      ask(open, receive);
    }
  }

  /** It cannot be opened again, or no connection comes any more. */
  void fail(Throwable cause) {
    Receive ended;
    synchronized (session) {
      failure = cause;
      ended = waiting;
      waiting = null;
    }
    if (ended != null) {
      ended.received().completeExceptionally(cause);
    }
  }
}
