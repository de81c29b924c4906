package io.moiety.broker.traffic;

import io.moiety.broker.stats.TrafficSnapshot;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.View;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.SystemTopics;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Counts messages as they are appended and as they are given out. A view in that it hears of every
 * record; what it counts is of this run only, so a replay is not counted.
 *
 * <p>A topic's counters are made by its first message, in or out, and go with it, so there are no
 * more than topics. Written by the store turn, but for {@link #went}, which any thread may call;
 * read by any thread.
 */
public final class Traffic implements View {
  private final ConcurrentHashMap<String, TrafficCounter> topics = new ConcurrentHashMap<>();
  private final TrafficCounter all = new TrafficCounter();
  private final Predicate<String> isTopic;
  private boolean counting;

  /**
   * Without counts.
   *
   * @param isTopic whether there is a topic of that name; any thread asks
   */
  public Traffic(Predicate<String> isTopic) {
    this.isTopic = isTopic;
  }

  /** The replay is over. */
  public void begin() {
    counting = true;
  }

  @Override
  public void applyMessage(LoggedRecord record) {
    if (counting
        && !SystemTopics.isInternal(record.topic())
        && !record.properties().has(PropertyNames.CARRIED)) {
      counter(record.topic()).came(record.sizeBytes());
      all.came(record.sizeBytes());
    }
  }

  @Override
  public void applyFact(SystemRecord fact, LoggedRecord record) {
    if (fact instanceof SystemRecord.TopicDeleted deleted) {
      topics.remove(deleted.topic());
    }
  }

  /** A consumer was given messages of a topic. Any thread. */
  public void went(String topic, int messages, long sizeBytes) {
    if (isTopic.test(topic)) {
      counter(topic).went(messages, sizeBytes);
    }
    all.went(messages, sizeBytes);
  }

  public TrafficSnapshot all() {
    return all.snapshot();
  }

  /** By topic, those that had traffic in this run. */
  public Map<String, TrafficSnapshot> topics() {
    Map<String, TrafficSnapshot> snapshots = new HashMap<>();
    topics.forEach((topic, counter) -> snapshots.put(topic, counter.snapshot()));
    snapshots.keySet().removeIf(isTopic.negate());
    return snapshots;
  }

  private TrafficCounter counter(String topic) {
    TrafficCounter known = topics.get(topic);
    return known != null ? known : topics.computeIfAbsent(topic, name -> new TrafficCounter());
  }
}
