package io.moiety.protocol;

import org.jspecify.annotations.Nullable;

/** A request or response field that is missing or has a value that is not allowed. */
public final class BadFieldException extends ProtocolException {

  private static final long serialVersionUID = 1L;
  private static final int MAX_SHOWN_CHARS = 200;

  private final String field;

  /**
   * @param value what was found, or null when the field is missing
   * @param allowed what would have been right, as in "a whole number of 32 bits"
   */
  public BadFieldException(String field, @Nullable String value, String allowed) {
    super(
        value == null
            ? "field '" + field + "' is missing; it must be " + allowed
            : "field '" + field + "' is '" + shortened(value) + "'; it must be " + allowed);
    this.field = field;
  }

  public String field() {
    return field;
  }

  private static String shortened(String value) {
    return value.length() <= MAX_SHOWN_CHARS ? value : value.substring(0, MAX_SHOWN_CHARS) + "…";
  }
}
