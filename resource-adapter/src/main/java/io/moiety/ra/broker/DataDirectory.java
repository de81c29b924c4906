package io.moiety.ra.broker;

import jakarta.resource.spi.InvalidPropertyException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Where an embedded broker keeps its store: in the server's data directory. Stateless. */
public final class DataDirectory {

  private static final String NAME = "moiety";

  /** Of WildFly and JBoss EAP; of Payara and GlassFish. */
  private static final List<String> SERVER_PROPERTIES =
      List.of("jboss.server.data.dir", "com.sun.aas.instanceRoot");

  private DataDirectory() {}

  /**
   * The configured directory, else one in the server's.
   *
   * @param configured empty for the server's
   * @param systemProperties null for those that are not set
   */
  public static Path choose(String configured, Function<String, String> systemProperties)
      throws InvalidPropertyException {
    if (!configured.isBlank()) {
      return Path.of(configured.trim());
    }
    return SERVER_PROPERTIES.stream()
        .flatMap(property -> Optional.ofNullable(systemProperties.apply(property)).stream())
        .findFirst()
        .map(directory -> Path.of(directory, NAME))
        .orElseThrow(
            () ->
                new InvalidPropertyException(
                    "This server names no data directory (none of "
                        + SERVER_PROPERTIES
                        + " is set). Set the resource adapter's storeDirectory, or addresses for a"
                        + " broker that runs elsewhere"));
  }
}
