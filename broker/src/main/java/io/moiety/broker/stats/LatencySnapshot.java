package io.moiety.broker.stats;

/** What a {@link LatencyHistogram} held at one moment. Never changes; for any thread. */
public final class LatencySnapshot {

  private final long[] counts;
  private final long count;
  private final long totalNanos;
  private final long maxNanos;

  LatencySnapshot(long[] counts, long totalNanos, long maxNanos) {
    this.counts = counts;
    this.totalNanos = totalNanos;
    this.maxNanos = maxNanos;
    long sum = 0;
    for (long inBucket : counts) {
      sum += inBucket;
    }
    this.count = sum;
  }

  /** How many were recorded. */
  public long count() {
    return count;
  }

  /** All of them together. */
  public long totalNanos() {
    return totalNanos;
  }

  /** The longest; 0 when there was none. */
  public long maxNanos() {
    return maxNanos;
  }

  /**
   * The time within which that part of them was done, at most an eighth too large; 0 when there was
   * none.
   *
   * @param percent above 0, up to 100
   */
  public long percentileNanos(double percent) {
    long wanted = (long) Math.ceil(count * percent / 100);
    long seen = 0;
    for (int bucket = 0; bucket < counts.length && count > 0; bucket++) {
      seen += counts[bucket];
      if (seen >= Math.max(1, wanted)) {
        return Math.min(LatencyHistogram.greatestIn(bucket), maxNanos);
      }
    }
    return maxNanos;
  }

  /** How many took surely no longer than {@code nanos}. */
  public long countWithin(long nanos) {
    long sum = 0;
    for (int bucket = 0;
        bucket < counts.length && LatencyHistogram.greatestIn(bucket) <= nanos;
        bucket++) {
      sum += counts[bucket];
    }
    return sum;
  }
}
