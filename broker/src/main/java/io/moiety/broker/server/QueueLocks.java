package io.moiety.broker.server;

import java.util.ArrayList;
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
public final class QueueLocks {

  /** RocketMQ's {@code REBALANCE_LOCK_MAX_LIVE_TIME}. */
  static final long LEASE_MILLIS = 60_000;

  /** Names of queues and groups are the clients' own, so locks are counted. */
  static final int MAX_LOCKS = 100_000;

  private record Lock(String clientId, long expiresMillis) {}

  private final Map<String, Map<QueueKey, Lock>> locksByGroup = new HashMap<>();
  private int count;

  /** Looking for locks that have ended brings nothing before. */
  private long nextEndMillis;

  /** Takes or renews what is free or its own; the queues that the client holds now. */
  List<QueueKey> lock(String group, String clientId, Collection<QueueKey> queues, long nowMillis) {
    Map<QueueKey, Lock> locks = locksByGroup.getOrDefault(group, new HashMap<>());
    count -= endOld(locks, nowMillis);
    Lock own = new Lock(clientId, nowMillis + LEASE_MILLIS);
    nextEndMillis = Math.min(nextEndMillis, own.expiresMillis());
    List<QueueKey> held = new ArrayList<>();
    for (QueueKey queue : queues) {
      Lock present = locks.get(queue);
      if (present == null ? takePlace(nowMillis) : present.clientId().equals(clientId)) {
        locks.put(queue, own);
        held.add(queue);
      }
    }
    if (locks.isEmpty()) {
      locksByGroup.remove(group);
    } else {
      locksByGroup.put(group, locks);
    }
    return held;
  }

  /** True while a client of the group consumes in order. */
  boolean areHeld(String group, long nowMillis) {
    Map<QueueKey, Lock> locks = locksByGroup.getOrDefault(group, Map.of());
    boolean held = locks.values().stream().anyMatch(lock -> lock.expiresMillis() > nowMillis);
    if (!held) {
      locksByGroup.remove(group); // Not to be looked through with each message.
      count -= locks.size();
    }
    return held;
  }

  /** False when all places are taken by locks that have not ended. */
  private boolean takePlace(long nowMillis) {
    if (count >= MAX_LOCKS && nowMillis >= nextEndMillis) {
      endOldOfAll(nowMillis);
    }
    if (count >= MAX_LOCKS) {
      return false;
    }
    count++;
    return true;
  }

  private void endOldOfAll(long nowMillis) {
    nextEndMillis = Long.MAX_VALUE;
    for (Map<QueueKey, Lock> locks : locksByGroup.values()) {
      count -= endOld(locks, nowMillis);
      for (Lock lock : locks.values()) {
        nextEndMillis = Math.min(nextEndMillis, lock.expiresMillis());
      }
    }
    locksByGroup.values().removeIf(Map::isEmpty);
  }

  private static int endOld(Map<QueueKey, Lock> locks, long nowMillis) {
    int before = locks.size();
    locks.values().removeIf(lock -> lock.expiresMillis() <= nowMillis);
    return before - locks.size();
  }

  /** Gives up those of the queues that the client holds. */
  void unlock(String group, String clientId, Collection<QueueKey> queues) {
    Map<QueueKey, Lock> locks = locksByGroup.getOrDefault(group, new HashMap<>());
    for (QueueKey queue : queues) {
      Lock lock = locks.get(queue);
      if (lock != null && lock.clientId().equals(clientId)) {
        locks.remove(queue);
        count--;
      }
    }
    if (locks.isEmpty()) {
      locksByGroup.remove(group);
    }
  }

  /** Groups that are remembered. */
  int groups() {
    return locksByGroup.size();
  }
}
