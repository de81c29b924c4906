package io.moiety.benchmarks.torture;

import io.moiety.benchmarks.process.JavaCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM that a run started and may kill; what it prints goes to a file. For one thread. */
final class Child implements AutoCloseable {
  /** Of the JVMs of a run: many of them, started again and again. */
  static final List<String> OPTIONS = List.of("-Xmx256m", "-XX:TieredStopAtLevel=1");

  private static final long END_LIMIT_SECONDS = 180;

  private final Process process;

  private Child(Process process) {
    this.process = process;
  }

  static Child start(JavaCommand command, Path output) throws IOException {
    return new Child(
        new ProcessBuilder(command.line())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
            .start());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  int exitCode() {
    return process.exitValue();
  }

  /** SIGKILL. When this returns, the process is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Closes its standard input, which asks a client to end. */
  void askToEnd() throws IOException {
    process.getOutputStream().close();
  }

  /** Whether it ended by itself and in order. */
  boolean awaitEnd() throws InterruptedException {
    return process.waitFor(END_LIMIT_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
