package io.moiety.jms;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The header JMSCorrelationID, which is text or, for those who talk to systems with binary ids,
 * bytes (Jakarta Messaging 3.1, section 3.4.5). Whichever was not set is the other in UTF-8, and
 * bytes that are UTF-8 are stored as the text. Immutable.
 */
final class CorrelationId {

  /** Ends a property, so no property's value has it. */
  private static final char VALUE_END = 2;

  static final CorrelationId NONE = new CorrelationId(null, null);

  private final @Nullable String text;
  private final byte @Nullable [] bytes;

  private CorrelationId(@Nullable String text, byte @Nullable [] bytes) {
    this.text = text;
    this.bytes = bytes;
  }

  static CorrelationId ofText(@Nullable String text) {
    return text == null ? NONE : new CorrelationId(text, null);
  }

  static CorrelationId ofBytes(byte @Nullable [] bytes) {
    return bytes == null ? NONE : new CorrelationId(null, bytes.clone());
  }

  /** Reads what {@link #stored} wrote; none for what nobody wrote so. */
  static CorrelationId ofStored(String stored) {
    try {
      return new CorrelationId(null, Base64.getDecoder().decode(stored));
    } catch (IllegalArgumentException foreign) {
      return NONE;
    }
  }

  @Nullable String text() {
    return bytes == null ? text : new String(bytes, StandardCharsets.UTF_8);
  }

  byte @Nullable [] bytes() {
    if (bytes != null) {
      return Arrays.copyOf(bytes, bytes.length);
    }
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * As a property holds one that is no text which it could hold as it is; null for others, whose
   * text selectors and other clients see.
   */
  @Nullable String stored() {
    byte[] given = bytes();
    return given == null || isPlain(given, text())
        ? null
        : Base64.getEncoder().encodeToString(given);
  }

  private static boolean isPlain(byte[] bytes, @Nullable String text) {
    return text != null
        && text.indexOf(VALUE_END) < 0
        && Arrays.equals(bytes, text.getBytes(StandardCharsets.UTF_8));
  }
}
