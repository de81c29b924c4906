package io.moiety.broker.server;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The client ids that a connection has for itself, as Jakarta Messaging 3.1 demands of those that
 * an application sets (section 6.1.2). Whoever says HELLO with the same claim is the same client on
 * a new connection, which the broker may hear of before the loss of the former one; that is closed
 * then. So is one that has been silent for too long: its host may be gone without a word, and the
 * client that starts again elsewhere has another claim.
 *
 * <p>A claim is for one name: the same claim with another name, as of a client's further
 * connections, is another one. Which names a user may claim is not limited.
 *
 * <p>One name for each open connection at most. Thread-safe.
 */
final class ClaimedNames {

  /**
   * Who wants a name.
   *
   * @param user who signed the greeting; empty where there are no users
   * @param secret random
   */
  record Claim(String user, String secret) {}

  private record Holder(Connection connection, Claim claim, long heardMillis) {
    boolean yieldsTo(Holder other, long maxSilenceMillis) {
      return connection == other.connection
          || !connection.isOpen()
          || claim.equals(other.claim)
          || other.heardMillis - heardMillis >= maxSilenceMillis;
    }
  }

  private final long maxSilenceMillis;
  private final Map<String, Holder> holders = new ConcurrentHashMap<>();
  private final Map<Long, String> nameOfConnection = new ConcurrentHashMap<>();

  /**
   * Nobody has a name yet.
   *
   * @param maxSilenceMillis a connection that has not said HELLO for so long gives its name to who
   *     asks for it
   */
  ClaimedNames(long maxSilenceMillis) {
    this.maxSilenceMillis = maxSilenceMillis;
  }

  /** Why the connection cannot have the name for itself; empty when it has. */
  Optional<String> claim(String clientId, Claim claim, Connection connection, long nowMillis) {
    String has = nameOfConnection.getOrDefault(connection.id(), clientId);
    if (!has.equals(clientId)) {
      return Optional.of("The connection has client id " + has + " already");
    }
    Holder wanted = new Holder(connection, claim, nowMillis);
    Holder[] former = new Holder[1];
    Holder now =
        holders.compute(
            clientId,
            (name, known) -> {
              former[0] = known;
              return known == null || known.yieldsTo(wanted, maxSilenceMillis) ? wanted : known;
            });
    if (now.connection() != connection) {
      return Optional.of(refusal(clientId, now, claim));
    }
    boolean hadIt = former[0] != null && former[0].connection() == connection;
    if (!hadIt) {
      nameOfConnection.put(connection.id(), clientId);
      connection.onClose(() -> closed(clientId, connection));
      if (former[0] != null) {
        former[0].connection().close();
      }
    }
    return Optional.empty();
  }

  /** Where a user's connections come from is nobody else's business. */
  private static String refusal(String clientId, Holder holder, Claim refused) {
    String who =
        holder.claim().user().equals(refused.user())
            ? "the connection from " + holder.connection().remoteAddress()
            : "a connection of another user";
    return "The client id "
        + clientId
        + " is in use by "
        + who
        + "; close that, or choose another client id";
  }

  /** The connection is about to close, and wants the name no more. */
  void leave(String clientId, Connection connection) {
    holders.computeIfPresent(
        clientId, (name, holder) -> holder.connection() == connection ? null : holder);
  }

  private void closed(String clientId, Connection connection) {
    leave(clientId, connection);
    nameOfConnection.remove(connection.id());
  }
}
