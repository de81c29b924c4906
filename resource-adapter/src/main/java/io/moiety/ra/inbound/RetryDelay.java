package io.moiety.ra.inbound;

/** Waits that double up to a limit. Guarded by its user. */
final class RetryDelay {

  private final long firstMillis;
  private final long maxMillis;
  private long nextMillis;

  RetryDelay(long firstMillis, long maxMillis) {
    this.firstMillis = firstMillis;
    this.maxMillis = maxMillis;
    nextMillis = firstMillis;
  }

  long nextMillis() {
    long current = nextMillis;
    nextMillis = Math.min(maxMillis, current * 2);
    return current;
  }

  void reset() {
    nextMillis = firstMillis;
  }
}
