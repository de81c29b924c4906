package io.moiety.broker.delivery;

import io.moiety.broker.filter.MessageFilter;
import io.moiety.broker.filter.NotFromClient;
import io.moiety.broker.filter.SelectorDialect;
import io.moiety.broker.filter.Selectors;
import io.moiety.broker.store.GroupConfig;
import io.moiety.broker.topic.GroupTable;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All groups on topics that are in use, and which of them have something new to look at. What it
 * hears from the ledgers it only notes: those who wait are served by {@link Waiters}, when no
 * record is being applied.
 *
 * <p>Confined to the store turn.
 */
final class GroupTopics implements LedgerListener {
  private final GroupTable groups;
  private final Selectors selectors;
  private final Map<Key, GroupTopic> byKey = new HashMap<>();
  private final Map<String, Set<GroupTopic>> byTopic = new HashMap<>();
  private final Map<String, Set<GroupTopic>> byGroup = new HashMap<>();
  private final Set<GroupTopic> ready = new LinkedHashSet<>();

  private record Key(String group, String topic) {}

  GroupTopics(GroupTable groups, Selectors selectors) {
    this.groups = groups;
    this.selectors = selectors;
  }

  /** The group on the topic; both must exist. */
  GroupTopic open(String group, String topic) {
    return byKey.computeIfAbsent(
        new Key(group, topic),
        key -> {
          GroupTopic opened = new GroupTopic(group, topic, subscription(group));
          byTopic.computeIfAbsent(topic, name -> new LinkedHashSet<>()).add(opened);
          byGroup.computeIfAbsent(group, name -> new LinkedHashSet<>()).add(opened);
          return opened;
        });
  }

  Optional<GroupTopic> find(String group, String topic) {
    return Optional.ofNullable(byKey.get(new Key(group, topic)));
  }

  Collection<GroupTopic> ofTopic(String topic) {
    return byTopic.getOrDefault(topic, Set.of());
  }

  Collection<GroupTopic> ofGroup(String group) {
    return byGroup.getOrDefault(group, Set.of());
  }

  /** Something was served on the topic. */
  void served(String topic) {
    ofTopic(topic).forEach(this::becameReady);
  }

  /** Those who wait in this group on this topic are to be looked after. */
  void becameReady(GroupTopic groupTopic) {
    if (groupTopic.isAwaited()) {
      ready.add(groupTopic);
    }
  }

  /** Takes out who has been ready longest. */
  Optional<GroupTopic> pollReady() {
    Optional<GroupTopic> first = ready.stream().findFirst();
    first.ifPresent(ready::remove);
    return first;
  }

  int readyCount() {
    return ready.size();
  }

  @Override
  public void acknowledged(LedgerKey key) {
    find(key.group(), key.topic())
        .filter(
            groupTopic ->
                groupTopic.isAwaitedInOrder()
                    || groupTopic.queue(key.queueId()).filter(GroupQueue::isFull).isPresent())
        .ifPresent(this::becameReady);
  }

  @Override
  public void wentBack(LedgerKey key, long lowestOffset) {
    find(key.group(), key.topic())
        .ifPresent(
            groupTopic -> {
              groupTopic.queue(key.queueId()).ifPresent(queue -> queue.wentBack(lowestOffset));
              becameReady(groupTopic);
            });
  }

  @Override
  public void moved(LedgerKey key) {
    find(key.group(), key.topic())
        .ifPresent(
            groupTopic -> {
              groupTopic.queue(key.queueId()).ifPresent(GroupQueue::reset);
              becameReady(groupTopic);
            });
  }

  @Override
  public void groupForgotten(String group) {
    List.copyOf(ofGroup(group)).forEach(this::forget);
  }

  @Override
  public void topicForgotten(String topic) {
    List.copyOf(ofTopic(topic)).forEach(this::forget);
  }

  private void forget(GroupTopic groupTopic) {
    groupTopic.forgotten();
    byKey.remove(new Key(groupTopic.group(), groupTopic.topic()));
    forget(byTopic, groupTopic.topic(), groupTopic);
    forget(byGroup, groupTopic.group(), groupTopic);
    becameReady(groupTopic);
  }

  private static void forget(
      Map<String, Set<GroupTopic>> index, String name, GroupTopic groupTopic) {
    index.computeIfPresent(
        name,
        (same, groupTopics) -> {
          groupTopics.remove(groupTopic);
          return groupTopics.isEmpty() ? null : groupTopics;
        });
  }

  private MessageFilter subscription(String group) {
    Optional<GroupConfig> config = groups.find(group);
    MessageFilter selected =
        config
            .flatMap(GroupConfig::selector)
            .map(text -> selectors.compile(SelectorDialect.JAKARTA_MESSAGING, text))
            .orElse(MessageFilter.ALL);
    return config
        .flatMap(GroupConfig::noLocalClient)
        .map(client -> selected.and(new NotFromClient(client)))
        .orElse(selected);
  }
}
