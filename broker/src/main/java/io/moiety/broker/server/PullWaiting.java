package io.moiety.broker.server;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Pulls that found nothing and wait for something: each for one queue, until more of it is served
 * or its time is over. A pull leaves before it is told, so it may come to wait again.
 *
 * <p>Pure: the time is an argument. Owner: the store turn.
 */
final class PullWaiting {

  /** A pull that waits; exactly one of the first two is called, once. */
  interface Held {

    /** More of the queue may be delivered. */
    void served();

    /** The time is over. */
    void expired();

    /** It could not deal with what it was told, and does not wait any more. */
    void failed(RuntimeException failure);
  }

  private record Waiting(QueueKey queue, long deadlineMillis, long number, Held pull) {}

  private static final Comparator<Waiting> BY_DEADLINE =
      Comparator.comparingLong(Waiting::deadlineMillis).thenComparingLong(Waiting::number);

  private final int capacity;
  private final Map<QueueKey, Set<Waiting>> byQueue = new HashMap<>();
  private final TreeSet<Waiting> byDeadline = new TreeSet<>(BY_DEADLINE);
  private long lastNumber;

  /**
   * @param capacity pulls that may wait at a time
   */
  PullWaiting(int capacity) {
    this.capacity = capacity;
  }

  /** False when too many wait already: this one is to be answered now. */
  boolean hold(QueueKey queue, long deadlineMillis, Held pull) {
    if (byDeadline.size() >= capacity) {
      return false;
    }
    Waiting waiting = new Waiting(queue, deadlineMillis, ++lastNumber, pull);
    byDeadline.add(waiting);
    byQueue.computeIfAbsent(queue, absent -> new LinkedHashSet<>()).add(waiting);
    return true;
  }

  /** Tells all who wait for the queue, the longest waiting first. */
  void served(QueueKey queue) {
    Set<Waiting> woken = byQueue.remove(queue);
    if (woken != null) {
      byDeadline.removeAll(woken);
      woken.forEach(waiting -> tell(waiting.pull(), Held::served));
    }
  }

  /** Tells those whose time is over. */
  void expire(long nowMillis) {
    while (nextDueMillis() <= nowMillis) {
      Waiting waiting = byDeadline.first();
      remove(waiting);
      tell(waiting.pull(), Held::expired);
    }
  }

  /** A broad catch: the others who wait have no part in the failure of one, and are told too. */
  private static void tell(Held pull, Consumer<Held> news) {
    try {
      news.accept(pull);
    } catch (RuntimeException failure) {
      pull.failed(failure);
    }
  }

  /** When {@link #expire} next has something to do; {@link Long#MAX_VALUE} when nobody waits. */
  long nextDueMillis() {
    return byDeadline.isEmpty() ? Long.MAX_VALUE : byDeadline.first().deadlineMillis();
  }

  int waiting() {
    return byDeadline.size();
  }

  private void remove(Waiting waiting) {
    byDeadline.remove(waiting);
    Set<Waiting> sameQueue = byQueue.getOrDefault(waiting.queue(), Set.of());
    sameQueue.remove(waiting);
    if (sameQueue.isEmpty()) {
      byQueue.remove(waiting.queue());
    }
  }
}
