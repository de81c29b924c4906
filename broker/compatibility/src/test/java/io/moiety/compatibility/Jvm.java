package io.moiety.compatibility;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A Java process that the tests started. Its output goes to a file; a thread of its own copies it
 * and looks for the line that says that it serves.
 */
final class Jvm implements AutoCloseable {

  private static final long START_SECONDS = 90;
  private static final long STOP_SECONDS = 30;

  private final Process process;
  private final Path output;
  private final String readyText;
  private final CountDownLatch readyOrEnded = new CountDownLatch(1);
  private volatile boolean ready;

  private Jvm(Process process, Path output, String readyText) {
    this.process = process;
    this.output = output;
    this.readyText = readyText;
  }

  /**
   * Returns when it serves.
   *
   * @param arguments of {@code java}
   * @param readyText part of the line that says that it serves
   */
  static Jvm start(String name, List<String> arguments, Path directory, String readyText)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().put("ROCKETMQ_HOME", directory.toString());
    Path output = Files.createTempFile(directory, name + "-", ".log");
    Jvm jvm = new Jvm(builder.start(), output, readyText);
    // For tests that are ended before they close it.
    Runtime.getRuntime().addShutdownHook(new Thread(jvm.process::destroyForcibly));
    Thread copier = new Thread(jvm::copy, "output-of-" + name);
    copier.setDaemon(true);
    copier.start();
    jvm.awaitReady();
    return jvm;
  }

  private void awaitReady() throws IOException {
    try {
      boolean inTime = readyOrEnded.await(START_SECONDS, TimeUnit.SECONDS);
      if (!ready) {
        process.destroyForcibly();
        throw new IOException(
            (inTime ? "it ended" : "it did not say '" + readyText + "' in " + START_SECONDS + " s")
                + "; its output:\n"
                + Files.readString(output));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + output + " was awaited", e);
    }
  }

  private void copy() {
    try (BufferedReader lines =
            new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        Writer file = Files.newBufferedWriter(output, UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        file.write(line + "\n");
        file.flush();
        if (line.contains(readyText)) {
          ready = true;
          readyOrEnded.countDown();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the output of " + output + " cannot be copied", e);
    } finally {
      readyOrEnded.countDown();
    }
  }

  /** As a crash does it: SIGKILL. Returns when the process is gone. */
  void kill() {
    process.toHandle().destroyForcibly(); // Process.destroyForcibly would also close the output.
    await();
  }

  /** Asks it to end, and kills it when it does not. */
  @Override
  public void close() {
    process.toHandle().destroy();
    if (!await()) {
      kill();
    }
  }

  private boolean await() {
    try {
      return process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
