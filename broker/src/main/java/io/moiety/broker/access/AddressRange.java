package io.moiety.broker.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** IP addresses that begin with the same bits: {@code 10.1.0.0/16}, or a single one. */
final class AddressRange {

  private static final String BYTE = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";

  /**
   * Four numbers for IPv4: fewer are read in several ways. With a colon the JDK looks nothing up.
   */
  private static final Pattern NUMERIC =
      Pattern.compile(BYTE + "(\\." + BYTE + "){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private final byte[] beginning;
  private final int bits;

  private AddressRange(byte[] beginning, int bits) {
    this.beginning = beginning;
    this.bits = bits;
  }

  /**
   * Reads a range; host names are not looked up.
   *
   * @throws IllegalArgumentException when it is none
   */
  static AddressRange parse(String text) {
    String[] parts = text.split("/", -1);
    try {
      if (parts.length <= 2 && NUMERIC.matcher(parts[0]).matches()) {
        byte[] address = InetAddress.getByName(parts[0]).getAddress();
        int most = address.length * Byte.SIZE;
        int bits = parts.length == 1 ? most : Integer.parseInt(parts[1]);
        if (bits >= 0 && bits <= most) {
          return new AddressRange(address, bits);
        }
      }
    } catch (UnknownHostException | NumberFormatException malformed) {
      throw refused(text);
    }
    throw refused(text);
  }

  private static IllegalArgumentException refused(String text) {
    return new IllegalArgumentException(
        "'" + text + "' is no address; allowed: an IP address, or its beginning as 10.1.0.0/16");
  }

  boolean contains(InetAddress address) {
    byte[] other = address.getAddress();
    if (other.length != beginning.length) {
      return false;
    }
    int whole = bits / Byte.SIZE;
    for (int i = 0; i < whole; i++) {
      if (other[i] != beginning[i]) {
        return false;
      }
    }
    int rest = bits % Byte.SIZE;
    int mask = 0xFF << (Byte.SIZE - rest);
    return rest == 0 || ((other[whole] ^ beginning[whole]) & mask & 0xFF) == 0;
  }
}
