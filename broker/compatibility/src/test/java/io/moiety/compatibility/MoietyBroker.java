package io.moiety.compatibility;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Moiety's broker as it is shipped: {@code moiety.jar}. */
final class MoietyBroker implements JudgedBroker {

  private final Path directory;
  private final Path config;
  private final String address;
  private volatile Jvm jvm;

  private MoietyBroker(Path directory, Path config, String address, Jvm jvm) {
    this.directory = directory;
    this.config = config;
    this.address = address;
    this.jvm = jvm;
  }

  static MoietyBroker start(Map<String, String> settings) throws IOException {
    Path directory = Settings.newDirectory("moiety-");
    int port = FreePorts.one();
    Path config = directory.resolve("broker.properties");
    Files.writeString(
        config,
        Settings.text(
            Map.of(
                "listenPort",
                String.valueOf(port),
                "bindAddress",
                "127.0.0.1",
                "storePathRootDir",
                directory.resolve("store").toString()),
            settings));
    return new MoietyBroker(directory, config, "127.0.0.1:" + port, run(directory, config));
  }

  private static Jvm run(Path directory, Path config) throws IOException {
    return Jvm.start(
        "moiety",
        List.of(
            "-Xmx384m",
            "-XX:+UseSerialGC",
            "-jar",
            System.getProperty("moiety.jar"),
            "broker",
            "-c",
            config.toString()),
        directory,
        "is ready on");
  }

  @Override
  public String nameServerAddress() {
    return address;
  }

  @Override
  public String brokerAddress() {
    return address;
  }

  @Override
  public void kill() {
    jvm.kill();
  }

  @Override
  public void startAgain() throws IOException {
    jvm = run(directory, config);
  }

  @Override
  public void close() {
    jvm.close();
    Settings.deleteDirectory(directory.resolve("store"));
  }
}
