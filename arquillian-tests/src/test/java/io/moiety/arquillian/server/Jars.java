package io.moiety.arquillian.server;

import java.net.URI;
import java.nio.file.Path;

/** Libraries of this test's class path, as files. Stateless. */
public final class Jars {

  private Jars() {}

  /** The archive that a class comes from. */
  public static Path of(Class<?> type) {
    return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()));
  }
}
