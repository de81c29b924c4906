package io.moiety.protocol;

/** A frame whose header cannot be read. The connection it came from is out of step: close it. */
public final class MalformedFrameException extends ProtocolException {

  private static final long serialVersionUID = 1L;

  public MalformedFrameException(String message) {
    super(message);
  }

  public MalformedFrameException(String message, Throwable cause) {
    super(message, cause);
  }
}
