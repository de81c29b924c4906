package io.moiety.client;

import io.moiety.protocol.ResponseCode;
import java.util.List;

/**
 * None of the configured addresses led to a broker. The message names each of them and why it
 * failed.
 */
public final class ConnectFailedException extends ClientException {

  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // A list of records of text and number.
  private final List<BrokerAddress> rocketMqAddresses;

  /** One address that was tried. */
  record Attempt(BrokerAddress address, Throwable failure) {
    /** Moiety's own protocol is RocketMQ's, so whoever refuses its greeting speaks that. */
    private boolean isRocketMq() {
      return failure instanceof BrokerException refusal
          && refusal.code() == ResponseCode.REQUEST_CODE_NOT_SUPPORTED;
    }

    private String text() {
      String reason = failure.getMessage();
      return address + " (" + (reason == null ? failure.getClass().getName() : reason) + ")";
    }
  }

  ConnectFailedException(List<Attempt> attempts) {
    super(text(attempts), attempts.get(attempts.size() - 1).failure());
    attempts.subList(0, attempts.size() - 1).forEach(attempt -> addSuppressed(attempt.failure()));
    rocketMqAddresses =
        attempts.stream().filter(Attempt::isRocketMq).map(Attempt::address).toList();
  }

  /**
   * Where somebody answered in RocketMQ's protocol who is not Moiety: its broker or name server.
   */
  public List<BrokerAddress> rocketMqAddresses() {
    return rocketMqAddresses;
  }

  private static String text(List<Attempt> attempts) {
    return "No Moiety broker could be reached. Tried "
        + String.join(", ", attempts.stream().map(Attempt::text).toList())
        + ". Check that the broker runs, that host and port of the client's configuration are its listenPort,"
        + " and that no firewall is between them.";
  }
}
