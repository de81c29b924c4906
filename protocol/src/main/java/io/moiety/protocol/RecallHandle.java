package io.moiety.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.Optional;

/**
 * What a producer keeps to cancel a message with an exact delay: the URL form of base64 of
 *
 * <pre>v1 topic brokerName dueMillis uniqueKey</pre>
 *
 * <p>RocketMQ's clients read the broker's name in it, to know whom to ask.
 *
 * @param topic where the message is to be delivered
 * @param dueMillis when
 * @param uniqueKey the message's {@code UNIQ_KEY}
 */
public record RecallHandle(String topic, String brokerName, long dueMillis, String uniqueKey) {

  private static final String VERSION = "v1";
  private static final int PARTS = 5;

  /** As it is sent. */
  public String toText() {
    String plain =
        String.join(" ", VERSION, topic, brokerName, Long.toString(dueMillis), uniqueKey);
    return Base64.getUrlEncoder().encodeToString(plain.getBytes(UTF_8));
  }

  /** Empty when it is none. */
  public static Optional<RecallHandle> parse(String text) {
    try {
      String[] parts = new String(Base64.getUrlDecoder().decode(text), UTF_8).split(" ", -1);
      return parts.length == PARTS && parts[0].equals(VERSION)
          ? Optional.of(new RecallHandle(parts[1], parts[2], Long.parseLong(parts[3]), parts[4]))
          : Optional.empty();
    } catch (IllegalArgumentException notBase64OrNoNumber) {
      return Optional.empty();
    }
  }
}
