package io.moiety.broker.traffic;

import io.moiety.broker.stats.TrafficSnapshot;
import io.moiety.broker.store.DueWork;
import io.moiety.broker.traffic.Traffic.GroupOnTopic;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * How many messages came to each topic, and went to each group on it, over the last minute, hour
 * and day: the differences to counts that were looked at a while ago.
 *
 * <p>Pure: the time is an argument. Written in the store turn, read by any thread; the lock is held
 * for a few additions for each topic and group.
 */
public final class RecentTraffic implements DueWork {

  /** Over which time. */
  public enum Span {
    MINUTE(10_000, 6),
    HOUR(600_000, 6),
    DAY(3_600_000, 24);

    private final long sampleMillis;
    private final int samples;

    Span(long sampleMillis, int samples) {
      this.sampleMillis = sampleMillis;
      this.samples = samples;
    }
  }

  /**
   * What was counted.
   *
   * @param messages in the span, or in as much of it as the broker runs
   * @param perSecond of them
   */
  public record Recent(long messages, double perSecond) {}

  private final Traffic traffic;
  private final Map<Span, SampleRing<String>> topics = new HashMap<>();
  private final Map<Span, SampleRing<GroupOnTopic>> groups = new HashMap<>();

  /** Begins to count now. */
  public RecentTraffic(Traffic traffic, long nowMillis) {
    this.traffic = traffic;
    for (Span span : Span.values()) {
      topics.put(span, new SampleRing<>(span.sampleMillis, span.samples, nowMillis));
      groups.put(span, new SampleRing<>(span.sampleMillis, span.samples, nowMillis));
    }
  }

  @Override
  public synchronized void run(long nowMillis) {
    if (nextDueMillis() > nowMillis) {
      return;
    }
    Map<String, Long> in = totals(traffic.topics(), TrafficSnapshot::messagesIn);
    Map<GroupOnTopic, Long> out = totals(traffic.groups(), TrafficSnapshot::messagesOut);
    topics.values().forEach(ring -> ring.sampleIfDue(in, nowMillis));
    groups.values().forEach(ring -> ring.sampleIfDue(out, nowMillis));
  }

  @Override
  public synchronized long nextDueMillis() {
    return topics.values().stream()
        .mapToLong(SampleRing::nextDueMillis)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** What came to a topic; empty when nothing did since the start. */
  public synchronized Optional<Recent> in(Span span, String topic, long nowMillis) {
    return traffic
        .topic(topic)
        .map(now -> ring(topics, span).since(topic, now.messagesIn(), nowMillis));
  }

  /** What a group was given of a topic; empty when it was given nothing since the start. */
  public synchronized Optional<Recent> out(Span span, GroupOnTopic group, long nowMillis) {
    return traffic
        .group(group)
        .map(now -> ring(groups, span).since(group, now.messagesOut(), nowMillis));
  }

  private static <K> SampleRing<K> ring(Map<Span, SampleRing<K>> rings, Span span) {
    return Objects.requireNonNull(rings.get(span), "every span has a ring");
  }

  private static <K> Map<K, Long> totals(
      Map<K, TrafficSnapshot> counts, ToLongFunction<TrafficSnapshot> total) {
    Map<K, Long> totals = new HashMap<>();
    counts.forEach((key, count) -> totals.put(key, total.applyAsLong(count)));
    return totals;
  }
}
