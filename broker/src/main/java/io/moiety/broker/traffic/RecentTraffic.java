package io.moiety.broker.traffic;

import io.moiety.broker.stats.TrafficSnapshot;
import io.moiety.broker.store.DueWork;
import io.moiety.broker.traffic.Traffic.GroupOnTopic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How many messages came to each topic, and went to each group on it, over the last minute, hour
 * and day: the differences to counts that were looked at a while ago.
 *
 * <p>Pure: the time is an argument. Written in the store turn, a bounded number of topics and
 * groups at a time, and read by any thread; the lock is held for that long.
 */
public final class RecentTraffic implements DueWork {

  /** About a hundred microseconds of the turn. */
  static final int LOOKED_AT_PER_RUN = 1_000;

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
  private final List<SampleRing<?>> rings = new ArrayList<>();
  private long dueMillis;

  /** Begins to count now. */
  public RecentTraffic(Traffic traffic, long nowMillis) {
    this.traffic = traffic;
    for (Span span : Span.values()) {
      topics.put(
          span,
          new SampleRing<>(
              traffic::topicNames,
              topic -> messages(traffic.topic(topic).map(TrafficSnapshot::messagesIn)),
              span.sampleMillis,
              span.samples,
              nowMillis));
      groups.put(
          span,
          new SampleRing<>(
              traffic::groupNames,
              group -> messages(traffic.group(group).map(TrafficSnapshot::messagesOut)),
              span.sampleMillis,
              span.samples,
              nowMillis));
    }
    rings.addAll(topics.values());
    rings.addAll(groups.values());
    dueMillis = soonest();
  }

  private static OptionalLong messages(Optional<Long> counted) {
    return counted.map(OptionalLong::of).orElse(OptionalLong.empty());
  }

  @Override
  public synchronized void run(long nowMillis) {
    if (dueMillis > nowMillis) {
      return;
    }
    int left = LOOKED_AT_PER_RUN;
    for (SampleRing<?> ring : rings) {
      left -= ring.goOn(nowMillis, left);
    }
    dueMillis = soonest();
  }

  @Override
  public synchronized long nextDueMillis() {
    return dueMillis;
  }

  private long soonest() {
    return rings.stream().mapToLong(SampleRing::nextDueMillis).min().orElse(Long.MAX_VALUE);
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
}
