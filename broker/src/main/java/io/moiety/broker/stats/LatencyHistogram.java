package io.moiety.broker.stats;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts how long things took, in buckets that are at most an eighth wide: fine enough for a
 * percentile, small enough to be copied by whoever asks, and free of garbage.
 *
 * <p>One thread at a time records; any thread takes a {@link #snapshot()}, which may miss what is
 * being recorded at that moment.
 */
public final class LatencyHistogram {

  /** Values below this have a bucket each. */
  private static final int EXACT = 16;

  private static final int EXACT_BITS = 4;
  private static final int PARTS_BITS = 3;
  private static final int PARTS = 1 << PARTS_BITS;
  private static final int BUCKETS = EXACT + (Long.SIZE - 1 - EXACT_BITS) * PARTS;
  private static final int TOTAL = BUCKETS;
  private static final int MAX = BUCKETS + 1;

  private final AtomicLongArray cells = new AtomicLongArray(BUCKETS + 2);

  /** Counts one that took {@code nanos}; a clock that went backwards counts as no time. */
  public void record(long nanos) {
    long value = Math.max(0, nanos);
    add(TOTAL, value);
    if (value > cells.getPlain(MAX)) {
      cells.setRelease(MAX, value);
    }
    add(bucketOf(value), 1);
  }

  /** What was recorded so far. */
  public LatencySnapshot snapshot() {
    long[] counts = new long[BUCKETS];
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      counts[bucket] = cells.getAcquire(bucket);
    }
    return new LatencySnapshot(counts, cells.getAcquire(TOTAL), cells.getAcquire(MAX));
  }

  static int bucketOf(long value) {
    if (value < EXACT) {
      return (int) value;
    }
    int highestBit = Long.SIZE - 1 - Long.numberOfLeadingZeros(value);
    int part = (int) (value >>> (highestBit - PARTS_BITS)) & (PARTS - 1);
    return EXACT + (highestBit - EXACT_BITS) * PARTS + part;
  }

  /** The greatest value that falls into a bucket. */
  static long greatestIn(int bucket) {
    if (bucket < EXACT) {
      return bucket;
    }
    int highestBit = (bucket - EXACT) / PARTS + EXACT_BITS;
    long part = ((long) bucket - EXACT) % PARTS;
    return ((PARTS + part + 1) << (highestBit - PARTS_BITS)) - 1;
  }

  private void add(int cell, long value) {
    cells.setRelease(cell, cells.getPlain(cell) + value);
  }
}
