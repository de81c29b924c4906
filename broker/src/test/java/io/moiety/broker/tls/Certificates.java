package io.moiety.broker.tls;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** The certificates that the tests use; {@code make.sh} beside them makes them. */
public final class Certificates {

  public static final String PASSWORD = "changeit";

  private Certificates() {}

  public static Path file(String name) {
    try {
      URI found = requireNonNull(Certificates.class.getResource("/tls/" + name)).toURI();
      return Path.of(found);
    } catch (URISyntaxException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
