package io.moiety.broker.traffic;

import java.util.HashMap;
import java.util.Map;

/**
 * Totals of many things, looked at together at regular times, the last few of which are kept. What
 * was not there yet had a total of 0 then. Confined to its owner.
 */
final class SampleRing<K> {
  private final long sampleMillis;
  private final long[] takenAt;
  private final Map<K, long[]> totals = new HashMap<>();
  private int taken = 1;

  /**
   * Begins with everything at 0 now.
   *
   * @param samples how far back it goes
   */
  SampleRing(long sampleMillis, int samples, long nowMillis) {
    this.sampleMillis = sampleMillis;
    this.takenAt = new long[samples + 1];
    takenAt[0] = nowMillis;
  }

  long nextDueMillis() {
    return takenAt[(taken - 1) % takenAt.length] + sampleMillis;
  }

  /** What is not in {@code now} any more is forgotten. */
  void sampleIfDue(Map<K, Long> now, long nowMillis) {
    if (nextDueMillis() > nowMillis) {
      return;
    }
    int place = taken % takenAt.length;
    takenAt[place] = nowMillis;
    totals.keySet().retainAll(now.keySet());
    now.forEach(
        (key, total) ->
            totals.computeIfAbsent(key, absent -> new long[takenAt.length])[place] = total);
    taken++;
  }

  /** The difference to the oldest look that is kept, and what that is in a second. */
  RecentTraffic.Recent since(K key, long total, long nowMillis) {
    int oldest = taken <= takenAt.length ? 0 : taken % takenAt.length;
    long[] kept = totals.get(key);
    long messages = Math.max(0, total - (kept == null ? 0 : kept[oldest]));
    long millis = nowMillis - takenAt[oldest];
    return new RecentTraffic.Recent(messages, millis <= 0 ? 0 : messages * 1_000.0 / millis);
  }
}
