package io.moiety.broker.log;

/** A record was not appended; the log is unchanged. The message says why and what can be done. */
public final class AppendRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final PutStatus status;

  public AppendRefusedException(PutStatus status, String reason) {
    // A full disk refuses many appends a second, and the place in the code says nothing.
    super(reason, null, false, false);
    this.status = status;
  }

  public PutStatus status() {
    return status;
  }
}
