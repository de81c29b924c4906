package io.moiety.broker.server;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The client ids that a connection has for itself, as Jakarta Messaging 3.1 demands of those that
 * an application sets (section 6.1.2). Whoever says HELLO with the same claim is the same client on
 * a new connection, which the broker may hear of before the loss of the former one; that is closed
 * then.
 *
 * <p>One name for each open connection at most. Thread-safe.
 */
final class ClaimedNames {

  private record Holder(Connection connection, String claim) {
    boolean yieldsTo(Connection other, String otherClaim) {
      return connection == other || !connection.isOpen() || claim.equals(otherClaim);
    }
  }

  private final Map<String, Holder> holders = new ConcurrentHashMap<>();
  private final Map<Long, String> nameOfConnection = new ConcurrentHashMap<>();

  /** Why the connection cannot have the name for itself; empty when it has. */
  Optional<String> claim(String clientId, String claim, Connection connection) {
    String has = nameOfConnection.getOrDefault(connection.id(), clientId);
    if (!has.equals(clientId)) {
      return Optional.of("The connection has client id " + has + " already");
    }
    Holder wanted = new Holder(connection, claim);
    Holder[] former = new Holder[1];
    Holder now =
        holders.compute(
            clientId,
            (name, known) -> {
              former[0] = known;
              return known == null || known.yieldsTo(connection, claim) ? wanted : known;
            });
    if (!now.equals(wanted)) {
      return Optional.of(
          "The client id "
              + clientId
              + " is in use by the connection from "
              + now.connection().remoteAddress()
              + "; close that, or choose another client id");
    }
    boolean hadIt = former[0] != null && former[0].connection() == connection;
    if (!hadIt) {
      nameOfConnection.put(connection.id(), clientId);
      connection.onClose(() -> release(clientId, wanted));
      if (former[0] != null) {
        former[0].connection().close();
      }
    }
    return Optional.empty();
  }

  /** The connection is about to close, and wants the name no more. */
  void leave(String clientId, Connection connection) {
    holders.computeIfPresent(
        clientId, (name, holder) -> holder.connection() == connection ? null : holder);
  }

  private void release(String clientId, Holder holder) {
    holders.remove(clientId, holder);
    nameOfConnection.remove(holder.connection().id());
  }
}
