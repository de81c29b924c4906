package io.moiety.broker.traffic;

import io.moiety.broker.stats.TrafficSnapshot;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.View;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.SystemTopics;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Counts messages as they are appended and as they are given out. A view in that it hears of every
 * record; what it counts is of this run only, so a replay is not counted.
 *
 * <p>A topic's counters are made by its first message, in or out, and go with it, so there are no
 * more than topics; so are those of a group on a topic. Written by the store turn, but for {@link
 * #went}, which any thread may call; read by any thread.
 */
public final class Traffic implements View {
  private final ConcurrentHashMap<String, TrafficCounter> topics = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<GroupOnTopic, TrafficCounter> groups = new ConcurrentHashMap<>();
  private final TrafficCounter all = new TrafficCounter();
  private final Predicate<String> isTopic;
  private final Predicate<String> isGroup;
  private boolean counting;

  /** A consumer group and a topic that it was given messages of. */
  public record GroupOnTopic(String group, String topic) {}

  /**
   * Without counts.
   *
   * @param isTopic whether there is a topic of that name; any thread asks
   * @param isGroup whether there is a consumer group of that name; any thread asks
   */
  public Traffic(Predicate<String> isTopic, Predicate<String> isGroup) {
    this.isTopic = isTopic;
    this.isGroup = isGroup;
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
      groups.keySet().removeIf(key -> key.topic().equals(deleted.topic()));
    } else if (fact instanceof SystemRecord.GroupDeleted deleted) {
      groups.keySet().removeIf(key -> key.group().equals(deleted.group()));
    }
  }

  /** A member of a group was given messages of a topic. Any thread. */
  public void went(String group, String topic, int messages, long sizeBytes) {
    if (isTopic.test(topic)) {
      counter(topic).went(messages, sizeBytes);
      if (isGroup.test(group)) {
        groups
            .computeIfAbsent(new GroupOnTopic(group, topic), key -> new TrafficCounter())
            .went(messages, sizeBytes);
      }
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

  /** Of one topic; empty when it had no traffic in this run. */
  Optional<TrafficSnapshot> topic(String topic) {
    return Optional.ofNullable(topics.get(topic)).map(TrafficCounter::snapshot);
  }

  /** Of one group on a topic; empty when it was given nothing in this run. */
  Optional<TrafficSnapshot> group(GroupOnTopic group) {
    return Optional.ofNullable(groups.get(group)).map(TrafficCounter::snapshot);
  }

  /** The topics that had traffic in this run; one that comes meanwhile may be missed. */
  Iterator<String> topicNames() {
    return topics.keySet().iterator();
  }

  /** The groups that were given something, as {@link #topicNames}. */
  Iterator<GroupOnTopic> groupNames() {
    return groups.keySet().iterator();
  }

  private TrafficCounter counter(String topic) {
    TrafficCounter known = topics.get(topic);
    return known != null ? known : topics.computeIfAbsent(topic, name -> new TrafficCounter());
  }
}
