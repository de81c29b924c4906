package io.moiety.arquillian.server;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Commands for Payara's administration, cut at the lines that deploy. What follows one of them
 * belongs to its archive, and so do an adapter's settings, which come before it: undeploying an
 * adapter takes its settings and its connection pools with it. Immutable.
 */
final class PayaraScript {

  private static final String SETTINGS = "create-resource-adapter-config ";

  private final List<String> lines;

  PayaraScript(String text) {
    this.lines = text.lines().toList();
  }

  /** What comes before the first deployment and belongs to none. */
  String before() {
    return String.join(
        "\n",
        lines.stream()
            .takeWhile(line -> !deploys(line))
            .filter(line -> !line.startsWith(SETTINGS))
            .toList());
  }

  /** An archive's settings, its deployment and what follows it, with the archive where it lies. */
  String deployment(Path archive) {
    String command = "deploy " + archive.getFileName();
    int begin = lines.indexOf(command);
    if (begin < 0) {
      throw new IllegalStateException("no line \"" + command + "\" in " + lines);
    }
    String settings =
        lines.stream()
            .filter(line -> line.startsWith(SETTINGS))
            .filter(line -> line.endsWith(" " + Asadmin.deployment(archive)))
            .collect(Collectors.joining("\n"));
    List<String> after =
        lines.subList(begin + 1, lines.size()).stream().takeWhile(line -> !deploys(line)).toList();
    return settings + "\ndeploy " + archive.toAbsolutePath() + "\n" + String.join("\n", after);
  }

  private static boolean deploys(String line) {
    return line.startsWith("deploy ");
  }
}
