package io.moiety.protocol;

/** Bytes that are not a stored record: a length in them leads out of them. */
public final class MalformedRecordException extends ProtocolException {

  private static final long serialVersionUID = 1L;

  public MalformedRecordException(String message) {
    super(message);
  }
}
