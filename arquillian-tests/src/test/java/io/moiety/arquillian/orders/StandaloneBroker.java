package io.moiety.arquillian.orders;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A broker in a process of its own, always on the same port. */
public final class StandaloneBroker implements AutoCloseable {
  private final Path directory;
  private final int port;
  private Process process;

  private StandaloneBroker(Path directory, int port, Process process) {
    this.directory = directory;
    this.port = port;
    this.process = process;
  }

  public static StandaloneBroker start(Path directory, int port) throws IOException {
    StandaloneBroker broker = new StandaloneBroker(directory, port, launch(directory, port));
    try {
      broker.awaitReady();
      return broker;
    } catch (RuntimeException notReady) {
      broker.close();
      throw notReady;
    }
  }

  public long pid() {
    return process.pid();
  }

  /** With SIGKILL. Returns when the process is gone: its exit code. */
  public int kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      throw new AssertionError("the broker lives still");
    }
    return process.exitValue();
  }

  /** Starts a broker that was killed again. */
  public void restart() throws IOException {
    process = launch(directory, port);
    awaitReady();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private void awaitReady() {
    Awaitility.await("the broker accepts connections")
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> {
              try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return probe.isConnected();
              }
            });
  }

  private static Process launch(Path directory, int port) throws IOException {
    Path config = directory.resolve("broker.properties");
    Files.writeString(config, Application.BROKER_PROPERTIES.replace(';', '\n'));
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-jar",
            System.getProperty("moiety.jar"),
            "broker",
            "--config",
            config.toString(),
            "--port",
            Integer.toString(port),
            "--store",
            directory.resolve("store").toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("broker.log").toFile()))
        .start();
  }
}
