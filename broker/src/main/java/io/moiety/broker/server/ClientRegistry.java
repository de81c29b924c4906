package io.moiety.broker.server;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

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
  private final Map<String, Map<String, ProducerClient>> producers = new HashMap<>();

  /** What the end of a connection ends. */
  private final Map<Connection, Set<Membership>> byConnection = new HashMap<>();

  private enum Kind {
    CONSUMER,
    PRODUCER
  }

  private record Membership(Kind kind, String group, String clientId) {

    /** About what it takes of the heap, without subscriptions. */
    private static final long FIXED_BYTES = 512;

    private static final long CHAR_BYTES = 2;

    long sizeBytes() {
      return FIXED_BYTES + CHAR_BYTES * (group.length() + clientId.length());
    }
  }

  /** By client id, who said it last. As many as memberships at most. */
  private final Map<String, Named> named = new HashMap<>();

  /**
   * Whose a client id is.
   *
   * @param user empty where there are no users
   */
  private record Named(Connection connection, String user) {}

  /** Memberships and subscriptions may take an eighth of the heap. */
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
    Membership membership = new Membership(Kind.CONSUMER, group, client.clientId());
    joined(client.connection(), membership, client.sizeBytes());
    if (before != null) {
      left(before.connection(), client.connection(), membership, before.sizeBytes());
    }
    return before == null || !before.subscriptions().equals(client.subscriptions());
  }

  void producer(String group, String clientId, ProducerClient client) {
    ProducerClient before =
        producers.computeIfAbsent(group, absent -> new LinkedHashMap<>()).put(clientId, client);
    Membership membership = new Membership(Kind.PRODUCER, group, clientId);
    joined(client.connection(), membership, 0);
    if (before != null) {
      left(before.connection(), client.connection(), membership, 0);
    }
  }

  private void joined(Connection connection, Membership membership, long moreBytes) {
    budget.joined(connection, membership.sizeBytes() + moreBytes);
    byConnection.computeIfAbsent(connection, absent -> new HashSet<>()).add(membership);
  }

  /**
   * @param now whose membership it is now; the same connection keeps it
   */
  private void left(
      Connection connection, @Nullable Connection now, Membership membership, long moreBytes) {
    budget.left(connection, membership.sizeBytes() + moreBytes);
    if (connection != now) {
      byConnection.computeIfPresent(
          connection,
          (same, memberships) -> {
            memberships.remove(membership);
            return memberships.isEmpty() ? null : memberships;
          });
    }
  }

  /**
   * The connection goes by this client id from now on, as a member of some group.
   *
   * @param user who signed that; empty where there are no users
   */
  void named(String clientId, Connection connection, String user) {
    named.put(clientId, new Named(connection, user));
  }

  /** Why a client may not go by this id: another user does, who would lose its replies. */
  Optional<String> refuseName(String clientId, String user) {
    return Optional.ofNullable(named.get(clientId))
        .filter(known -> known.connection().isOpen() && !known.user().equals(user))
        .map(known -> "the client id " + clientId + " is in use by a client of another user");
  }

  /** Why a client may not be in a producer group, with the limit; empty when it may, or is. */
  Optional<String> refuseProducer(String group, String clientId, Connection connection) {
    ProducerClient before = producers.getOrDefault(group, Map.of()).get(clientId);
    return before != null && before.connection() == connection
        ? Optional.empty()
        : budget.refuse(connection, 1, new Membership(Kind.PRODUCER, group, clientId).sizeBytes());
  }

  /** Why a client may not be in a group as it says; what it says instead of before counts once. */
  Optional<String> refuse(String group, ConsumerClient client) {
    ConsumerClient before = consumers.getOrDefault(group, Map.of()).get(client.clientId());
    Membership membership = new Membership(Kind.CONSUMER, group, client.clientId());
    return before == null || before.connection() != client.connection()
        ? budget.refuse(client.connection(), 1, membership.sizeBytes() + client.sizeBytes())
        : budget.refuse(client.connection(), 0, client.sizeBytes() - before.sizeBytes());
  }

  /** True when the client was a member by this connection: nobody takes others out. */
  boolean consumerLeft(String group, String clientId, Connection connection) {
    ConsumerClient member = consumers.getOrDefault(group, Map.of()).get(clientId);
    if (member == null || member.connection() != connection) {
      return false;
    }
    remove(consumers, group, clientId);
    left(connection, null, new Membership(Kind.CONSUMER, group, clientId), member.sizeBytes());
    return true;
  }

  void producerLeft(String group, String clientId, Connection connection) {
    ProducerClient member = producers.getOrDefault(group, Map.of()).get(clientId);
    if (member != null && member.connection() == connection) {
      remove(producers, group, clientId);
      left(connection, null, new Membership(Kind.PRODUCER, group, clientId), 0);
    }
  }

  private static <T> void remove(
      Map<String, Map<String, T>> groups, String group, String clientId) {
    groups.computeIfPresent(
        group,
        (same, members) -> {
          members.remove(clientId);
          return members.isEmpty() ? null : members;
        });
  }

  /** The consumer groups that lost a member by the end of this connection. */
  Set<String> closed(Connection connection) {
    Set<String> changed = new TreeSet<>();
    Set<Membership> ended = byConnection.remove(connection);
    for (Membership one : ended == null ? Set.<Membership>of() : ended) {
      if (one.kind() == Kind.CONSUMER) {
        remove(consumers, one.group(), one.clientId());
        changed.add(one.group());
      } else {
        remove(producers, one.group(), one.clientId());
      }
      named.computeIfPresent(
          one.clientId(), (id, known) -> known.connection() == connection ? null : known);
    }
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

  /** The connection of a client that is in some group: the one by which it was heard of last. */
  Optional<Connection> client(String clientId) {
    return Optional.ofNullable(named.get(clientId)).map(Named::connection);
  }

  /** The members of a producer group by client id, in the order in which they came. */
  Map<String, ProducerClient> producers(String group) {
    return new LinkedHashMap<>(producers.getOrDefault(group, Map.of()));
  }
}
