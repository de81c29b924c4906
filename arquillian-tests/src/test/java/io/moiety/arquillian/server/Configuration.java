package io.moiety.arquillian.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The servers' configurations among this package's resources; docs/adapter.md quotes them. */
public final class Configuration {

  private Configuration() {}

  /** The text of one of them. */
  public static String text(String name) {
    try (InputStream resource = open(name)) {
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(name, failure);
    }
  }

  static void copy(String name, Path to) throws IOException {
    try (InputStream resource = open(name)) {
      Files.copy(resource, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static InputStream open(String name) {
    InputStream resource = Configuration.class.getResourceAsStream(name);
    if (resource == null) {
      throw new IllegalStateException(
          name + " is not among the resources of " + Configuration.class);
    }
    return resource;
  }
}
