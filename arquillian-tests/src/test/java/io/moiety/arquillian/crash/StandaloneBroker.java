package io.moiety.arquillian.crash;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A broker in a process of its own, always on the same port. */
final class StandaloneBroker implements AutoCloseable {
  private final Path directory;
  private final int port;
  private Process process;

  private StandaloneBroker(Path directory, int port, Process process) {
    this.directory = directory;
    this.port = port;
    this.process = process;
  }

  static StandaloneBroker start(Path directory, int port) throws IOException {
    StandaloneBroker broker = new StandaloneBroker(directory, port, launch(directory, port));
    try {
      broker.awaitReady();
      return broker;
    } catch (RuntimeException notReady) {
      broker.close();
      throw notReady;
    }
  }

  long pid() {
    return process.pid();
  }

  /** Waits until the process was killed, and starts it again. */
  void restartAfterDeath() throws IOException, InterruptedException {
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      throw new AssertionError("the broker lives still");
    }
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
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-jar",
            System.getProperty("moiety.jar"),
            "broker",
            "--port",
            Integer.toString(port),
            "--store",
            directory.resolve("store").toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("broker.log").toFile()))
        .start();
  }
}
