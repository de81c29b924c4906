package io.moiety.client;

import java.util.List;

/**
 * None of the configured addresses led to a broker. The message names each of them and why it
 * failed.
 */
public final class ConnectFailedException extends ClientException {

  private static final long serialVersionUID = 1L;

  /** One address that was tried. */
  record Attempt(BrokerAddress address, Throwable failure) {
    private String text() {
      String reason = failure.getMessage();
      return address + " (" + (reason == null ? failure.getClass().getName() : reason) + ")";
    }
  }

  ConnectFailedException(List<Attempt> attempts) {
    super(text(attempts), attempts.get(attempts.size() - 1).failure());
    attempts.subList(0, attempts.size() - 1).forEach(attempt -> addSuppressed(attempt.failure()));
  }

  private static String text(List<Attempt> attempts) {
    return "No Moiety broker could be reached. Tried "
        + String.join(", ", attempts.stream().map(Attempt::text).toList())
        + ". Check that the broker runs, that host and port of the client's configuration are its listenPort,"
        + " and that no firewall is between them.";
  }
}
