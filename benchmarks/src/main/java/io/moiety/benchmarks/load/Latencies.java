package io.moiety.benchmarks.load;

import java.util.Arrays;

/**
 * Every single latency of a measurement, in nanoseconds, so that no percentile is an estimate.
 * Confined to one thread until it is merged.
 */
public final class Latencies {

  private static final int FIRST_CAPACITY = 1 << 16;

  private long[] nanos = new long[FIRST_CAPACITY];
  private int count;
  private boolean sorted;

  public void add(long latencyNanos) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = latencyNanos;
    sorted = false;
  }

  public void addAll(Latencies others) {
    if (count + others.count > nanos.length) {
      nanos = Arrays.copyOf(nanos, Math.max(2 * nanos.length, count + others.count));
    }
    System.arraycopy(others.nanos, 0, nanos, count, others.count);
    count += others.count;
    sorted = false;
  }

  public int count() {
    return count;
  }

  /**
   * The least latency that {@code percent} per cent of all do not exceed, in milliseconds.
   *
   * @throws IllegalStateException when nothing was measured
   */
  public double percentileMillis(double percent) {
    if (count == 0) {
      throw new IllegalStateException("nothing was measured");
    }
    if (!sorted) {
      Arrays.sort(nanos, 0, count);
      sorted = true;
    }
    int rank = (int) Math.ceil(percent / 100 * count);
    return nanos[Math.max(0, Math.min(count, rank) - 1)] / 1e6;
  }
}
