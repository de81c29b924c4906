package io.moiety.broker.transaction;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * When what did not succeed is tried again: after a second, and after each further failure twice as
 * long, up to a minute. Pure, of numbers that name what is tried.
 *
 * <p>Confined to the store turn.
 */
final class RetryTimes {
  static final long FIRST_MILLIS = 1_000;
  static final long MAX_MILLIS = 60_000;

  /** So many doublings are enough to come to the longest. */
  private static final int MAX_DOUBLINGS = 6;

  private final Map<Long, Retry> byNumber = new HashMap<>();
  private final NavigableSet<Retry> byTime =
      new TreeSet<>(Comparator.comparingLong(Retry::dueMillis).thenComparingLong(Retry::number));

  private record Retry(long number, long dueMillis, int failures) {}

  /** To be tried as soon as it can be. */
  void add(long number, long nowMillis) {
    put(new Retry(number, nowMillis, failures(number)));
  }

  /**
   * It was tried in vain.
   *
   * @return how often now
   */
  int failed(long number, long nowMillis) {
    int failures = failures(number) + 1;
    long pauseMillis = Math.min(MAX_MILLIS, FIRST_MILLIS << Math.min(failures - 1, MAX_DOUBLINGS));
    put(new Retry(number, nowMillis + pauseMillis, failures));
    return failures;
  }

  /**
   * It needs no further trial.
   *
   * @return how often it was tried in vain
   */
  int done(long number) {
    Retry retry = byNumber.remove(number);
    if (retry == null) {
      return 0;
    }
    byTime.remove(retry);
    return retry.failures();
  }

  /** The one that is due for the longest time. */
  Optional<Long> due(long nowMillis) {
    return byTime.isEmpty() || byTime.first().dueMillis() > nowMillis
        ? Optional.empty()
        : Optional.of(byTime.first().number());
  }

  /** When the next is due, or {@code Long.MAX_VALUE}. */
  long nextMillis() {
    return byTime.isEmpty() ? Long.MAX_VALUE : byTime.first().dueMillis();
  }

  private int failures(long number) {
    Retry known = byNumber.get(number);
    return known == null ? 0 : known.failures();
  }

  private void put(Retry retry) {
    Retry before = byNumber.put(retry.number(), retry);
    if (before != null) {
      byTime.remove(before);
    }
    byTime.add(retry);
  }
}
