package io.moiety.ra.inbound;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.WARNING;

import io.moiety.jms.spi.InboundMessage;
import io.moiety.jms.spi.InboundReceiver;
import io.moiety.ra.work.ContainerTasks;
import jakarta.jms.JMSException;
import jakarta.jms.ResourceAllocationException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Gives messages to a bean, one after the other. It has a thread of the server's only while there
 * are messages: it waits for the next one a moment with its thread and then without, and so it
 * waits before it gives one again that failed.
 *
 * <p>Its steps follow one another, each started by the one before; only {@link Reception} and
 * {@link EndpointCalls} count across workers.
 */
final class EndpointWorker {

  private static final System.Logger LOGGER = System.getLogger(EndpointWorker.class.getName());

  /**
   * Long enough for the next message of a busy queue, short enough not to keep a thread from
   * others.
   */
  private static final long KEEP_THREAD_MILLIS = 100;

  /** How long the broker holds a request for which it has nothing. */
  private static final long WAIT_MILLIS = 20_000;

  /** Longer waits are not worth keeping messages from others that were fetched ahead. */
  private static final long KEEP_AHEAD_MILLIS = 1_000;

  private static final long MIN_PAUSE_MILLIS = 500;
  private static final long MAX_PAUSE_MILLIS = 30_000;

  /** After so many in a row the connection is made anew, with its subscription. */
  private static final int MAX_REFUSALS = 5;

  private final Reception reception;
  private final InboundReceiver receiver;
  private final EndpointCalls calls;
  private final ContainerTasks tasks;
  private final RetryDelay pause = new RetryDelay(MIN_PAUSE_MILLIS, MAX_PAUSE_MILLIS);
  private int refusals;

  EndpointWorker(
      Reception reception, InboundReceiver receiver, EndpointCalls calls, ContainerTasks tasks) {
    this.reception = reception;
    this.receiver = receiver;
    this.calls = calls;
    this.tasks = tasks;
  }

  /** Waits for a message without a thread. */
  void listen() {
    if (reception.isOpen() && !calls.holds(this::listen)) {
      await(receiver.next(WAIT_MILLIS));
    }
  }

  private void await(CompletableFuture<Optional<InboundMessage>> next) {
    next.whenComplete(
        (message, failure) -> {
          if (failure == null) {
            arrived(message);
          } else {
            refused(failure);
          }
        });
  }

  /** On a thread of the network. */
  private void arrived(Optional<InboundMessage> message) {
    refusals = 0;
    if (message.isPresent()) {
      workLater(message.get());
    } else {
      listen();
    }
  }

  /**
   * What was fetched behind a message that has to wait long is for others meanwhile, unless the
   * bean wants all in order.
   */
  private void workLater(InboundMessage message) {
    long delayMillis = calls.delayMillis(message);
    if (delayMillis >= KEEP_AHEAD_MILLIS && !calls.isInOrder()) {
      giveBackAhead();
    }
    tasks.executeAfter(delayMillis, () -> work(message));
  }

  /**
   * A broker that is busy, or a message that cannot be read, is no reason to give up a connection
   * over which other instances are at work.
   */
  private void refused(Throwable failure) {
    Throwable cause = failure.getCause();
    Throwable reason = cause == null || failure instanceof JMSException ? failure : cause;
    if (!reception.isConnected()) {
      reception.failed(reason);
      return;
    }
    refusals = reason instanceof ResourceAllocationException ? 0 : refusals + 1;
    if (refusals >= MAX_REFUSALS) {
      reception.failed(reason);
      return;
    }
    long pauseMillis = pause.nextMillis();
    LOGGER.log(
        WARNING,
        "The broker gave no message; asking again in {0} ms: {1}",
        pauseMillis,
        reason.getMessage());
    tasks.executeAfter(pauseMillis, this::beginAgain);
  }

  /** On a thread of the server. */
  private void beginAgain() {
    if (!reception.isOpen()) {
      return;
    }
    try {
      receiver.giveBackAll();
      listen();
    } catch (JMSException | RuntimeException | Error failure) {
      // Whatever it is: without another attempt this worker would be dead.
      refused(failure);
    }
  }

  /** On a thread of the server. */
  private void work(InboundMessage first) {
    if (!reception.enter()) {
      giveBack(first);
      return;
    }
    try {
      Optional<InboundMessage> message = Optional.of(first);
      while (message.isPresent()) {
        message = give(message.get());
      }
    } catch (JMSException | RuntimeException | Error failure) {
      // Whatever it is: the work manager would only drop it, and the worker with it. Other workers
      // are busy over the connection, so while it lives only this one begins again.
      refused(failure);
    } finally {
      reception.leave();
    }
  }

  /** For others, since beans may be busy over the connection for a while. */
  private static void giveBack(InboundMessage message) {
    try {
      message.giveBack();
    } catch (JMSException | RuntimeException failure) {
      // The broker gives back everything of a connection that ends, and this one is about to.
      LOGGER.log(DEBUG, "A message that came too late could not be given back", failure);
    }
  }

  /** The next message that this thread goes on with. */
  private Optional<InboundMessage> give(InboundMessage message) throws JMSException {
    if (calls.isPaused()) {
      message.giveBack();
      listen();
      return Optional.empty();
    }
    if (!calls.drops(message)
        && calls.call(receiver, message) == EndpointDelivery.Outcome.UNAVAILABLE) {
      tasks.executeAfter(pause.nextMillis(), this::listen);
      return Optional.empty();
    }
    pause.reset();
    return reception.isOpen() && !isHeld() ? nextOrListen() : Optional.empty();
  }

  /** While the bean is paused, what was fetched ahead is for others. */
  private boolean isHeld() {
    boolean held = calls.holds(this::listen);
    if (held) {
      giveBackAhead();
    }
    return held;
  }

  private void giveBackAhead() {
    receiver
        .giveBackAhead()
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                // At the latest with the end of the connection they are given back.
                LOGGER.log(DEBUG, "Messages fetched ahead could not be given back", failure);
              }
            });
  }

  /**
   * The next message; when it takes too long, or has to wait, this run ends and the message starts
   * another.
   */
  private Optional<InboundMessage> nextOrListen() {
    CompletableFuture<Optional<InboundMessage>> next = receiver.next(WAIT_MILLIS);
    try {
      Optional<InboundMessage> message = next.get(KEEP_THREAD_MILLIS, TimeUnit.MILLISECONDS);
      if (message.isEmpty()) {
        listen();
      } else if (calls.delayMillis(message.get()) > 0) {
        workLater(message.get());
        return Optional.empty();
      }
      return message;
    } catch (TimeoutException noneYet) {
      await(next);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      await(next);
    } catch (ExecutionException failure) {
      refused(failure);
    }
    return Optional.empty();
  }
}
