package io.moiety.broker.delivery;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Things that become due, soonest first, and in the order they were put when at the same time. A
 * thing is in it at most once, so it is never larger than what it watches. Confined to the store
 * turn.
 */
final class DueQueue<T> {
  private final TreeSet<Due<T>> order =
      new TreeSet<>(
          Comparator.<Due<T>>comparingLong(Due::dueMillis).thenComparingLong(Due::sequence));
  private final Map<T, Due<T>> dueByItem = new HashMap<>();
  private long sequence;

  private record Due<T>(long dueMillis, long sequence, T item) {}

  /** Puts a thing, or moves it to another time. */
  void put(T item, long dueMillis) {
    remove(item);
    Due<T> due = new Due<>(dueMillis, sequence++, item);
    dueByItem.put(item, due);
    order.add(due);
  }

  /** Puts a thing unless it is in already. */
  void putIfAbsent(T item, long dueMillis) {
    if (!dueByItem.containsKey(item)) {
      put(item, dueMillis);
    }
  }

  void remove(T item) {
    Due<T> due = dueByItem.remove(item);
    if (due != null) {
      order.remove(due);
    }
  }

  /** Takes out the first thing that is due. */
  Optional<T> pollDue(long nowMillis) {
    if (order.isEmpty() || order.first().dueMillis() > nowMillis) {
      return Optional.empty();
    }
    T item = order.first().item();
    remove(item);
    return Optional.of(item);
  }

  /** When the first thing becomes due, or {@code Long.MAX_VALUE}. */
  long nextDueMillis() {
    return order.isEmpty() ? Long.MAX_VALUE : order.first().dueMillis();
  }

  int size() {
    return order.size();
  }
}
