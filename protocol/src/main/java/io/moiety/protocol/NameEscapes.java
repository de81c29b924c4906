package io.moiety.protocol;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Names of Jakarta Messaging, which may hold any character, in the character set of RocketMQ's:
 * what that does not have is written as {@code %} and the hexadecimal of each byte of UTF-8.
 */
public final class NameEscapes {

  private static final String TOPIC_PUNCTUATION = "%|_-";
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private NameEscapes() {}

  /**
   * The topic of the destination of this name. All characters of RocketMQ's names stay, so that
   * what other clients made can be named.
   */
  public static String topic(String name) {
    return escape(name, TOPIC_PUNCTUATION);
  }

  /**
   * The name in letters, digits and the punctuation that is kept.
   *
   * @param keptPunctuation what stays as it is besides letters and digits
   */
  public static String escape(String name, String keptPunctuation) {
    StringBuilder escaped = new StringBuilder(name.length());
    for (byte octet : name.getBytes(StandardCharsets.UTF_8)) {
      char character = (char) (octet & 0xFF);
      boolean plain =
          (character >= 'a' && character <= 'z')
              || (character >= 'A' && character <= 'Z')
              || (character >= '0' && character <= '9')
              || keptPunctuation.indexOf(character) >= 0;
      if (plain) {
        escaped.append(character);
      } else {
        escaped.append('%').append(HEX.toHexDigits(octet));
      }
    }
    return escaped.toString();
  }
}
