package io.moiety.protocol;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** A host in a record: 4 or 16 address bytes and a 4-byte port. */
final class Hosts {

  static final int V4_BYTES = 4 + 4;
  static final int V6_BYTES = 16 + 4;

  private Hosts() {}

  static boolean isV6(InetSocketAddress host) {
    return host.getAddress() instanceof Inet6Address;
  }

  static int bytes(boolean v6) {
    return v6 ? V6_BYTES : V4_BYTES;
  }

  /** Writes at {@code index} and answers the index after it. */
  static int put(ByteBuffer target, int index, InetSocketAddress host) {
    byte[] address = host.getAddress().getAddress();
    target.put(index, address);
    target.putInt(index + address.length, host.getPort());
    return index + address.length + Integer.BYTES;
  }

  /** A port beyond 16 bits, which only a damaged or foreign record has, is read as 0. */
  static InetSocketAddress get(ByteBuffer source, int index, boolean v6) {
    byte[] address = new byte[bytes(v6) - Integer.BYTES];
    source.get(index, address);
    int port = source.getInt(index + address.length);
    return new InetSocketAddress(ofBytes(address), (port & 0xFFFF) == port ? port : 0);
  }

  static InetAddress ofBytes(byte[] address) {
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException impossible) {
      throw new IllegalArgumentException(
          "an address must have 4 or 16 bytes, not " + address.length, impossible);
    }
  }
}
