package io.moiety.broker.server;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which clients are there: in producer groups, to be asked for outcomes, and in consumer groups,
 * which share out queues among them. Built from heartbeats; a client is gone when it says so or
 * when its connection closes.
 *
 * <p>A client that comes back on a new connection replaces itself, and the end of its old one then
 * changes nothing. Owner: the store turn.
 */
public final class ClientRegistry {

  private static final int HEAP_SHARE = 8;

  private final HeartbeatBudget budget;
  private final Map<String, Map<String, ConsumerClient>> consumers = new HashMap<>();
  private final Map<String, Map<String, Connection>> producers = new HashMap<>();

  /** Subscriptions may take an eighth of the heap. */
  public ClientRegistry() {
    this(new HeartbeatBudget(Runtime.getRuntime().maxMemory() / HEAP_SHARE));
  }

  ClientRegistry(HeartbeatBudget budget) {
    this.budget = budget;
  }

  /** True when this changes the group's members or what they want. */
  boolean consumer(String group, ConsumerClient client) {
    ConsumerClient before =
        consumers
            .computeIfAbsent(group, absent -> new LinkedHashMap<>())
            .put(client.clientId(), client);
    budget.joined(client.connection(), client.sizeBytes());
    if (before != null) {
      budget.left(before.connection(), before.sizeBytes());
    }
    return before == null || !before.subscriptions().equals(client.subscriptions());
  }

  void producer(String group, String clientId, Connection connection) {
    Connection before =
        producers.computeIfAbsent(group, absent -> new LinkedHashMap<>()).put(clientId, connection);
    budget.joined(connection, 0);
    if (before != null) {
      budget.left(before, 0);
    }
  }

  /** Why a connection may not join more groups, with the limit; empty when it may. */
  Optional<String> refuse(Connection connection) {
    return budget.refuse(connection, 0);
  }

  /** Why a client may not be in a group as it says; what it says instead of before counts once. */
  Optional<String> refuse(String group, ConsumerClient client) {
    ConsumerClient before = consumers.getOrDefault(group, Map.of()).get(client.clientId());
    long replacedBytes =
        before == null || before.connection() != client.connection() ? 0 : before.sizeBytes();
    return budget.refuse(client.connection(), client.sizeBytes() - replacedBytes);
  }

  /** True when the client was a member by this connection: nobody takes others out. */
  boolean consumerLeft(String group, String clientId, Connection connection) {
    Map<String, ConsumerClient> members = consumers.getOrDefault(group, Map.of());
    ConsumerClient member = members.get(clientId);
    if (member == null || member.connection() != connection) {
      return false;
    }
    members.remove(clientId);
    budget.left(connection, member.sizeBytes());
    consumers.values().removeIf(Map::isEmpty);
    return true;
  }

  void producerLeft(String group, String clientId, Connection connection) {
    Map<String, Connection> members = producers.getOrDefault(group, Map.of());
    if (members.get(clientId) == connection) {
      members.remove(clientId);
      budget.left(connection, 0);
      producers.values().removeIf(Map::isEmpty);
    }
  }

  /** The consumer groups that lost a member by the end of this connection. */
  Set<String> closed(Connection connection) {
    Set<String> changed = new TreeSet<>();
    consumers.forEach(
        (group, members) -> {
          if (members.values().removeIf(member -> member.connection() == connection)) {
            changed.add(group);
          }
        });
    producers.values().forEach(members -> members.values().removeIf(one -> one == connection));
    consumers.values().removeIf(Map::isEmpty);
    producers.values().removeIf(Map::isEmpty);
    budget.closed(connection);
    return changed;
  }

  /** The clients of a consumer group; every member is told the same list. */
  List<String> consumerIds(String group) {
    return consumers.getOrDefault(group, Map.of()).keySet().stream().sorted().toList();
  }

  List<ConsumerClient> consumers(String group) {
    return List.copyOf(consumers.getOrDefault(group, Map.of()).values());
  }

  /** The member of a group that uses this connection. */
  Optional<ConsumerClient> consumer(String group, Connection connection) {
    return consumers.getOrDefault(group, Map.of()).values().stream()
        .filter(member -> member.connection() == connection)
        .findFirst();
  }

  /** Groups with a member that subscribes to the topic. */
  Set<String> groupsOn(String topic) {
    Set<String> groups = new TreeSet<>();
    consumers.forEach(
        (group, members) -> {
          if (members.values().stream()
              .anyMatch(member -> member.subscriptions().containsKey(topic))) {
            groups.add(group);
          }
        });
    return groups;
  }

  /** The member of a consumer group with this id. */
  Optional<ConsumerClient> consumer(String group, String clientId) {
    return Optional.ofNullable(consumers.getOrDefault(group, Map.of()).get(clientId));
  }

  /** All producer groups. */
  Set<String> producerGroups() {
    return new TreeSet<>(producers.keySet());
  }

  /** The connection of a client that is in some producer group. */
  Optional<Connection> producer(String clientId) {
    return producers.values().stream()
        .flatMap(members -> Optional.ofNullable(members.get(clientId)).stream())
        .findFirst();
  }

  /** The members of a producer group by client id, in the order in which they came. */
  public Map<String, Connection> producers(String group) {
    return new LinkedHashMap<>(producers.getOrDefault(group, Map.of()));
  }
}
