package io.moiety.client;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Which transactions that wait for a decision are listed.
 *
 * @param states OPEN, PARKED (half messages), ACTIVE, ROLLBACK_ONLY, PREPARED, HEURISTIC_COMMIT,
 *     HEURISTIC_ROLLBACK (branches); empty for all
 * @param topic that they send to or acknowledge on
 * @param group producer group of a half message, or group that a branch acknowledges for
 * @param minAge only those that wait so long at least
 */
public record TransactionQuery(
    Set<String> states, Optional<String> topic, Optional<String> group, Duration minAge) {

  public TransactionQuery {
    states = Set.copyOf(states);
  }

  public static TransactionQuery all() {
    return new TransactionQuery(Set.of(), Optional.empty(), Optional.empty(), Duration.ZERO);
  }
}
