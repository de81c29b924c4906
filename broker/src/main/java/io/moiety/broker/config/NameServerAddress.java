package io.moiety.broker.config;

import java.util.Arrays;
import java.util.List;

/**
 * A name server to register with. The host is looked up at each attempt to connect, so a changed
 * name record is followed.
 */
public record NameServerAddress(String host, int port) {
  private static final String ALLOWED = "host:port or [v6 address]:port, separated by semicolons";
  private static final int MAX_PORT = 65_535;

  /** Reads RocketMQ's {@code namesrvAddr}: addresses that are separated by semicolons. */
  static List<NameServerAddress> parseList(String key, String text) {
    return Arrays.stream(text.split(";"))
        .map(String::strip)
        .filter(address -> !address.isEmpty())
        .map(address -> parse(key, address))
        .distinct()
        .toList();
  }

  private static NameServerAddress parse(String key, String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (bracketed) {
      host = host.substring(1, host.length() - 1);
    }
    if (host.isBlank() || (host.contains(":") && !bracketed)) {
      throw new ConfigException(key, text, ALLOWED);
    }
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (port >= 1 && port <= MAX_PORT) {
        return new NameServerAddress(host, port);
      }
      throw new ConfigException(key, text, ALLOWED);
    } catch (NumberFormatException notANumber) {
      throw new ConfigException(key, text, ALLOWED);
    }
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
