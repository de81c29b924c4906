package io.moiety.ra.inbound;

import static java.lang.System.Logger.Level.DEBUG;

import io.moiety.jms.spi.AdapterConnection;
import io.moiety.jms.spi.InboundSpec;
import io.moiety.ra.work.ContainerTasks;
import jakarta.jms.JMSException;
import jakarta.resource.ResourceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What an activation receives over one connection, from connecting to its end. After a loss the
 * activation opens a new one; beans that are still busy finish in the old.
 *
 * <p>Thread-safe: its lock protects whether it is open and how many workers are busy; nothing
 * foreign is called under it.
 */
final class Reception implements AutoCloseable {

  /** Told on any thread, and once, that nothing more can be received. */
  interface Lost {
    void lost(Reception reception, Throwable cause);
  }

  private static final System.Logger LOGGER = System.getLogger(Reception.class.getName());

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Lost listener;
  private final List<EndpointWorker> workers = new ArrayList<>();
  private final AdapterConnection connection;
  private boolean open = true;
  private boolean retired;
  private int busy;

  private Reception(AdapterConnection connection, Lost listener) {
    this.connection = connection;
    this.listener = listener;
  }

  /** Connects and opens a receiver for each worker; blocks for a bounded time. */
  static Reception open(
      ReceivingConnections connections,
      ActivationSettings settings,
      EndpointCalls calls,
      ContainerTasks tasks,
      Lost listener)
      throws JMSException, ResourceException {
    AdapterConnection connection = connections.open(settings.clientId());
    Reception reception = new Reception(connection, listener);
    try {
      connection.setExceptionListener(reception::failed);
      InboundSpec spec = settings.inboundSpec(UUID.randomUUID());
      for (int worker = 0; worker < settings.maxConcurrency(); worker++) {
        reception.workers.add(
            new EndpointWorker(reception, connection.openInbound(spec), calls, tasks));
      }
      return reception;
    } catch (JMSException | RuntimeException failure) {
      reception.close();
      throw failure;
    }
  }

  void start() {
    workers.forEach(EndpointWorker::listen);
  }

  boolean isOpen() {
    lock.lock();
    try {
      return open;
    } finally {
      lock.unlock();
    }
  }

  /** False when nothing can be received over the connection any more, whoever says so. */
  boolean isConnected() {
    return connection.isOpen();
  }

  /** A worker begins to call its bean; false when it must not any more. */
  boolean enter() {
    lock.lock();
    try {
      if (open) {
        busy++;
      }
      return open;
    } finally {
      lock.unlock();
    }
  }

  /** The last one to leave a reception that is not wanted any more ends its connection. */
  void leave() {
    boolean last;
    lock.lock();
    try {
      busy--;
      last = retired && busy == 0;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (last) {
      close();
    }
  }

  /** True when it was ended and no bean is busy over it. */
  boolean isOver() {
    lock.lock();
    try {
      return !open && busy == 0;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends the connection, as soon as no bean is busy over it while it lives: their transactions and
   * acknowledgements still can succeed.
   */
  void retire() {
    boolean now;
    lock.lock();
    try {
      open = false;
      retired = true;
      now = busy == 0;
    } finally {
      lock.unlock();
    }
    if (now || !isConnected()) {
      close();
    }
  }

  /** The connection is lost, or refuses to go on. */
  void failed(Throwable cause) {
    if (end()) {
      listener.lost(this, cause);
    }
  }

  /** No bean is called from now on; those that are busy go on. */
  boolean end() {
    lock.lock();
    try {
      boolean wasOpen = open;
      open = false;
      return wasOpen;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for busy beans; false when some are still busy after the time. */
  boolean awaitIdle(Duration time) {
    long remainingNanos = time.toNanos();
    lock.lock();
    try {
      while (busy > 0 && remainingNanos > 0) {
        remainingNanos = changed.awaitNanos(remainingNanos);
      }
      return busy == 0;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the connection: branches that are still active over it can only be rolled back. */
  @Override
  public void close() {
    end();
    try {
      connection.close();
    } catch (JMSException failure) {
      LOGGER.log(DEBUG, "A connection of beans that receive could not be closed properly", failure);
    }
  }
}
