package io.moiety.protocol;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * RocketMQ's offset message ids: upper-case hexadecimal of the broker's address (4 or 16 bytes),
 * its port (4) and the record's position (8). {@code 7F00000100002A9F0000000000000000} is the
 * record at 0 of 127.0.0.1:10911.
 */
public final class MessageIds {

  private static final HexFormat HEX = HexFormat.of().withUpperCase();
  private static final int V4_ID_CHARS = 2 * (Hosts.V4_BYTES + Long.BYTES);
  private static final int V6_ID_CHARS = 2 * (Hosts.V6_BYTES + Long.BYTES);

  private MessageIds() {}

  public static String offsetMessageId(InetSocketAddress host, long position) {
    ByteBuffer bytes = ByteBuffer.allocate(Hosts.bytes(Hosts.isV6(host)) + Long.BYTES);
    int at = Hosts.put(bytes, 0, host);
    bytes.putLong(at, position);
    return HEX.formatHex(bytes.array());
  }

  /**
   * Takes an id apart, in either case of letters.
   *
   * @throws IllegalArgumentException when it is not an offset message id
   */
  public static ParsedId parseOffsetMessageId(String id) {
    if (id.length() != V4_ID_CHARS && id.length() != V6_ID_CHARS) {
      throw new IllegalArgumentException(
          "an offset message id has "
              + V4_ID_CHARS
              + " or "
              + V6_ID_CHARS
              + " hexadecimal digits, this one has "
              + id.length()
              + " characters");
    }
    ByteBuffer bytes = ByteBuffer.wrap(HEX.parseHex(id));
    boolean v6 = id.length() == V6_ID_CHARS;
    return new ParsedId(Hosts.get(bytes, 0, v6), bytes.getLong(Hosts.bytes(v6)));
  }

  /**
   * What an offset message id says.
   *
   * @param host of the broker that stored the record
   * @param position in that broker's log
   */
  public record ParsedId(InetSocketAddress host, long position) {}
}
