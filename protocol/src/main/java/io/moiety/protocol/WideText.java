package io.moiety.protocol;

import java.nio.ByteBuffer;

/**
 * Text that UTF-8 cannot hold: Java's strings may have half of a surrogate pair, which an encoder
 * would replace by a question mark. Such text is stored by its characters instead, two bytes each,
 * big-endian. Stateless.
 */
public final class WideText {

  private WideText() {}

  /** True for text with half of a surrogate pair. */
  public static boolean isNeededFor(String text) {
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (Character.isSurrogate(character)) {
        boolean paired =
            Character.isHighSurrogate(character)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!paired) {
          return true;
        }
        i++;
      }
    }
    return false;
  }

  /** Two bytes for each character. */
  public static byte[] encode(String text) {
    byte[] bytes = new byte[2 * text.length()];
    ByteBuffer.wrap(bytes).asCharBuffer().put(text);
    return bytes;
  }

  /** Reads what {@link #encode} wrote; a last odd byte is passed over. */
  public static String decode(ByteBuffer bytes) {
    return bytes.asCharBuffer().toString();
  }
}
