package io.moiety.broker.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A broker in a process of its own, from the jar that users start, on a free port. */
final class BrokerProcess implements AutoCloseable {
  private static final int MOST_LINES = 2_000;
  private static final Pattern READY = Pattern.compile("is ready on .*:(\\d+), store");

  private final Process process;
  private final int port;
  private final List<String> output;

  private BrokerProcess(Process process, int port, List<String> output) {
    this.process = process;
    this.port = port;
    this.output = output;
  }

  static BrokerProcess start(Path store) {
    return start(store, Map.of("mappedFileSizeCommitLog", "9437184"));
  }

  static BrokerProcess start(Path store, Map<String, String> properties) {
    try {
      Path config = store.resolveSibling("broker.properties");
      Files.writeString(
          config,
          String.join(
              "\n",
              "listenPort=0",
              "bindAddress=127.0.0.1",
              "brokerIP1=127.0.0.1",
              "flushDiskType=SYNC_FLUSH",
              "snapshotIntervalBytes=65536",
              "storePathRootDir=" + store,
              properties.entrySet().stream()
                  .map(property -> property.getKey() + "=" + property.getValue())
                  .collect(Collectors.joining("\n"))));
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx256m",
                  "-jar",
                  System.getProperty("moiety.jar"),
                  "broker",
                  "-c",
                  config.toString())
              .redirectErrorStream(true)
              .start();
      List<String> output = new CopyOnWriteArrayList<>();
      return new BrokerProcess(process, awaitReady(process, output), output);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static int awaitReady(Process process, List<String> output) {
    CompletableFuture<Integer> port = new CompletableFuture<>();
    Thread reader = new Thread(() -> read(process, port, output), "broker-output");
    reader.setDaemon(true);
    reader.start();
    try {
      return Wire.await(port);
    } catch (RuntimeException | AssertionError failure) {
      process.destroyForcibly();
      throw failure;
    }
  }

  /** Reads to the end, since a full pipe would stop the broker. */
  private static void read(Process process, CompletableFuture<Integer> port, List<String> lines) {
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        Matcher ready = READY.matcher(line);
        if (ready.find()) {
          port.complete(Integer.parseInt(ready.group(1)));
        } else if (lines.size() < MOST_LINES) {
          lines.add(line);
        }
      }
    } catch (IOException closed) {
      lines.add(closed.toString());
    }
    port.completeExceptionally(
        new IllegalStateException("the broker ended before it was ready: " + lines));
  }

  /** What the process has said so far. */
  List<String> output() {
    return output;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  int port() {
    return port;
  }

  /** SIGKILL. When this returns, the process is gone. */
  void kill() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new AssertionError("the broker survived SIGKILL for 60 s");
      }
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
