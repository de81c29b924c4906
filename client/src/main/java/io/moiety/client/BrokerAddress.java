package io.moiety.client;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a broker listens. The host is resolved at each attempt to connect, so a changed name record
 * is followed.
 */
public record BrokerAddress(String host, int port) {

  /** The standalone broker's {@code listenPort} when nothing else is configured. */
  public static final int DEFAULT_PORT = 9876;

  public BrokerAddress {
    if (host.isBlank()) {
      throw new IllegalArgumentException("The host of a broker's address is empty; give host:port");
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException(
          "Port " + port + " of broker " + host + " is not in 1..65535");
    }
  }

  /** Reads {@code host}, {@code host:port}, {@code [v6]} or {@code [v6]:port}. */
  public static BrokerAddress parse(String text) {
    String trimmed = text.strip();
    int hostEnd = trimmed.startsWith("[") ? trimmed.indexOf(']') + 1 : trimmed.lastIndexOf(':');
    if (trimmed.startsWith("[") && hostEnd == 0) {
      throw malformed(text);
    }
    if (hostEnd < 0 || hostEnd == trimmed.length()) {
      return new BrokerAddress(withoutBrackets(trimmed), DEFAULT_PORT);
    }
    String host = withoutBrackets(trimmed.substring(0, hostEnd));
    if (trimmed.charAt(hostEnd) != ':' || (host.indexOf(':') >= 0 && !trimmed.startsWith("["))) {
      throw malformed(text);
    }
    try {
      return new BrokerAddress(host, Integer.parseInt(trimmed, hostEnd + 1, trimmed.length(), 10));
    } catch (NumberFormatException notANumber) {
      throw malformed(text);
    }
  }

  /** Reads addresses that are separated by commas or semicolons. */
  public static List<BrokerAddress> parseList(String text) {
    List<BrokerAddress> addresses = new ArrayList<>();
    for (String part : text.split("[,;]", -1)) {
      addresses.add(parse(part));
    }
    return List.copyOf(addresses);
  }

  private static String withoutBrackets(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        "Broker address '" + text + "' is malformed; allowed are host:port and [v6 address]:port");
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
