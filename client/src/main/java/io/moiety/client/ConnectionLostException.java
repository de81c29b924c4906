package io.moiety.client;

/**
 * The connection ended before the answer came. The client it belonged to is of no further use.
 *
 * <p>When the request {@linkplain #requestWritten() was written}, the broker may have carried it
 * out: for a commit, ask {@link Transactions#outcome} on a new connection.
 */
public final class ConnectionLostException extends ClientException {

  private static final long serialVersionUID = 1L;

  private final boolean requestWritten;

  public ConnectionLostException(String message, boolean requestWritten) {
    super(message);
    this.requestWritten = requestWritten;
  }

  public ConnectionLostException(String message, boolean requestWritten, Throwable cause) {
    super(message, cause);
    this.requestWritten = requestWritten;
  }

  /**
   * False only when the broker cannot have seen the whole request, so that it is safe to repeat it.
   */
  public boolean requestWritten() {
    return requestWritten;
  }
}
