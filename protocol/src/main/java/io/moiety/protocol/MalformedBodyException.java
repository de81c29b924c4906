package io.moiety.protocol;

/** A body that is not what its command demands. Only this request fails. */
public final class MalformedBodyException extends ProtocolException {

  private static final long serialVersionUID = 1L;

  public MalformedBodyException(String message) {
    super(message);
  }

  public MalformedBodyException(String message, Throwable cause) {
    super(message, cause);
  }
}
