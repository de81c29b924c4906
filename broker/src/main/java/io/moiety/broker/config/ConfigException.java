package io.moiety.broker.config;

import org.jspecify.annotations.Nullable;

/** A value that cannot be used. The message names the key, the value and what is allowed. */
public final class ConfigException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String key;

  ConfigException(String key, String value, String allowed) {
    super(key + "=" + value + " cannot be used; allowed: " + allowed);
    this.key = key;
  }

  /**
   * For what a property names, such as a file.
   *
   * @param why what is wrong with it and what to do
   */
  public ConfigException(String key, Object named, String why, @Nullable Throwable cause) {
    super(key + "=" + named + " cannot be used: " + why, cause);
    this.key = key;
  }

  /** The property that has to be changed. */
  public String key() {
    return key;
  }
}
