package io.moiety.broker.server;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which client of a group may consume a queue in order. A lock is a lease: its client renews it
 * every 20 s, and it is free again 60 s after it did not. Not kept over a restart, as in RocketMQ.
 *
 * <p>Pure: the time is an argument. Owner: the store turn.
 */
final class QueueLocks {

  /** RocketMQ's {@code REBALANCE_LOCK_MAX_LIVE_TIME}. */
  static final long LEASE_MILLIS = 60_000;

  /** Names of queues and groups are the clients' own, so locks are counted. */
  static final int MAX_LOCKS = 100_000;

  private record Lock(String clientId, long expiresMillis) {}

  private final Map<String, Map<QueueKey, Lock>> locksByGroup = new HashMap<>();

  /** Takes or renews what is free or its own; the queues that the client holds now. */
  List<QueueKey> lock(String group, String clientId, Collection<QueueKey> queues, long nowMillis) {
    Map<QueueKey, Lock> locks = locksByGroup.computeIfAbsent(group, absent -> new HashMap<>());
    locks.values().removeIf(lock -> lock.expiresMillis() <= nowMillis);
    if (isFull(nowMillis)) {
      return List.of();
    }
    Lock own = new Lock(clientId, nowMillis + LEASE_MILLIS);
    return queues.stream()
        .filter(
            queue ->
                locks
                    .merge(
                        queue,
                        own,
                        (held, wanted) -> held.clientId().equals(clientId) ? wanted : held)
                    .clientId()
                    .equals(clientId))
        .toList();
  }

  private boolean isFull(long nowMillis) {
    if (count() < MAX_LOCKS) {
      return false;
    }
    locksByGroup
        .values()
        .forEach(locks -> locks.values().removeIf(lock -> lock.expiresMillis() <= nowMillis));
    locksByGroup.values().removeIf(Map::isEmpty);
    return count() >= MAX_LOCKS;
  }

  private int count() {
    return locksByGroup.values().stream().mapToInt(Map::size).sum();
  }

  /** Gives up those of the queues that the client holds. */
  void unlock(String group, String clientId, Collection<QueueKey> queues) {
    Map<QueueKey, Lock> locks = locksByGroup.getOrDefault(group, Map.of());
    for (QueueKey queue : queues) {
      Lock lock = locks.get(queue);
      if (lock != null && lock.clientId().equals(clientId)) {
        locks.remove(queue);
      }
    }
    if (locks.isEmpty()) {
      locksByGroup.remove(group);
    }
  }
}
