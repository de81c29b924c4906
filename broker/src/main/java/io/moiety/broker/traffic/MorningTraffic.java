package io.moiety.broker.traffic;

import io.moiety.broker.stats.TrafficSnapshot;
import io.moiety.broker.store.DueWork;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.Supplier;

/**
 * What had come and gone when today began, and yesterday; 0 of days before the start.
 *
 * <p>Pure: the time is an argument. Written in the store turn, read by any thread.
 */
public final class MorningTraffic implements DueWork {
  private static final TrafficSnapshot NOTHING = new TrafficSnapshot(0, 0, 0, 0);

  private final Supplier<TrafficSnapshot> traffic;
  private final ZoneId zone;
  private long nextMorningMillis;
  private volatile Mornings mornings = new Mornings(NOTHING, NOTHING);

  /** What had come and gone when the days began. */
  public record Mornings(TrafficSnapshot today, TrafficSnapshot yesterday) {}

  /** Begins in the middle of a day. */
  public MorningTraffic(Supplier<TrafficSnapshot> traffic, ZoneId zone, long nowMillis) {
    this.traffic = traffic;
    this.zone = zone;
    this.nextMorningMillis = morningAfter(nowMillis);
  }

  public Mornings mornings() {
    return mornings;
  }

  @Override
  public void run(long nowMillis) {
    if (nowMillis >= nextMorningMillis) {
      mornings = new Mornings(traffic.get(), mornings.today());
      nextMorningMillis = morningAfter(nowMillis);
    }
  }

  @Override
  public long nextDueMillis() {
    return nextMorningMillis;
  }

  private long morningAfter(long nowMillis) {
    return Instant.ofEpochMilli(nowMillis)
        .atZone(zone)
        .toLocalDate()
        .plusDays(1)
        .atStartOfDay(zone)
        .toInstant()
        .toEpochMilli();
  }
}
