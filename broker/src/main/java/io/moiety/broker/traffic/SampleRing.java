package io.moiety.broker.traffic;

import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Totals of many things, looked at together at regular times, the last few of which are kept. What
 * was not there yet had a total of 0 then. A look goes through all things, a few at a time; what it
 * finds counts when it has ended. Confined to its owner.
 */
final class SampleRing<K> {

  private enum Step {
    REST,
    LOOK,
    FORGET,
  }

  private final Supplier<Iterator<K>> things;
  private final Function<K, OptionalLong> total;
  private final long sampleMillis;
  private final int samples;

  /** Of the looks that are kept, and of the one that is under way. */
  private final long[] takenAt;

  private final Map<K, long[]> totals = new HashMap<>();
  private int taken = 1;
  private Step step = Step.REST;
  private Iterator<K> left = Collections.emptyIterator();

  /**
   * Begins with everything at 0 now.
   *
   * @param things all of them; it may miss what comes while it is used
   * @param total of a thing now; empty when it is gone
   * @param samples how far back it goes
   */
  SampleRing(
      Supplier<Iterator<K>> things,
      Function<K, OptionalLong> total,
      long sampleMillis,
      int samples,
      long nowMillis) {
    this.things = things;
    this.total = total;
    this.sampleMillis = sampleMillis;
    this.samples = samples;
    this.takenAt = new long[samples + 2];
    takenAt[0] = nowMillis;
  }

  /** When {@link #goOn} has something to do; in the past while a look is under way. */
  long nextDueMillis() {
    return step == Step.REST ? takenAt[place(taken - 1)] + sampleMillis : takenAt[place(taken)];
  }

  /**
   * Goes on with the look that is due or under way.
   *
   * @param limit things to look at now
   * @return at how many it looked
   */
  int goOn(long nowMillis, int limit) {
    if (step == Step.REST && nextDueMillis() <= nowMillis) {
      takenAt[place(taken)] = nowMillis;
      left = things.get();
      step = Step.LOOK;
    }
    int lookedAt = 0;
    while (step != Step.REST && lookedAt < limit) {
      if (left.hasNext()) {
        lookAtNext();
        lookedAt++;
      } else {
        endStep();
      }
    }
    return lookedAt;
  }

  private void lookAtNext() {
    K thing = left.next();
    OptionalLong now = total.apply(thing);
    if (step == Step.FORGET && now.isEmpty()) {
      left.remove();
    } else if (step == Step.LOOK && now.isPresent()) {
      totals.computeIfAbsent(thing, absent -> new long[takenAt.length])[place(taken)] =
          now.getAsLong();
    }
  }

  private void endStep() {
    if (step == Step.LOOK) {
      left = totals.keySet().iterator();
      step = Step.FORGET;
    } else {
      left = Collections.emptyIterator();
      step = Step.REST;
      taken++;
    }
  }

  /** The difference to the oldest look that is kept, and what that is in a second. */
  RecentTraffic.Recent since(K thing, long totalNow, long nowMillis) {
    int oldest = place(Math.max(0, taken - samples - 1));
    long[] kept = totals.get(thing);
    long messages = Math.max(0, totalNow - (kept == null ? 0 : kept[oldest]));
    long millis = nowMillis - takenAt[oldest];
    return new RecentTraffic.Recent(messages, millis <= 0 ? 0 : messages * 1_000.0 / millis);
  }

  private int place(int look) {
    return look % takenAt.length;
  }
}
