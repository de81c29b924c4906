package io.moiety.ra.broker;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.moiety.broker.log.StoreHolder;
import io.moiety.broker.log.StoreLockedException;
import io.moiety.ra.work.ContainerTasks;
import io.netty.util.concurrent.FastThreadLocal;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ResourceAdapterInternalException;
import jakarta.resource.spi.UnavailableException;
import java.util.Optional;

/**
 * A store that several instances of the adapter want. Whoever comes first runs its broker; the
 * others connect to that, and look again and again whether the store has become free, as it does
 * when its holder is undeployed or dies. One of them then runs the broker, and the rest find its
 * new address beside the lock.
 *
 * <p>Thread-safe: its lock protects who runs the broker; no broker is started or stopped under it.
 */
final class StoreShare implements BrokerLocation {

  private static final System.Logger LOGGER = System.getLogger(StoreShare.class.getName());
  private static final long LOOK_AGAIN_MILLIS = 1_000;

  /** After a start that failed, so that its reason is not logged every second. */
  private static final long FAILED_START_MILLIS = 60_000;

  /** Starts the store's broker. */
  interface Starter {
    EmbeddedBroker start(EmbeddedConfig config);
  }

  private final EmbeddedConfig config;
  private final ContainerTasks tasks;
  private final Starter starter;
  private final Object lock = new Object();
  private Optional<EmbeddedBroker> own = Optional.empty();
  private Optional<String> holder = Optional.empty();
  private boolean closed;

  private StoreShare(EmbeddedConfig config, ContainerTasks tasks, Starter starter) {
    this.config = config;
    this.tasks = tasks;
    this.starter = starter;
  }

  /** Runs the broker, or finds who does. */
  static StoreShare open(EmbeddedConfig config, ContainerTasks tasks)
      throws ResourceAdapterInternalException {
    return open(config, tasks, EmbeddedBroker::use);
  }

  static StoreShare open(EmbeddedConfig config, ContainerTasks tasks, Starter starter)
      throws ResourceAdapterInternalException {
    StoreShare share = new StoreShare(config, tasks, starter);
    try {
      share.own = Optional.of(starter.start(config));
    } catch (StoreLockedException locked) {
      share.holder = addressOf(locked);
      LOGGER.log(
          INFO,
          "{0} Using that broker, and taking the store over when it is free.",
          locked.getMessage());
      share.lookLater(LOOK_AGAIN_MILLIS);
    } catch (RuntimeException failure) {
      // Of the disk, the port, or the store: the server shows only what Connectors knows.
      throw new ResourceAdapterInternalException(
          "The embedded broker did not start: " + failure.getMessage(), failure);
    }
    return share;
  }

  private static Optional<String> addressOf(StoreLockedException locked) {
    return locked.holder().flatMap(StoreHolder::address);
  }

  private void lookLater(long delayMillis) {
    tasks.executeAfter(delayMillis, this::look);
  }

  /** On a thread of the server. */
  private void look() {
    if (isClosed()) {
      return;
    }
    try {
      tookOver(starter.start(config));
    } catch (StoreLockedException locked) {
      synchronized (lock) {
        // A holder that is just starting has not said yet where it listens.
        holder = addressOf(locked).or(() -> holder);
      }
      lookLater(LOOK_AGAIN_MILLIS);
    } catch (RuntimeException | Error failure) {
      // Whatever it is: the next attempt must be made, and nobody else makes it.
      LOGGER.log(
          WARNING,
          "The store in "
              + config.storeDirectory()
              + " is free, but its broker cannot be started here; trying again in "
              + FAILED_START_MILLIS / 1_000
              + " s",
          failure);
      lookLater(FAILED_START_MILLIS);
    } finally {
      // What Netty left on the server's thread would keep this class loader after an undeployment.
      FastThreadLocal.destroy();
    }
  }

  private void tookOver(EmbeddedBroker broker) {
    synchronized (lock) {
      if (!closed) {
        own = Optional.of(broker);
        LOGGER.log(INFO, "Took over the store; its broker is at {0} now", broker.address());
        return;
      }
    }
    broker.close();
  }

  private boolean isClosed() {
    synchronized (lock) {
      return closed;
    }
  }

  @Override
  public String addresses() throws ResourceException {
    synchronized (lock) {
      return own.map(EmbeddedBroker::address)
          .or(() -> holder)
          .orElseThrow(
              () ->
                  new UnavailableException(
                      "Another broker has just taken the store in "
                          + config.storeDirectory()
                          + " and does not listen yet; try again in a moment"));
    }
  }

  @Override
  public boolean isOwn() {
    synchronized (lock) {
      return own.isPresent();
    }
  }

  /** Closed twice without harm. */
  @Override
  public void close() {
    Optional<EmbeddedBroker> last;
    synchronized (lock) {
      closed = true;
      last = own;
    }
    last.ifPresent(EmbeddedBroker::close);
  }
}
