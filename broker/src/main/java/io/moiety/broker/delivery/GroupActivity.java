package io.moiety.broker.delivery;

import io.moiety.broker.store.GroupConfig;
import io.moiety.broker.topic.GroupTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which connections use which groups, so that an exclusive subscription has one consumer, an active
 * one is not deleted, and one that is not durable ends with its last connection.
 *
 * <p>Confined to the store turn.
 */
final class GroupActivity {
  private final GroupTable groups;
  private final GroupTopics groupTopics;
  private final Map<String, Set<Long>> subscribers = new HashMap<>();

  /** Connections that subscribed exclusively and whose consumer is not known yet. */
  private final Map<String, Long> claims = new HashMap<>();

  GroupActivity(GroupTable groups, GroupTopics groupTopics) {
    this.groups = groups;
    this.groupTopics = groupTopics;
  }

  /** Why a connection cannot have another consumer of the group. */
  Optional<Refusal> refuseConsumer(String group, long connectionId) {
    return groups
        .find(group)
        .filter(GroupConfig::exclusive)
        .flatMap(exclusive -> refuseActive(group, connectionId));
  }

  /** Why a connection cannot have the group for itself. */
  Optional<Refusal> refuseActive(String group, long connectionId) {
    Long claimedBy = claims.get(group);
    boolean claimedElsewhere = claimedBy != null && claimedBy != connectionId;
    return hasConsumers(group) || claimedElsewhere
        ? Optional.of(
            Refusal.inUse("Subscription " + group + " has an active consumer; close it first"))
        : Optional.empty();
  }

  /** Why the group cannot be deleted or changed at the wish of a connection. */
  Optional<Refusal> refuseChange(String group, long connectionId) {
    boolean usedElsewhere =
        subscribers.getOrDefault(group, Set.of()).stream().anyMatch(id -> id != connectionId)
            && groups.find(group).filter(config -> !config.durable()).isPresent();
    return usedElsewhere
        ? Optional.of(Refusal.inUse("Subscription " + group + " is used by other connections"))
        : refuseActive(group, connectionId);
  }

  /** Why the group cannot be deleted while an application has messages of it at hand. */
  Optional<Refusal> refuseUnacknowledged(String group) {
    boolean unacknowledged =
        groupTopics.ofGroup(group).stream()
            .flatMap(ofTopic -> ofTopic.queues().stream())
            .anyMatch(GroupQueue::hasLeases);
    return unacknowledged
        ? Optional.of(
            Refusal.inUse(
                "Messages of subscription "
                    + group
                    + " were received and are not acknowledged; acknowledge or commit, or close the"
                    + " session"))
        : Optional.empty();
  }

  /** A connection has no consumer of the group any more, which goes on for those of others. */
  void left(String group, long connectionId) {
    Set<Long> connections = subscribers.get(group);
    if (connections != null && connections.remove(connectionId) && connections.isEmpty()) {
      subscribers.remove(group);
    }
  }

  boolean hasConsumers(String group) {
    return groupTopics.ofGroup(group).stream().anyMatch(GroupTopic::hasConsumers);
  }

  void subscribed(String group, long connectionId, boolean exclusive) {
    subscribers.computeIfAbsent(group, name -> new HashSet<>()).add(connectionId);
    if (exclusive) {
      claims.put(group, connectionId);
    }
  }

  /** Its consumer is known now, or closed: what counts is whether it has one. */
  void unclaim(String group, long connectionId) {
    claims.remove(group, connectionId);
  }

  /** A consumer that was never known is closed: it may have been the one of any claim. */
  void unclaimAll(long connectionId) {
    claims.values().removeIf(id -> id == connectionId);
  }

  void deleted(String group) {
    subscribers.remove(group);
    claims.remove(group);
  }

  /** The connection is gone: returns the groups that nobody has subscribed to any more. */
  List<String> connectionLost(long connectionId) {
    unclaimAll(connectionId);
    List<String> left = new ArrayList<>();
    subscribers.forEach(
        (group, connections) -> {
          if (connections.remove(connectionId) && connections.isEmpty()) {
            left.add(group);
          }
        });
    left.forEach(subscribers::remove);
    return left;
  }
}
