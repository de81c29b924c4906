package io.moiety.ra.inbound;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.moiety.jms.spi.InboundMessage;
import io.moiety.jms.spi.InboundReceiver;
import io.moiety.ra.metrics.AdapterMetrics;
import io.moiety.ra.work.ContainerTasks;
import jakarta.jms.JMSException;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * What all workers of one activation have in common, over all its connections: how a message is
 * given to the bean, how long one that failed waits, when the bean is paused, and the counters.
 * Thread-safe.
 */
final class EndpointCalls {

  private static final System.Logger LOGGER = System.getLogger(EndpointCalls.class.getName());

  private final ActivationSettings settings;
  private final EndpointDelivery delivery;
  private final ContainerTasks tasks;
  private final AdapterMetrics metrics;
  private final PauseGate gate;
  private final LongAdder taken = new LongAdder();
  private final LongAdder failed = new LongAdder();

  EndpointCalls(
      ActivationSettings settings,
      EndpointDelivery delivery,
      ContainerTasks tasks,
      AdapterMetrics metrics) {
    this.settings = settings;
    this.delivery = delivery;
    this.tasks = tasks;
    this.metrics = metrics;
    gate = new PauseGate(settings.pauseAfterFailures());
  }

  long takenCount() {
    return taken.sum();
  }

  long failedCount() {
    return failed.sum();
  }

  int consecutiveFailures() {
    return gate.consecutiveFailures();
  }

  boolean isPaused() {
    return gate.isPaused();
  }

  /** Keeps what goes on with the next message until the bean is resumed; false when it may now. */
  boolean holds(Runnable next) {
    return gate.holds(next);
  }

  /** Of workers whose connection is lost. */
  void forgetHeld() {
    gate.forget();
  }

  /** Whether one message after the other reaches the bean. */
  boolean isInOrder() {
    return settings.maxConcurrency() == 1;
  }

  long delayMillis(InboundMessage message) {
    return settings.redeliveryDelay().beforeDelivery(message.deliveryCount());
  }

  /** On a thread of the server. */
  EndpointDelivery.Outcome call(InboundReceiver receiver, InboundMessage message) {
    if (message.deliveryCount() > 1) {
      metrics.redelivered();
    }
    EndpointDelivery.Outcome outcome = delivery.deliver(receiver, message);
    switch (outcome) {
      case TAKEN, PROCESSED -> {
        taken.increment();
        gate.taken();
      }
      case FAILED -> {
        failed.increment();
        gate.failed().ifPresent(this::pausedForAWhile);
      }
      case UNAVAILABLE -> {
        // Not the bean's failure.
      }
    }
    return outcome;
  }

  /** True when nobody wants the message any more; it is acknowledged then. */
  boolean drops(InboundMessage message) throws JMSException {
    if (!settings.isToBeDropped(message.deliveryCount())) {
      return false;
    }
    String id = message.message().getJMSMessageID();
    message.acknowledge();
    LOGGER.log(
        WARNING,
        "Message {0} from {1} is dropped after {2} failed deliveries: its subscription ends with the"
            + " bean, so it has no dead letters. Make the subscription durable to keep such messages",
        id,
        settings.destination(),
        settings.maxDeliveries());
    return true;
  }

  private void pausedForAWhile(long number) {
    LOGGER.log(
        WARNING,
        "{0} calls of the bean that receives from {1} failed one after the other; it is given no"
            + " messages for {2} ms, or until it is resumed by JMX",
        gate.consecutiveFailures(),
        settings.destination(),
        settings.pauseMillis());
    tasks.executeAfter(settings.pauseMillis(), () -> resumed(gate.resumeAfter(number)));
  }

  void pause() {
    gate.pause();
    LOGGER.log(INFO, "Receiving from {0} is paused by JMX", settings.destination());
  }

  void resume() {
    resumed(gate.resume());
  }

  private void resumed(List<Runnable> waiting) {
    if (!waiting.isEmpty()) {
      LOGGER.log(INFO, "Receiving from {0} again", settings.destination());
      waiting.forEach(tasks::execute);
    }
  }
}
