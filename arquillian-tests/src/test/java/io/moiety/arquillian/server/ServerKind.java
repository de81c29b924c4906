package io.moiety.arquillian.server;

import java.nio.file.Path;
import java.util.Locale;

/** Which server the tests of this run are about; the build runs them once for each. */
public enum ServerKind {
  WILDFLY,
  PAYARA;

  /** As the system property {@code moiety.server} says. */
  public static ServerKind ofThisRun() {
    return valueOf(System.getProperty("moiety.server", "wildfly").toUpperCase(Locale.ROOT));
  }

  /** Where the build has unpacked it; shared by all tests, so nothing is written there. */
  public Path home() {
    String property = this == WILDFLY ? "wildfly.home" : "payara.home";
    String home = System.getProperty(property);
    if (home == null) {
      throw new IllegalStateException(
          property + " is not set: it names the unpacked server, and the build sets it");
    }
    return Path.of(home);
  }
}
