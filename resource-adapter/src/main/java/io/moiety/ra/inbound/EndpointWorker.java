package io.moiety.ra.inbound;

import io.moiety.jms.spi.InboundMessage;
import io.moiety.jms.spi.InboundReceiver;
import jakarta.jms.JMSException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Gives messages to a bean, one after the other. It has a thread of the server's only while there
 * are messages: it waits for the next one a moment with its thread and then without.
 *
 * <p>Its steps follow one another, each started by the one before; only {@link Reception} counts
 * across workers.
 */
final class EndpointWorker {

  /**
   * Long enough for the next message of a busy queue, short enough not to keep a thread from
   * others.
   */
  private static final long KEEP_THREAD_MILLIS = 100;

  /** How long the broker holds a request for which it has nothing. */
  private static final long WAIT_MILLIS = 20_000;

  private static final long MIN_PAUSE_MILLIS = 500;
  private static final long MAX_PAUSE_MILLIS = 30_000;

  private final Reception reception;
  private final InboundReceiver receiver;
  private final EndpointDelivery delivery;
  private final ContainerTasks tasks;
  private final RetryDelay pause = new RetryDelay(MIN_PAUSE_MILLIS, MAX_PAUSE_MILLIS);

  EndpointWorker(
      Reception reception,
      InboundReceiver receiver,
      EndpointDelivery delivery,
      ContainerTasks tasks) {
    this.reception = reception;
    this.receiver = receiver;
    this.delivery = delivery;
    this.tasks = tasks;
  }

  /** Waits for a message without a thread. */
  void listen() {
    if (reception.isOpen()) {
      await(receiver.next(WAIT_MILLIS));
    }
  }

  private void await(CompletableFuture<Optional<InboundMessage>> next) {
    next.exceptionally(
            failure -> {
              failed(failure);
              return Optional.empty();
            })
        .thenAccept(this::arrived);
  }

  /** On a thread of the network. */
  private void arrived(Optional<InboundMessage> message) {
    if (message.isPresent()) {
      tasks.execute(() -> work(message.get()));
    } else {
      listen();
    }
  }

  private void failed(Throwable failure) {
    Throwable cause = failure.getCause();
    reception.failed(cause == null || failure instanceof JMSException ? failure : cause);
  }

  /** On a thread of the server. */
  private void work(InboundMessage first) {
    if (!reception.enter()) {
      return;
    }
    try {
      Optional<InboundMessage> message = Optional.of(first);
      while (message.isPresent()) {
        if (delivery.deliver(receiver, message.get()) == EndpointDelivery.Outcome.UNAVAILABLE) {
          tasks.executeAfter(pause.nextMillis(), this::listen);
          return;
        }
        pause.reset();
        message = reception.isOpen() ? nextOrListen() : Optional.empty();
      }
    } catch (RuntimeException | Error failure) {
      // Of the server's endpoint; the work manager would only drop it, and the worker with it.
      reception.failed(failure);
    } finally {
      reception.leave();
    }
  }

  /** The next message; when it takes too long, this run ends and the message starts another. */
  private Optional<InboundMessage> nextOrListen() {
    CompletableFuture<Optional<InboundMessage>> next = receiver.next(WAIT_MILLIS);
    try {
      Optional<InboundMessage> message = next.get(KEEP_THREAD_MILLIS, TimeUnit.MILLISECONDS);
      if (message.isEmpty()) {
        listen();
      }
      return message;
    } catch (TimeoutException noneYet) {
      await(next);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      await(next);
    } catch (ExecutionException failure) {
      failed(failure);
    }
    return Optional.empty();
  }
}
