package io.moiety.benchmarks.compare;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.moiety.benchmarks.process.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A JVM that a comparison started. What it prints goes to a file, and line by line to who waits for
 * one. Owner: the thread that compares; a thread of its own copies the output.
 */
final class Jvm implements AutoCloseable {

  /** The line of a stack trace that says what happened. */
  private static final Pattern FAILURE = Pattern.compile("(Exception|Error): |^moiety: ");

  private static final int KEPT_LINES = 10_000;
  private static final long STOP_SECONDS = 30;

  private final String name;
  private final Process process;
  private final Path output;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>(KEPT_LINES);
  private final Thread copier;

  private Jvm(String name, Process process, Path output) {
    this.name = name;
    this.process = process;
    this.output = output;
    this.copier = new Thread(this::copy, "output-of-" + name);
    copier.setDaemon(true);
  }

  static Jvm start(JavaCommand command, Path workDirectory) throws IOException {
    Path output = Files.createTempFile(workDirectory, command.name() + "-", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command.line())
            .directory(workDirectory.toFile())
            .redirectErrorStream(true);
    builder.environment().putAll(command.environment());
    Jvm jvm = new Jvm(command.name(), builder.start(), output);
    jvm.copier.start();
    return jvm;
  }

  /**
   * The next line that contains the text.
   *
   * @throws FigureException when the process ends before, or the time is over
   */
  String awaitLine(String text, Duration timeout) throws FigureException, InterruptedException {
    long until = System.nanoTime() + timeout.toNanos();
    while (System.nanoTime() < until) {
      String line = lines.poll(50, TimeUnit.MILLISECONDS);
      if (line != null && line.contains(text)) {
        return line;
      }
      if (line == null && !process.isAlive() && !copier.isAlive() && lines.isEmpty()) {
        throw new FigureException(
            "the %s ended with code %d: %s".formatted(name, process.exitValue(), lastWords()));
      }
    }
    throw new FigureException(
        "the %s did not say '%s' within %d s: %s"
            .formatted(name, text, timeout.toSeconds(), lastWords()));
  }

  /** A broker that dies, or a load generator that does, makes its figures worthless. */
  void requireAlive() throws FigureException {
    if (!process.isAlive()) {
      throw new FigureException(
          "the %s ended with code %d: %s".formatted(name, process.exitValue(), lastWords()));
    }
  }

  long pid() {
    return process.pid();
  }

  ProcessUsage usage() throws IOException {
    return ProcessUsage.of(pid());
  }

  /** As the kernel does it when memory is short: SIGKILL. */
  void kill() throws InterruptedException {
    process.toHandle().destroyForcibly(); // Process.destroyForcibly would also close the output.
    process.waitFor();
  }

  /** Asks it to end, and kills it when it does not. */
  @Override
  public void close() throws InterruptedException {
    process.toHandle().destroy();
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      kill();
    }
  }

  private String lastWords() {
    try {
      List<String> all = Files.readAllLines(output, UTF_8);
      return all.stream()
          .filter(line -> FAILURE.matcher(line).find())
          .findFirst()
          .or(() -> all.stream().filter(line -> !line.isBlank()).reduce((first, last) -> last))
          .map(line -> line.replace('|', '/') + " (" + output.getFileName() + ")")
          .orElse("it printed nothing");
    } catch (IOException unreadable) {
      return "its output cannot be read: " + unreadable;
    }
  }

  private void copy() {
    try (BufferedReader reader =
            new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        Writer file = Files.newBufferedWriter(output, UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        file.write(line + "\n");
        file.flush();
        if (!lines.offer(line)) {
          lines.poll(); // Nobody reads a broker's lines after its start: the oldest goes.
          lines.offer(line);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the output of " + name + " cannot be copied", e);
    }
  }
}
