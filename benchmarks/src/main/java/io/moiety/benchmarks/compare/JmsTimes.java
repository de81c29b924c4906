package io.moiety.benchmarks.compare;

import java.time.Duration;

/** How a given time is shared out among measurements of equal length. */
record JmsTimes(int warmUpSeconds, int seconds) {

  /** The start of a broker and a load, a queue to be filled, and their end. */
  private static final int OVERHEAD_SECONDS = 6;

  private static final int LEAST_SECONDS = 2;

  /** A third of what a measurement has is there to warm up. */
  static JmsTimes of(Duration all, int measurements) {
    long each = all.toSeconds() / measurements - OVERHEAD_SECONDS;
    int warmUpSeconds = Math.toIntExact(Math.max(LEAST_SECONDS, each / 3));
    return new JmsTimes(
        warmUpSeconds, Math.toIntExact(Math.max(LEAST_SECONDS, each - warmUpSeconds)));
  }
}
