package io.moiety.ra.broker;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.moiety.broker.Broker;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
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
    private final EmbeddedConfig config;
    private int uses;

    Shared(Broker broker, EmbeddedConfig config) {
      this.broker = broker;
      this.config = config;
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
   * Starts the broker, or joins those who use it: it runs as the first of them wanted it, and
   * servers give the instances that they make by themselves no properties.
   *
   * @throws io.moiety.broker.log.StoreLockedException when another process or class loader has the
   *     store
   */
  static EmbeddedBroker use(EmbeddedConfig config) {
    Path directory = config.storeDirectory();
    synchronized (RUNNING) {
      Shared shared = RUNNING.get(directory);
      if (shared == null) {
        shared = new Shared(Broker.start(config.config()), config);
        RUNNING.put(directory, shared);
        LOGGER.log(
            INFO,
            "Started a broker at {0} with its store in {1}",
            text(shared.broker.address()),
            directory);
      } else {
        warnOfOtherProperties(directory, config.namesThatDifferFrom(shared.config));
      }
      shared.uses++;
      return new EmbeddedBroker(directory, shared.broker.address());
    }
  }

  private static void warnOfOtherProperties(Path directory, Set<String> names) {
    if (!names.isEmpty()) {
      LOGGER.log(
          WARNING,
          "The broker with its store in {0} was started by another instance of the adapter, with"
              + " other values for {1}; those of this instance are not used. Configure all instances"
              + " alike, or give this one a storeDirectory of its own",
          directory,
          names);
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
