package io.moiety.broker.delivery;

import io.moiety.broker.filter.MessageFilter;
import io.moiety.broker.filter.NotFromClient;
import io.moiety.broker.filter.NotOfNamesake;
import io.moiety.broker.filter.SelectorDialect;
import io.moiety.broker.filter.Selectors;
import io.moiety.broker.store.GroupConfig;
import io.moiety.broker.topic.GroupTable;
import io.moiety.protocol.SubscriptionGroups;
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
          GroupTopic opened = new GroupTopic(group, topic, filter(group, topic));
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

  /** What the group wants of the topic at all, whether it is in use or not. */
  MessageFilter subscription(String group, String topic) {
    return find(group, topic).map(GroupTopic::subscription).orElseGet(() -> filter(group, topic));
  }

  /** A group that was there became one of another kind. */
  void subscriptionChanged(String group) {
    for (GroupTopic groupTopic : ofGroup(group)) {
      groupTopic.subscription(filter(group, groupTopic.topic()));
    }
  }

  private MessageFilter filter(String group, String topic) {
    return groups
        .find(group)
        .filter(config -> config.topic().isPresent())
        .map(config -> filter(config).and(ofItsKind(group, topic)))
        .orElse(MessageFilter.ALL);
  }

  private MessageFilter filter(GroupConfig config) {
    MessageFilter selected =
        config
            .selector()
            .map(text -> selectors.compile(SelectorDialect.JAKARTA_MESSAGING, text))
            .orElse(MessageFilter.ALL);
    return config
        .noLocalClient()
        .map(client -> selected.and(new NotFromClient(client)))
        .orElse(selected);
  }

  /** Groups of other names see a topic as RocketMQ's clients do. */
  private static MessageFilter ofItsKind(String group, String topic) {
    if (group.equals(topic)) {
      return new NotOfNamesake(true, topic);
    }
    return SubscriptionGroups.isOfTopic(group)
        ? new NotOfNamesake(false, topic)
        : MessageFilter.ALL;
  }
}
