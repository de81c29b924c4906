package io.moiety.ra.checkback;

import java.util.Optional;

/**
 * How a connection factory takes part in transactions by check-back. Immutable.
 *
 * @param createTable makes the outcome table when it is missing; for trials
 * @param fenceAfterSeconds how long after a send nobody but its own node may end the transaction;
 *     at least the largest transaction timeout in use
 * @param producerGroup empty for one that is named after the table, so that all nodes agree
 */
public record CheckBackSettings(
    OutcomePlace place,
    boolean createTable,
    int fenceAfterSeconds,
    int fenceRetentionDays,
    Optional<String> producerGroup) {

  public static final int DEFAULT_FENCE_AFTER_SECONDS = 600;
  public static final int DEFAULT_FENCE_RETENTION_DAYS = 7;
  public static final int MAX_FENCE_RETENTION_DAYS = 36_500;

  /** For a group that is only answered for. */
  static CheckBackSettings of(OutcomePlace place, Optional<String> producerGroup) {
    return new CheckBackSettings(
        place, false, DEFAULT_FENCE_AFTER_SECONDS, DEFAULT_FENCE_RETENTION_DAYS, producerGroup);
  }

  /** The group's name at the broker. */
  String groupFor(String tableId) {
    return producerGroup.orElseGet(() -> "MOIETY_" + tableId.replace("-", ""));
  }
}
