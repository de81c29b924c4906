package io.moiety.arquillian.server;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a test wants of a server.
 *
 * @param directory empty, or not there yet; takes all that the server writes, and outlives kills
 * @param base WildFly's own configuration that this changes; Payara has one only
 * @param configurations among this package's resources, without the ending that tells the server; a
 *     later one goes on where the one before it ended
 * @param archives deployed in this order
 * @param properties system properties; the configuration may refer to them as {@code ${name}}
 * @param options more of the JVM's
 */
public record ServerSetup(
    Path directory,
    String base,
    List<String> configurations,
    List<Path> archives,
    Map<String, String> properties,
    List<String> options) {

  /** Of WildFly, without the messaging that it brings. */
  public static final String STANDALONE = "standalone.xml";

  /** Of WildFly, with the messaging that it brings. */
  public static final String STANDALONE_FULL = "standalone-full.xml";

  public ServerSetup {
    configurations = List.copyOf(configurations);
    archives = List.copyOf(archives);
    properties = Map.copyOf(properties);
    options = List.copyOf(options);
  }

  /** For the command line, in an order that does not change. */
  List<String> jvmOptions() {
    List<String> all = new ArrayList<>(options);
    properties.keySet().stream()
        .sorted()
        .forEach(name -> all.add("-D" + name + "=" + properties.get(name)));
    return all;
  }
}
