package io.moiety.broker.filter;

/** A tag expression or selector that cannot be understood; the message names it and the place. */
public final class BadFilterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BadFilterException(String message) {
    super(message);
  }

  BadFilterException(String message, Throwable cause) {
    super(message, cause);
  }
}
