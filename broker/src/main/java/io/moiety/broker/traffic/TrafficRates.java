package io.moiety.broker.traffic;

import io.moiety.broker.stats.RatesSnapshot;
import io.moiety.broker.stats.TrafficSnapshot;
import io.moiety.broker.store.DueWork;
import java.util.function.Supplier;

/**
 * Messages per second over the last while, from counts that are looked at every ten seconds.
 *
 * <p>Pure: the time is an argument. Written in the store turn, read by any thread; the lock is held
 * for a few additions.
 */
public final class TrafficRates implements DueWork {
  static final long SAMPLE_MILLIS = 10_000;
  private static final int SAMPLES = 61;
  private static final int ONE_MINUTE = 6;
  private static final int TEN_MINUTES = 60;

  private final Supplier<TrafficSnapshot> traffic;
  private final Sample[] ring = new Sample[SAMPLES];
  private int taken;

  private record Sample(long atMillis, long in, long out) {}

  /** Begins to count now. */
  public TrafficRates(Supplier<TrafficSnapshot> traffic, long nowMillis) {
    this.traffic = traffic;
    take(nowMillis);
  }

  @Override
  public synchronized void run(long nowMillis) {
    if (nextDueMillis() <= nowMillis) {
      take(nowMillis);
    }
  }

  @Override
  public synchronized long nextDueMillis() {
    return last(0).atMillis() + SAMPLE_MILLIS;
  }

  /** The rates up to the last look. */
  public synchronized RatesSnapshot snapshot() {
    Sample now = last(0);
    Sample ten = last(1);
    Sample minute = last(ONE_MINUTE);
    Sample tenMinutes = last(TEN_MINUTES);
    return new RatesSnapshot(
        new RatesSnapshot.Window(
            rate(now.in() - ten.in(), ten, now),
            rate(now.in() - minute.in(), minute, now),
            rate(now.in() - tenMinutes.in(), tenMinutes, now)),
        new RatesSnapshot.Window(
            rate(now.out() - ten.out(), ten, now),
            rate(now.out() - minute.out(), minute, now),
            rate(now.out() - tenMinutes.out(), tenMinutes, now)));
  }

  private static double rate(long messages, Sample from, Sample to) {
    long millis = to.atMillis() - from.atMillis();
    return millis <= 0 ? 0 : messages * 1000.0 / millis;
  }

  private void take(long nowMillis) {
    TrafficSnapshot now = traffic.get();
    ring[taken % SAMPLES] = new Sample(nowMillis, now.messagesIn(), now.messagesOut());
    taken++;
  }

  /** The sample taken so many before the last one, or the first that there is. */
  private Sample last(int before) {
    int back = Math.min(before, Math.min(taken, SAMPLES) - 1);
    return ring[(taken - 1 - back) % SAMPLES];
  }
}
