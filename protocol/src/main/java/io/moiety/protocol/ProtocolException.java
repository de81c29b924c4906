package io.moiety.protocol;

/**
 * Bytes or fields from outside that cannot be what they claim to be. The message says what was
 * found, where, and what is allowed; it never carries a message body.
 */
public abstract sealed class ProtocolException extends RuntimeException
    permits BadFieldException,
        MalformedBodyException,
        MalformedFrameException,
        MalformedRecordException {

  private static final long serialVersionUID = 1L;

  ProtocolException(String message) {
    super(message);
  }

  ProtocolException(String message, Throwable cause) {
    super(message, cause);
  }
}
