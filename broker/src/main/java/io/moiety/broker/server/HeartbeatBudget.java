package io.moiety.broker.server;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What heartbeats make the broker keep, as long as their connections live: memberships of groups
 * and subscriptions, counted for each connection and in all.
 *
 * <p>Owner: the store turn.
 */
final class HeartbeatBudget {

  /** Memberships that one connection may have; a client has few, one for each of its groups. */
  static final int MAX_MEMBERSHIPS = 1_024;

  /** Bytes of one connection's subscriptions. */
  static final long MAX_CONNECTION_BYTES = 4L * 1024 * 1024;

  private record Kept(int memberships, long bytes) {
    private static final Kept NOTHING = new Kept(0, 0);

    private Kept plus(int moreMemberships, long moreBytes) {
      return new Kept(memberships + moreMemberships, bytes + moreBytes);
    }
  }

  private final long maxBytes;
  private final Map<Connection, Kept> byConnection = new HashMap<>();
  private long bytes;

  /**
   * @param maxBytes of all connections' subscriptions
   */
  HeartbeatBudget(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Why a connection may not have more, with the limit; empty when it may.
   *
   * @param memberships 1, or 0 for one that takes the place of one before
   * @param membershipBytes what it takes, less what it takes the place of
   */
  Optional<String> refuse(Connection connection, int memberships, long membershipBytes) {
    Kept kept = byConnection.getOrDefault(connection, Kept.NOTHING);
    if (kept.memberships() + memberships > MAX_MEMBERSHIPS) {
      return Optional.of(
          "this connection is in "
              + kept.memberships()
              + " groups; "
              + MAX_MEMBERSHIPS
              + " are allowed: use several clients");
    }
    if (kept.bytes() + membershipBytes > MAX_CONNECTION_BYTES) {
      return Optional.of(
          "the groups and subscriptions of this connection would take "
              + (kept.bytes() + membershipBytes)
              + " bytes; "
              + MAX_CONNECTION_BYTES
              + " are allowed: use several clients");
    }
    if (bytes + membershipBytes > maxBytes) {
      return Optional.of(
          "the groups and subscriptions of all clients would take "
              + (bytes + membershipBytes)
              + " bytes; "
              + maxBytes
              + " are allowed, an eighth of the heap");
    }
    return Optional.empty();
  }

  void joined(Connection connection, long membershipBytes) {
    byConnection.merge(
        connection, new Kept(1, membershipBytes), (kept, one) -> kept.plus(1, membershipBytes));
    bytes += membershipBytes;
  }

  void left(Connection connection, long membershipBytes) {
    Kept kept = byConnection.get(connection);
    if (kept != null) {
      bytes -= membershipBytes;
      if (kept.memberships() == 1) {
        byConnection.remove(connection);
      } else {
        byConnection.put(connection, kept.plus(-1, -membershipBytes));
      }
    }
  }

  /** The connection is gone with all that it had. */
  void closed(Connection connection) {
    Kept kept = byConnection.remove(connection);
    if (kept != null) {
      bytes -= kept.bytes();
    }
  }
}
