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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one message-driven bean supplied from its activation to its deactivation: connects, and
 * connects again after each loss, later each time, holding no thread in between.
 *
 * <p>Thread-safe: its lock protects which reception is current, which are not over yet, and whether
 * it was stopped; nothing foreign is called under it.
 */
final class Activation {

  private static final System.Logger LOGGER = System.getLogger(Activation.class.getName());
  private static final long MIN_DELAY_MILLIS = 200;
  private static final long MAX_DELAY_MILLIS = 30_000;

  /** A connection that lasted so long was a good one. */
  private static final Duration SETTLED = Duration.ofSeconds(10);

  /**
   * How long an undeployment, or a connection that is not wanted any more, waits for beans that are
   * busy.
   */
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

  /** Held while a reception is being opened. */
  private final Semaphore opening = new Semaphore(1);

  /** Receptions that were lost, as long as beans may be busy over them. */
  private final Set<Reception> ending = new LinkedHashSet<>();

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

  /**
   * When it returns, no bean is called any more and no connection is open, unless something took
   * longer than the wait.
   */
  void stop() {
    long deadlineNanos = System.nanoTime() + STOP_TIME.toNanos();
    List<Reception> last = end();
    boolean settled = awaitOpening(deadlineNanos);
    for (Reception reception : last) {
      settled &= reception.awaitIdle(remaining(deadlineNanos));
    }
    if (!settled) {
      LOGGER.log(
          WARNING,
          "A bean of {0} is still busy, or being connected, after {1} s; its transaction will be"
              + " rolled back and its message comes again",
          settings.destination(),
          STOP_TIME.toSeconds());
    }
    last.forEach(Reception::close);
  }

  /** No bean is called from now on; returns what may still be busy. */
  private List<Reception> end() {
    List<Reception> last;
    synchronized (lock) {
      stopped = true;
      if (current != null) {
        ending.add(current);
        current = null;
      }
      last = List.copyOf(ending);
      ending.clear();
    }
    last.forEach(Reception::end);
    return last;
  }

  /** A reception that is being opened is closed by who opens it, once that is done. */
  private boolean awaitOpening(long deadlineNanos) {
    try {
      boolean opened = opening.tryAcquire(remaining(deadlineNanos).toNanos(), TimeUnit.NANOSECONDS);
      if (opened) {
        opening.release();
      }
      return opened;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Duration remaining(long deadlineNanos) {
    return Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
  }

  /** On a thread of the server. */
  private void connect() {
    opening.acquireUninterruptibly();
    try {
      if (!isStopped()) {
        open();
      }
    } finally {
      opening.release();
    }
  }

  private void open() {
    try {
      Reception reception = Reception.open(connections, settings, calls, tasks, this::lost);
      if (install(reception)) {
        LOGGER.log(INFO, "Receiving from {0}", settings.destination());
        reception.start();
      } else {
        reception.close();
        connectLater(new ResourceException("the connection was lost at once"));
      }
    } catch (JMSException | ResourceException | RuntimeException | Error failure) {
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
   * it is current is {@link #open}'s to see.
   */
  private void lost(Reception reception, Throwable cause) {
    synchronized (lock) {
      if (current != reception) {
        return;
      }
      current = null;
      ending.removeIf(Reception::isOver);
      ending.add(reception);
      // One that is lost again and again soon after it was made is waited for longer each time.
      if (System.nanoTime() - installedNanos >= SETTLED.toNanos()) {
        delay.reset();
      }
    }
    calls.forgetHeld();
    tasks.execute(reception::retire);
    tasks.executeAfter(STOP_TIME.toMillis(), reception::close);
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
