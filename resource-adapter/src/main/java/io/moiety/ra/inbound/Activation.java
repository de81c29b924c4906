package io.moiety.ra.inbound;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.moiety.ra.metrics.AdapterMetrics;
import io.moiety.ra.work.ContainerTasks;
import jakarta.jms.JMSException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one message-driven bean supplied from its activation to its deactivation: connects, and
 * connects again after each loss, later each time, holding no thread in between.
 *
 * <p>Thread-safe: its lock protects which reception is current and whether it was stopped; nothing
 * foreign is called under it.
 */
final class Activation {

  private static final System.Logger LOGGER = System.getLogger(Activation.class.getName());
  private static final long MIN_DELAY_MILLIS = 200;
  private static final long MAX_DELAY_MILLIS = 30_000;

  /** A connection that lasted so long was a good one. */
  private static final Duration SETTLED = Duration.ofSeconds(10);

  /** How long an undeployment waits for beans that are busy. */
  private static final Duration STOP_TIME = Duration.ofSeconds(30);

  private final MessageEndpointFactory endpoints;
  private final ActivationSpec spec;
  private final ActivationSettings settings;
  private final ReceivingConnections connections;
  private final EndpointCalls calls;
  private final ContainerTasks tasks;
  private final AdapterMetrics metrics;
  private final RetryDelay delay = new RetryDelay(MIN_DELAY_MILLIS, MAX_DELAY_MILLIS);
  private final Object lock = new Object();
  private @Nullable Reception current;
  private long installedNanos;
  private boolean connectedBefore;
  private boolean stopped;

  /**
   * @param spec as the server gave it, and gives it again to deactivate
   */
  Activation(
      MessageEndpointFactory endpoints,
      ActivationSpec spec,
      ActivationSettings settings,
      ReceivingConnections connections,
      EndpointDelivery delivery,
      ContainerTasks tasks,
      AdapterMetrics metrics) {
    this.endpoints = endpoints;
    this.spec = spec;
    this.settings = settings;
    this.connections = connections;
    this.tasks = tasks;
    this.metrics = metrics;
    calls = new EndpointCalls(settings, delivery, tasks, metrics);
  }

  EndpointCalls calls() {
    return calls;
  }

  ActivationSettings settings() {
    return settings;
  }

  /** As JMX shows it. */
  String state() {
    synchronized (lock) {
      if (stopped) {
        return "STOPPED";
      }
      if (current == null) {
        return "CONNECTING";
      }
    }
    return calls.isPaused() ? "PAUSED" : "RECEIVING";
  }

  boolean isOf(MessageEndpointFactory otherEndpoints, ActivationSpec otherSpec) {
    return endpoints.equals(otherEndpoints) && spec.equals(otherSpec);
  }

  boolean isOf(ActivationSpec otherSpec) {
    return spec.equals(otherSpec);
  }

  void start() {
    tasks.execute(this::connect);
  }

  /** When it returns, no bean is called any more, unless one was busy for longer than the wait. */
  void stop() {
    Reception last;
    synchronized (lock) {
      stopped = true;
      last = current;
      current = null;
    }
    if (last == null) {
      return;
    }
    last.end();
    if (!last.awaitIdle(STOP_TIME)) {
      LOGGER.log(
          WARNING,
          "A bean of {0} is still busy after {1} s; its transaction will be rolled back and its"
              + " message comes again",
          settings.destination(),
          STOP_TIME.toSeconds());
    }
    last.close();
  }

  /** On a thread of the server. */
  private void connect() {
    if (isStopped()) {
      return;
    }
    try {
      Reception reception = Reception.open(connections, settings, calls, tasks, this::lost);
      if (install(reception)) {
        LOGGER.log(INFO, "Receiving from {0}", settings.destination());
        reception.start();
      } else {
        reception.close();
        connectLater(new ResourceException("the connection was lost at once"));
      }
    } catch (JMSException | ResourceException | RuntimeException failure) {
      // Whatever it is, the next attempt must be made: nobody else makes it.
      connectLater(failure);
    }
  }

  private boolean install(Reception reception) {
    synchronized (lock) {
      if (stopped || !reception.isOpen()) {
        return false;
      }
      current = reception;
      if (connectedBefore) {
        metrics.reconnected();
      }
      connectedBefore = true;
      installedNanos = System.nanoTime();
      return true;
    }
  }

  /**
   * On any thread, so the old connection is closed on one of the server's. One that is lost before
   * it is current is {@link #connect}'s to see.
   */
  private void lost(Reception reception, Throwable cause) {
    synchronized (lock) {
      if (current != reception) {
        return;
      }
      current = null;
      // One that is lost again and again soon after it was made is waited for longer each time.
      if (System.nanoTime() - installedNanos >= SETTLED.toNanos()) {
        delay.reset();
      }
    }
    tasks.execute(reception::close);
    connectLater(cause);
  }

  private void connectLater(Throwable cause) {
    long delayMillis;
    synchronized (lock) {
      if (stopped) {
        return;
      }
      delayMillis = delay.nextMillis();
    }
    LOGGER.log(
        WARNING,
        "Not receiving from {0} at the moment; trying again in {1} ms: {2}",
        settings.destination(),
        delayMillis,
        cause.getMessage());
    tasks.executeAfter(delayMillis, this::connect);
  }

  private boolean isStopped() {
    synchronized (lock) {
      return stopped;
    }
  }
}
