package io.moiety.client;

import java.time.Duration;

/**
 * No answer came in time. The connection lives on, and whether the broker carried the request out
 * is not known.
 */
public final class RequestTimeoutException extends ClientException {

  private static final long serialVersionUID = 1L;

  /** A request that has waited in vain. */
  public RequestTimeoutException(int requestCode, Duration timeout, BrokerAddress broker) {
    super(
        "The broker at "
            + broker
            + " did not answer request "
            + requestCode
            + " within "
            + timeout.toMillis()
            + " ms. Look for overload or a stuck disk there, or raise requestTimeout.");
  }
}
