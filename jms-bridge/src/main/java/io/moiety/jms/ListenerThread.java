package io.moiety.jms;

import io.moiety.client.Delivery;
import jakarta.jms.JMSException;
import jakarta.jms.MessageListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one thread on which a session's listeners run, started with the first of them and ended with
 * the session. It takes from the consumers in turn, so that none starves the others.
 *
 * <p>{@link #add} and {@link #remove} from any thread; the rest is confined to the thread.
 */
final class ListenerThread {

  private static final System.Logger LOGGER = System.getLogger(ListenerThread.class.getName());

  private final String name;
  private final DeliveryGate gate;
  private final Handover handover;
  private final int prefetch;
  private final Consumer<JMSException> failures;
  private final List<JmsConsumer> consumers = new CopyOnWriteArrayList<>();
  private int next;
  private boolean running;

  private record Taken(JmsConsumer consumer, Delivery delivery) {}

  /**
   * @param failures told of consumers that will receive nothing more
   */
  ListenerThread(
      String name,
      DeliveryGate gate,
      Handover handover,
      int prefetch,
      Consumer<JMSException> failures) {
    this.name = name;
    this.gate = gate;
    this.handover = handover;
    this.prefetch = prefetch;
    this.failures = failures;
  }

  void add(JmsConsumer consumer) {
    gate.lock();
    try {
      if (!consumers.contains(consumer)) {
        consumers.add(consumer);
      }
      if (!running) {
        running = true;
        Thread thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
      }
      gate.signal();
    } finally {
      gate.unlock();
    }
  }

  void remove(JmsConsumer consumer) {
    gate.lock();
    try {
      consumers.remove(consumer);
    } finally {
      gate.unlock();
    }
  }

  private void run() {
    try {
      for (Taken taken = take(); taken != null; taken = take()) {
        try {
          deliver(taken.consumer(), taken.delivery());
        } finally {
          taken.consumer().inbox().leave();
        }
      }
    } catch (InterruptedException interrupted) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "{0} was interrupted; its listeners are called no more",
          name);
    }
  }

  /** Waits for a message; null when the session is closed. */
  private @Nullable Taken take() throws InterruptedException {
    gate.lock();
    try {
      while (!gate.isClosed()) {
        Taken taken = gate.isStarted() ? poll() : null;
        if (taken != null) {
          return taken;
        }
        if (!gate.isStarted()) {
          consumers.forEach(consumer -> consumer.inbox().stopped());
        }
        handover.idle();
        if (consumers.stream().anyMatch(consumer -> consumer.inbox().isPaused())) {
          gate.await(Deadline.afterMillis(Inbox.BUSY_PAUSE_MILLIS));
        } else {
          gate.await();
        }
      }
      return null;
    } finally {
      gate.unlock();
    }
  }

  private @Nullable Taken poll() {
    int count = consumers.size();
    for (int i = 0; i < count; i++) {
      JmsConsumer consumer = consumers.get((next + i) % count);
      Delivery delivery = consumer.inbox().pollForListener(prefetch);
      if (delivery != null) {
        next = (next + i + 1) % count;
        return new Taken(consumer, delivery);
      }
      Throwable failure = consumer.inbox().takeFailure();
      if (failure != null) {
        consumers.remove(consumer);
        failures.accept(
            JmsExceptions.of("go on receiving from " + consumer.destination(), failure));
        return poll();
      }
    }
    return null;
  }

  /** A listener that was taken away meanwhile leaves the message to the next one, or a receive. */
  private void deliver(JmsConsumer consumer, Delivery delivery) {
    MessageListener listener = consumer.listener();
    if (listener == null) {
      consumer.inbox().putBack(delivery);
      return;
    }
    gate.enterListener();
    try {
      consumer.inbox().handedOver(delivery);
      handover.listening(delivery);
      listener.onMessage(handover.message(delivery, consumer.destination()));
      handover.listened(delivery);
    } catch (JMSException failure) {
      failures.accept(failure);
      giveBack();
    } catch (RuntimeException | Error thrown) {
      // Whatever a listener throws is its own; the thread serves the others too.
      LOGGER.log(
          System.Logger.Level.WARNING,
          "The listener of " + consumer.destination() + " threw",
          thrown);
      giveBack();
    } finally {
      // An interrupt that a listener leaves behind was meant for it, not for the wait that follows.
      Thread.interrupted();
      gate.leaveListener();
    }
  }

  private void giveBack() {
    try {
      handover.refused();
    } catch (JMSException failure) {
      failures.accept(failure);
    }
  }
}
