package io.moiety.broker.stats;

/**
 * Messages per second over the last ten seconds, minute and ten minutes, or over as much of these
 * as the broker runs.
 *
 * @param inPerSecond messages that came
 * @param outPerSecond messages that went
 */
public record RatesSnapshot(Window inPerSecond, Window outPerSecond) {

  /** One rate over three times. */
  public record Window(double tenSeconds, double oneMinute, double tenMinutes) {}
}
