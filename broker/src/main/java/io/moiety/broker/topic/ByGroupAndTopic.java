package io.moiety.broker.topic;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * One value for each group on a topic that has one. What a group or a topic has is found without a
 * look at the others, since there may be a million. Confined to its owner.
 */
public final class ByGroupAndTopic<V> {
  private final Map<String, Map<String, V>> byGroup = new HashMap<>();
  private final Map<String, Set<String>> groupsByTopic = new HashMap<>();

  /** Told of each value. */
  @FunctionalInterface
  public interface Visitor<V> {
    void visit(String group, String topic, V value);
  }

  public Optional<V> find(String group, String topic) {
    return Optional.ofNullable(byGroup.getOrDefault(group, Map.of()).get(topic));
  }

  /** The value that is there, or else a new one. */
  public V findOrAdd(String group, String topic, Supplier<V> absent) {
    return ofGroupOrAdd(group)
        .computeIfAbsent(
            topic,
            added -> {
              groupsByTopic.computeIfAbsent(topic, first -> new HashSet<>()).add(group);
              return absent.get();
            });
  }

  /** Keeps the value instead of the one before. */
  public void put(String group, String topic, V value) {
    ofGroupOrAdd(group).put(topic, value);
    groupsByTopic.computeIfAbsent(topic, first -> new HashSet<>()).add(group);
  }

  private Map<String, V> ofGroupOrAdd(String group) {
    return byGroup.computeIfAbsent(group, first -> new HashMap<>());
  }

  /** By topic, what the group has. */
  public Map<String, V> ofGroup(String group) {
    return Collections.unmodifiableMap(byGroup.getOrDefault(group, Map.of()));
  }

  /** The groups that have something on the topic. */
  public Set<String> groupsOn(String topic) {
    return Collections.unmodifiableSet(groupsByTopic.getOrDefault(topic, Set.of()));
  }

  /** Forgets the value of the group on the topic, if there is one. */
  public void remove(String group, String topic) {
    removeFromGroup(group, topic);
    removeFromTopic(topic, group);
  }

  /** Forgets all that the group has. */
  public void removeGroup(String group) {
    Map<String, V> ofGroup = byGroup.remove(group);
    if (ofGroup != null) {
      ofGroup.keySet().forEach(topic -> removeFromTopic(topic, group));
    }
  }

  /** Forgets all that groups have on the topic. */
  public void removeTopic(String topic) {
    Set<String> groups = groupsByTopic.remove(topic);
    if (groups != null) {
      groups.forEach(group -> removeFromGroup(group, topic));
    }
  }

  public void clear() {
    byGroup.clear();
    groupsByTopic.clear();
  }

  public boolean isEmpty() {
    return byGroup.isEmpty();
  }

  /** Visits all, in no order. */
  public void forEach(Visitor<? super V> visitor) {
    byGroup.forEach(
        (group, ofGroup) -> ofGroup.forEach((topic, value) -> visitor.visit(group, topic, value)));
  }

  private void removeFromGroup(String group, String topic) {
    byGroup.computeIfPresent(
        group,
        (same, ofGroup) -> {
          ofGroup.remove(topic);
          return ofGroup.isEmpty() ? null : ofGroup;
        });
  }

  private void removeFromTopic(String topic, String group) {
    groupsByTopic.computeIfPresent(
        topic,
        (same, groups) -> {
          groups.remove(group);
          return groups.isEmpty() ? null : groups;
        });
  }
}
