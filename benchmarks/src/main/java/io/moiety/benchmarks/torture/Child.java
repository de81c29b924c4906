package io.moiety.benchmarks.torture;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM that a run started and may kill; what it prints goes to a file. For one thread. */
final class Child implements AutoCloseable {
  private static final long END_LIMIT_SECONDS = 180;

  private final Process process;

  private Child(Process process) {
    this.process = process;
  }

  static Child start(String classPath, String mainClass, List<String> arguments, Path output)
      throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp", classPath, mainClass));
    line.addAll(arguments);
    return new Child(
        new ProcessBuilder(line)
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
