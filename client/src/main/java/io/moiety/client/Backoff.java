package io.moiety.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: doubled each time up to a bound, less a random part of
 * up to a half, so that clients that lost a broker together do not come back together. Confined to
 * its user.
 */
public final class Backoff {

  private final long firstMillis;
  private final long maxMillis;
  private final RandomGenerator random;
  private long nextMillis;

  /** Begins with the first delay. */
  public Backoff(Duration first, Duration max, RandomGenerator random) {
    firstMillis = Math.max(1, first.toMillis());
    maxMillis = Math.max(firstMillis, max.toMillis());
    this.random = random;
    nextMillis = firstMillis;
  }

  /** How long to wait now. */
  public long nextDelayMillis() {
    long delay = nextMillis;
    nextMillis = Math.min(maxMillis, 2 * delay);
    return delay - random.nextLong(delay / 2 + 1);
  }

  /** The next failure is the first of a new series. */
  public void reset() {
    nextMillis = firstMillis;
  }
}
