package io.moiety.compatibility;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Apache RocketMQ's name server and broker, in a JVM each. */
final class OriginalBroker implements JudgedBroker {

  private static final String READY = "boot success";

  private final Path directory;
  private final Path config;
  private final String brokerAddress;
  private final OriginalNameServer nameServer;
  private volatile Jvm broker;

  private OriginalBroker(Path directory, Path config, OriginalNameServer nameServer, int port)
      throws IOException {
    this.directory = directory;
    this.config = config;
    this.brokerAddress = "127.0.0.1:" + port;
    this.nameServer = nameServer;
    this.broker = broker(directory, config);
  }

  static OriginalBroker start(Map<String, String> settings) throws IOException {
    Path directory = Settings.newDirectory("original-");
    OriginalNameServer nameServer = OriginalNameServer.start(directory);
    int port = FreePorts.withNeighbours(2, 1);
    Path config = directory.resolve("broker.properties");
    Files.writeString(
        config,
        Settings.text(
            Map.of(
                "listenPort",
                String.valueOf(port),
                "haListenPort",
                String.valueOf(port + 1),
                "namesrvAddr",
                nameServer.address(),
                "storePathRootDir",
                directory.resolve("store").toString(),
                "storePathCommitLog",
                directory.resolve("store/commitlog").toString(),
                "enablePropertyFilter",
                "true",
                // Several tests and a build on two cores: nothing is refused for waiting 200 ms.
                "waitTimeMillsInSendQueue",
                "10000",
                "waitTimeMillsInPullQueue",
                "10000"),
            settings));
    return new OriginalBroker(directory, config, nameServer, port);
  }

  private static Jvm broker(Path directory, Path config) throws IOException {
    return Jvm.start(
        "broker",
        OriginalNameServer.arguments(
            directory, "-Xmx1g", "org.apache.rocketmq.broker.BrokerStartup", config),
        directory,
        READY);
  }

  @Override
  public String nameServerAddress() {
    return nameServer.address();
  }

  @Override
  public String brokerAddress() {
    return brokerAddress;
  }

  @Override
  public void kill() {
    broker.kill();
  }

  @Override
  public void startAgain() throws IOException {
    broker = broker(directory, config);
  }

  @Override
  public void close() {
    broker.kill();
    nameServer.close();
    Settings.deleteDirectory(directory.resolve("store"));
  }
}
