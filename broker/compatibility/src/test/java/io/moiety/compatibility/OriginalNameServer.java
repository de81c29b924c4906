package io.moiety.compatibility;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Apache RocketMQ's name server, in a JVM of its own. */
final class OriginalNameServer implements AutoCloseable {

  /**
   * Tag of tests that start one also where Moiety is judged: it is there with {@code -Pcompare}.
   */
  static final String NEEDED = "original-name-server";

  private static final String READY = "boot success";

  private final Path directory;
  private final Path config;
  private final String address;
  private volatile Jvm jvm;

  private OriginalNameServer(Path directory, Path config, int port) throws IOException {
    this.directory = directory;
    this.config = config;
    this.address = "127.0.0.1:" + port;
    this.jvm = run();
  }

  static OriginalNameServer start(Path directory) throws IOException {
    int port = FreePorts.one();
    Path config = Files.createTempFile(directory, "names-", ".properties");
    Files.writeString(config, "listenPort=" + port + "\n");
    return new OriginalNameServer(directory, config, port);
  }

  private Jvm run() throws IOException {
    return Jvm.start(
        "name-server",
        arguments(directory, "-Xmx256m", "org.apache.rocketmq.namesrv.NamesrvStartup", config),
        directory,
        READY);
  }

  /** Of {@code java}, for one of RocketMQ's processes. */
  static List<String> arguments(Path directory, String heap, String mainClass, Path config) {
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

  /** What clients and brokers take for {@code namesrvAddr}. */
  String address() {
    return address;
  }

  /** Ends it and starts it again on its port: it knows of no broker then. */
  void restart() throws IOException {
    jvm.kill();
    jvm = run();
  }

  @Override
  public void close() {
    jvm.close();
  }
}
