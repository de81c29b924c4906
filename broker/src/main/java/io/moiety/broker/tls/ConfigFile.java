package io.moiety.broker.tls;

import io.moiety.broker.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file that a property names, and the words in which it is refused. */
final class ConfigFile {

  private static final long MAX_BYTES = 1024 * 1024;
  private static final int ASN1_SEQUENCE = 0x30;

  private final String property;
  private final Path path;
  private final byte[] bytes;

  private ConfigFile(String property, Path path, byte[] bytes) {
    this.property = property;
    this.path = path;
    this.bytes = bytes;
  }

  static ConfigFile read(String property, Path path) {
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw new ConfigException(
            property, path, "it has more than " + MAX_BYTES + " bytes; name the right file", null);
      }
      return new ConfigFile(property, path, Files.readAllBytes(path));
    } catch (NoSuchFileException missing) {
      throw new ConfigException(property, path, "there is no such file", missing);
    } catch (IOException unreadable) {
      throw new ConfigException(
          property, path, "it cannot be read (" + unreadable + ")", unreadable);
    }
  }

  byte[] bytes() {
    return bytes.clone();
  }

  /** True when it begins as binary certificates do, and PEM does not. */
  boolean isBinary() {
    return bytes.length > 0 && bytes[0] == ASN1_SEQUENCE;
  }

  ConfigException refused(String why) {
    return refused(why, null);
  }

  ConfigException refused(String why, @Nullable Throwable cause) {
    return new ConfigException(property, path, why, cause);
  }
}
