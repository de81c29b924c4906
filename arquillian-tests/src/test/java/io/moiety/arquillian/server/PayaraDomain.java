package io.moiety.arquillian.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.stream.Collectors;

/**
 * A domain of Payara: a copy of the one that comes with it, with ports and JVM options of its own.
 * Immutable; what the server writes is in {@link #directory}.
 *
 * @param directory whose name is the domain's
 * @param portOffset what is added to all ports
 */
record PayaraDomain(Path directory, int portOffset) {

  static final int ADMIN_PORT = 4848;
  static final int HTTP_PORT = 8080;

  /** HTTP, admin, IIOP, JMX, the server's own messages, consoles, debugger, data grid. */
  private static final List<Integer> PORTS =
      List.of(HTTP_PORT, 8181, ADMIN_PORT, 3700, 3820, 3920, 8686, 7676, 6666, 9009, 4900, 5900);

  /**
   * Lays it out.
   *
   * @param directory not there yet
   * @param jvmOptions added to those that it comes with
   * @param resources added to those that it comes with, in the words of {@code domain.xml}
   */
  static PayaraDomain lay(Path directory, List<String> jvmOptions, String resources)
      throws IOException {
    int portOffset = FreePorts.offset(PORTS);
    FileTree.copy(ServerKind.PAYARA.home().resolve("glassfish/domains/domain1"), directory);
    Path file = directory.resolve("config/domain.xml");
    Files.writeString(file, configured(Files.readString(file), portOffset, jvmOptions, resources));
    return new PayaraDomain(directory, portOffset);
  }

  int adminPort() {
    return ADMIN_PORT + portOffset;
  }

  int httpPort() {
    return HTTP_PORT + portOffset;
  }

  /** The command line of Payara's own launcher and administration, which needs no shell. */
  static List<String> asadmin(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                ServerKind.PAYARA
                    .home()
                    .resolve("glassfish/lib/client/appserver-cli.jar")
                    .toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Payara starts its JVM from this variable's. */
  static void useThisJava(Map<String, String> environment) {
    environment.put("AS_JAVA", System.getProperty("java.home"));
  }

  private static String configured(
      String xml, int portOffset, List<String> jvmOptions, String resources) {
    String text = xml;
    for (int port : PORTS) {
      text =
          text.replaceAll(
              "(port=\"|_PORT\" value=\"|shell\\.telnet\\.port=)" + port + "(?=[\"<])",
              "$1" + (port + portOffset));
    }
    String options =
        jvmOptions.stream()
            .map(option -> "<jvm-options>" + option.replace("&", "&amp;") + "</jvm-options>")
            .collect(Collectors.joining("\n"));
    return text.replaceFirst("<resources>", Matcher.quoteReplacement("<resources>" + resources))
        .replaceAll("<jvm-options>-Xm[sx][^<]*</jvm-options>", "")
        .replaceFirst(
            "<jvm-options>",
            Matcher.quoteReplacement(
                "<jvm-options>-Xmx640m</jvm-options>\n" + options + "\n<jvm-options>"));
  }
}
