package io.moiety.arquillian.server;

import java.nio.file.Path;
import java.util.List;

/**
 * Commands for Payara's administration, cut at the lines that deploy: what follows one of them
 * belongs to its archive, since undeploying an adapter takes its connection pools with it.
 * Immutable.
 */
final class PayaraScript {

  private final List<String> lines;

  PayaraScript(String text) {
    this.lines = text.lines().toList();
  }

  /** What comes before the first deployment. */
  String before() {
    return String.join("\n", lines.stream().takeWhile(line -> !deploys(line)).toList());
  }

  /** An archive's deployment and what follows it, with the archive where it lies. */
  String deployment(Path archive) {
    String command = "deploy " + archive.getFileName();
    int begin = lines.indexOf(command);
    if (begin < 0) {
      throw new IllegalStateException("no line \"" + command + "\" in " + lines);
    }
    List<String> after =
        lines.subList(begin + 1, lines.size()).stream().takeWhile(line -> !deploys(line)).toList();
    return "deploy " + archive.toAbsolutePath() + "\n" + String.join("\n", after);
  }

  private static boolean deploys(String line) {
    return line.startsWith("deploy ");
  }
}
