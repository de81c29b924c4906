package io.moiety.broker;

import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.log.FileThread;
import io.moiety.broker.registration.Registration;
import io.moiety.broker.reload.ReloadThread;
import io.moiety.broker.server.AdvertisedAddress;
import io.moiety.broker.server.BrokerServer;
import io.moiety.broker.server.Security;
import io.moiety.broker.stats.BrokerStatistics;
import io.moiety.broker.topic.TopicTable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A running broker: one store, one port. Started by {@link #start}, in a process of its own or
 * inside any other; closing it forces and releases the store.
 *
 * <p>Thread-safe. The caller may be an application that interrupts its threads, which closes files
 * that they are in; so it starts and stops on threads of its own while the caller waits. This is
 * the composition root: it news things up and starts and stops them in order.
 */
public final class Broker implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Broker.class.getName());

  private final BrokerServer server;
  private final StoreCore core;
  private final ThreadPoolExecutor readers;
  private final Handlers handlers;
  private final ReloadThread reloads;
  private final Optional<Registration> registration;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Broker(
      BrokerServer server,
      StoreCore core,
      ThreadPoolExecutor readers,
      Handlers handlers,
      ReloadThread reloads,
      Optional<Registration> registration) {
    this.server = server;
    this.core = core;
    this.readers = readers;
    this.handlers = handlers;
    this.reloads = reloads;
    this.registration = registration;
  }

  /**
   * Takes the port, locks and replays the store, and serves. When it returns, clients can connect.
   *
   * @throws io.moiety.broker.config.ConfigException when the files of TLS or of access control
   *     cannot be used
   * @throws io.moiety.broker.server.ServerStartException when the port cannot be had
   * @throws io.moiety.broker.log.StoreLockedException when another broker has the store
   * @throws io.moiety.broker.log.StoreDamagedException when acknowledged records are missing
   */
  public static Broker start(BrokerConfig config) {
    return FileThread.call("moiety-start", () -> startHere(config));
  }

  private static Broker startHere(BrokerConfig config) {
    config.warnings().forEach(warning -> LOG.log(Level.WARNING, warning));
    Security security = Security.open(config.security());
    BrokerServer server = BrokerServer.bind(config.network(), security);
    try {
      return start(config, server, security);
    } catch (RuntimeException failure) {
      server.close();
      throw failure;
    }
  }

  private static Broker start(BrokerConfig config, BrokerServer server, Security security) {
    InetSocketAddress storeHost = AdvertisedAddress.storeHost(config.network(), server.address());
    StoreCore core = StoreCore.open(config, storeHost);
    ThreadPoolExecutor readers = ReaderThreads.start();
    try {
      Handlers handlers = new Handlers(config, core, storeHost, readers);
      core.begin(handlers::served, handlers.works(), handlers.live(), handlers.coldReads());
      core.onDurable(handlers.loopTurn()::becameDurable);
      server.serve(handlers.router(), handlers.loopTurn());
      return new Broker(
          server, core, readers, handlers, security.follow(), register(config, server, core));
    } catch (RuntimeException failure) {
      readers.shutdown();
      core.close();
      throw failure;
    }
  }

  private static Optional<Registration> register(
      BrokerConfig config, BrokerServer server, StoreCore core) {
    if (config.nameServers().isEmpty()) {
      return Optional.empty();
    }
    TopicTable topics = core.views().topics();
    return Optional.of(
        Registration.start(
            config, server.address(), topics::all, topics::onChange, core.clock()::nowMillis));
  }

  /** The version that the build wrote into the jar's manifest, for people to read. */
  public static String version() {
    return Optional.ofNullable(Broker.class.getPackage().getImplementationVersion())
        .orElse("unpackaged");
  }

  /** Where the broker listens, with the port that was taken. */
  public InetSocketAddress address() {
    return server.address();
  }

  /** The identity of the store, the same over all restarts. */
  public String storeUuid() {
    return handlers.storeUuid();
  }

  /**
   * What the broker has counted since it started: messages and bytes of each topic, latencies,
   * positions. Cheap enough to be asked every second; also after {@link #close}.
   */
  public BrokerStatistics statistics() {
    return handlers.statistics();
  }

  /**
   * Tells the name servers, ends all connections, then forces and closes the store. Closing again
   * does nothing.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      FileThread.call("moiety-stop", this::stop);
    }
  }

  private boolean stop() {
    reloads.close();
    registration.ifPresent(Registration::close);
    core.onDurable(core::wakeSoon);
    server.close();
    readers.shutdown();
    core.turn().post(handlers::stopping);
    core.close();
    return true;
  }
}
