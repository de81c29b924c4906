package io.moiety.ra.broker;

import static java.lang.System.Logger.Level.INFO;

import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A use of a broker in this process. All adapters of a class loader that want the same store share
 * one broker, since servers start several instances of an adapter; the last to close its use stops
 * it.
 *
 * <p>Thread-safe. The table of brokers is the adapter's only mutable static: instances know nothing
 * of each other, and have only their class loader in common. Its lock is held while a broker starts
 * or stops, because whoever wants the same one has to wait for that.
 */
public final class EmbeddedBroker implements AutoCloseable {

  private static final System.Logger LOGGER = System.getLogger(EmbeddedBroker.class.getName());
  private static final Map<Path, Shared> RUNNING = new HashMap<>();

  private static final class Shared {
    private final Broker broker;
    private int uses;

    Shared(Broker broker) {
      this.broker = broker;
    }
  }

  private final Path directory;
  private final InetSocketAddress address;
  private final AtomicBoolean closed = new AtomicBoolean();

  private EmbeddedBroker(Path directory, InetSocketAddress address) {
    this.directory = directory;
    this.address = address;
  }

  /**
   * Starts the broker, or joins those who use it.
   *
   * @throws io.moiety.broker.log.StoreLockedException when another process or class loader has the
   *     store
   */
  static EmbeddedBroker use(BrokerConfig config) {
    Path directory = config.store().directory();
    synchronized (RUNNING) {
      Shared shared = RUNNING.get(directory);
      if (shared == null) {
        shared = new Shared(Broker.start(config));
        RUNNING.put(directory, shared);
        LOGGER.log(
            INFO,
            "Started a broker at {0} with its store in {1}",
            text(shared.broker.address()),
            directory);
      }
      shared.uses++;
      return new EmbeddedBroker(directory, shared.broker.address());
    }
  }

  String address() {
    return text(address);
  }

  /** Closed twice without harm. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    synchronized (RUNNING) {
      Shared shared = RUNNING.get(directory);
      if (shared != null && --shared.uses == 0) {
        RUNNING.remove(directory);
        shared.broker.close();
        LOGGER.log(INFO, "Stopped the broker with its store in {0}", directory);
      }
    }
  }

  private static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }
}
