package io.moiety.arquillian.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Payara's administration, one process for all commands: starting it takes longer than most of
 * them. Used by one thread.
 */
final class Asadmin implements AutoCloseable {

  private final Process process;
  private final Writer commands;
  private final BufferedReader answers;

  private Asadmin(Process process) {
    this.process = process;
    this.commands = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts the process, which connects for each command anew. */
  static Asadmin open(int adminPort) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                PayaraDomain.asadmin(
                    "--port", Integer.toString(adminPort), "--interactive=false", "multimode"))
            .redirectErrorStream(true);
    PayaraDomain.useThisJava(builder.environment());
    return new Asadmin(builder.start());
  }

  /** All lines of a file that say something. */
  void runAll(String script) throws IOException {
    for (String line : (Iterable<String>) script.lines()::iterator) {
      if (!line.isBlank() && !line.startsWith("#")) {
        run(line);
      }
    }
  }

  /**
   * Returns what it printed.
   *
   * @throws AssertionError when the command failed, with what it printed
   */
  String run(String command) throws IOException {
    commands.write(command + "\n");
    commands.flush();
    String name = command.split(" ", 2)[0];
    StringBuilder printed = new StringBuilder();
    for (String line = answers.readLine(); line != null; line = answers.readLine()) {
      printed.append(line).append('\n');
      if (line.contains("Command " + name + " executed successfully")) {
        return printed.toString();
      }
      if (line.contains("Command " + name + " failed")) {
        break;
      }
    }
    throw new AssertionError(command + "\n" + printed);
  }

  static String deployment(Path archive) {
    String name = archive.getFileName().toString();
    return name.substring(0, name.lastIndexOf('.'));
  }

  @Override
  public void close() {
    process.destroy();
    try {
      commands.close();
      answers.close();
    } catch (IOException failure) {
      throw new UncheckedIOException("the administration's process", failure);
    }
  }
}
