package io.moiety.client;

/**
 * As much is waiting for the broker's answers as the configuration allows; this request was not
 * sent.
 */
public final class RequestLimitException extends ClientException {

  private static final long serialVersionUID = 1L;

  RequestLimitException(String what) {
    super(what);
  }
}
