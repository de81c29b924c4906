package io.moiety.broker.config;

/** A value that cannot be used. The message names the key, the value and what is allowed. */
public final class ConfigException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String key;

  ConfigException(String key, String value, String allowed) {
    super(key + "=" + value + " cannot be used; allowed: " + allowed);
    this.key = key;
  }

  /** The property that has to be changed. */
  public String key() {
    return key;
  }
}
