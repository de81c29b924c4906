package io.moiety.jms;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.TRACE;

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

  private static final System.Logger LOGGER = System.getLogger(ResumingConsumer.class.getName());

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
      endLater(receive, null);
    } else {
      ask(open, receive);
    }
    return receive.received();
  }

  private void ask(Link.Consumer open, Receive receive) {
    CompletableFuture<List<Delivery>> answer;
    try {
      answer = open.receive(receive.maxMessages(), receive.leftMillis());
    } catch (IllegalStateException closedMeanwhile) {
      answer = CompletableFuture.failedFuture(closedMeanwhile);
    }
    answer.whenComplete((received, refused) -> answered(open, receive, received, refused));
  }

  /**
   * On a thread of the network.
   *
   * @param by who answered, perhaps after another took its place
   */
  private void answered(
      Link.Consumer by,
      Receive receive,
      @Nullable List<Delivery> received,
      @Nullable Throwable refused) {
    boolean isLost = isLost(by);
    if (isLost || (refused != null && isLoss(refused))) {
      endLater(receive, by);
    } else if (!take(receive)) {
      giveBack(received == null ? List.of() : received);
    } else if (received == null) {
      receive.received().completeExceptionally(refused);
    } else {
      receive.received().complete(session.withKnownRedeliveries(spec, received));
    }
  }

  private boolean isLost(Link.Consumer by) {
    synchronized (session) {
      return by != remote;
    }
  }

  /** Whoever asked for them wants them no more. */
  private void giveBack(List<Delivery> unwanted) {
    release(unwanted)
        .whenComplete(
            (done, refused) -> {
              if (refused != null) {
                LOGGER.log(DEBUG, "Messages stay leased to the end of their session", refused);
              }
            });
  }

  /** A receive that was not answered in time may have taken messages, so its connection ends. */
  private static boolean isLoss(Throwable refused) {
    Throwable cause = JmsExceptions.unwrap(refused);
    return cause instanceof ConnectionLostException || cause instanceof RequestTimeoutException;
  }

  /**
   * While there is no connection: found nothing when its time is over. So it is when the one that
   * could not answer is still there.
   */
  private void endLater(Receive receive, Link.@Nullable Consumer unable) {
    boolean definite = receive.waitMillis() == 0;
    long millis = definite ? session.requestTimeoutMillis() : receive.leftMillis();
    CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS)
        .execute(
            () -> {
              if (takeFrom(unable, receive)) {
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

  /** True for whoever may answer it, unless a connection that can is there. */
  private boolean takeFrom(Link.@Nullable Consumer unable, Receive receive) {
    synchronized (session) {
      return (remote == null || remote == unable) && take(receive);
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
    Link.Consumer from;
    synchronized (session) {
      from = leaser(delivery);
      session.handedOver(spec, delivery, from == null);
    }
    if (from != null) {
      from.handedOver(delivery);
    }
    if (LOGGER.isLoggable(TRACE)) {
      LOGGER.log(
          TRACE,
          "Handed over from {0} for {1}: queue {2}, offset {3}, delivery {4}",
          spec.topic(),
          spec.group(),
          delivery.queueId(),
          delivery.queueOffset(),
          delivery.deliveryCount());
    }
  }

  @Override
  public CompletableFuture<Void> release(List<Delivery> deliveries) {
    List<Delivery> leased;
    Link.Consumer from;
    synchronized (session) {
      from = remote;
      leased = deliveries.stream().filter(delivery -> leaser(delivery) != null).toList();
    }
    return from == null || leased.isEmpty()
        ? CompletableFuture.completedFuture(null)
        : ResumingSession.doneOrLost(from.release(leased));
  }

  /** With the session's monitor: null when the delivery went back with an earlier connection. */
  private Link.@Nullable Consumer leaser(Delivery delivery) {
    return delivery.consumer() == number ? remote : null;
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
