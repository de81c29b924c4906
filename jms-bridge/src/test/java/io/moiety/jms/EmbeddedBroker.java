package io.moiety.jms;

import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real broker for the tests of a class, on a free port and in a directory of its own; behind a
 * network that breaks, where {@link BreakingNetwork} is on.
 */
final class EmbeddedBroker implements BeforeAllCallback, AfterAllCallback {

  private Path directory;
  private Broker broker;
  private FaultyNetwork network;

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    start();
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    stop();
  }

  /** For tests that JUnit's extensions do not reach. */
  void start() throws Exception {
    directory = Files.createTempDirectory("moiety-jms");
    broker = Broker.start(BrokerConfig.embedded(directory));
    network = FaultyNetwork.before(this::port, BreakingNetwork.SEED);
    network.reorder(true);
    network.breakConnections();
  }

  void stop() throws Exception {
    network.close();
    broker.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  String address() {
    return "127.0.0.1:" + port();
  }

  /** Of the broker that runs now. */
  int port() {
    return broker.address().getPort();
  }

  /** Stops the broker and starts it again on the same store; its port is another one then. */
  void restart() {
    broker.close();
    broker = Broker.start(BrokerConfig.embedded(directory));
  }

  /** How often its log was forced to the disk. */
  long forces() {
    return broker.statistics().flushLatency().count();
  }

  MoietyConnectionFactory factory() {
    return reached(new MoietyConnectionFactory());
  }

  MoietyXAConnectionFactory xaFactory() {
    return reached(new MoietyXAConnectionFactory());
  }

  private <F extends MoietyFactory> F reached(F factory) {
    factory.setAddresses(BreakingNetwork.ON ? network.address() : address());
    if (BreakingNetwork.ON) {
      factory.setReconnectTimeoutMillis(60_000);
    }
    return factory;
  }

  /** A destination name that no other test uses. */
  static String uniqueName(String prefix) {
    return prefix + "-" + UUID.randomUUID();
  }
}
