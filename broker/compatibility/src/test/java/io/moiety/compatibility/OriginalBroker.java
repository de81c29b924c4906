package io.moiety.compatibility;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Apache RocketMQ's name server and broker, in a JVM each. */
final class OriginalBroker implements JudgedBroker {

  private static final String READY = "boot success";

  private final Path directory;
  private final Path config;
  private final String nameServerAddress;
  private final String brokerAddress;
  private final Jvm nameServer;
  private volatile Jvm broker;

  private OriginalBroker(Path directory, Path config, int nameServerPort, int port)
      throws IOException {
    this.directory = directory;
    this.config = config;
    this.nameServerAddress = "127.0.0.1:" + nameServerPort;
    this.brokerAddress = "127.0.0.1:" + port;
    this.nameServer = nameServer(directory, nameServerPort);
    this.broker = broker(directory, config);
  }

  static OriginalBroker start(Map<String, String> settings) throws IOException {
    Path directory = Settings.newDirectory("original-");
    int nameServerPort = FreePorts.one();
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
                "127.0.0.1:" + nameServerPort,
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
    return new OriginalBroker(directory, config, nameServerPort, port);
  }

  private static Jvm nameServer(Path directory, int port) throws IOException {
    Path config = directory.resolve("names.properties");
    Files.writeString(config, "listenPort=" + port + "\n");
    return Jvm.start(
        "name-server",
        arguments(directory, "-Xmx256m", "org.apache.rocketmq.namesrv.NamesrvStartup", config),
        directory,
        READY);
  }

  private static Jvm broker(Path directory, Path config) throws IOException {
    return Jvm.start(
        "broker",
        arguments(directory, "-Xmx1g", "org.apache.rocketmq.broker.BrokerStartup", config),
        directory,
        READY);
  }

  private static List<String> arguments(
      Path directory, String heap, String mainClass, Path config) {
    return List.of(
        heap,
        "-XX:+UseSerialGC",
        "-Duser.home=" + directory,
        "-cp",
        Path.of(System.getProperty("original.jars")).resolve("*").toString(),
        mainClass,
        "-c",
        config.toString());
  }

  @Override
  public String nameServerAddress() {
    return nameServerAddress;
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
