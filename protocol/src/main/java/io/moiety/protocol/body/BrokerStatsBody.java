package io.moiety.protocol.body;

/** The answer to VIEW_BROKER_STATS_DATA: one figure over three times. */
public record BrokerStatsBody(Item statsDay, Item statsHour, Item statsMinute) {

  /**
   * What was counted.
   *
   * @param sum of all values
   * @param tps values in a second
   */
  public record Item(long sum, double tps) {}
}
