package io.moiety.client;

/**
 * The reason why something asked of the broker did not come about. Every future of this package
 * that fails, fails with one of these.
 */
public abstract sealed class ClientException extends RuntimeException
    permits BrokerException,
        XaFailure,
        ConnectionLostException,
        ConnectFailedException,
        RequestTimeoutException,
        RequestLimitException {

  private static final long serialVersionUID = 1L;

  ClientException(String message) {
    super(message);
  }

  ClientException(String message, Throwable cause) {
    super(message, cause);
  }
}
