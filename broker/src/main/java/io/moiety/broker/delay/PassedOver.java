package io.moiety.broker.delay;

import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Delayed messages whose time has come and that cannot be delivered now: their record cannot be
 * read, or the log does not take them. The schedules go on without them; each is tried again after
 * a pause, which doubles. Of this run only: the next start finds them in their places.
 *
 * <p>One failure is enough to rest all of them for a moment, since each may keep the turn waiting
 * for the disk. Owner: the store turn.
 */
final class PassedOver {
  /** More than these, about 2 MB, is a trouble of the disk: then the others wait too. */
  static final int MAX = 16 * 1024;

  static final long FIRST_PAUSE_MILLIS = 1_000;
  static final long LONGEST_PAUSE_MILLIS = 60_000;

  private final PriorityQueue<Trial> trials =
      new PriorityQueue<>(Comparator.comparingLong(Trial::atMillis).thenComparing(Trial::message));

  private long restUntilMillis;

  /**
   * The next trial of a message.
   *
   * @param message as it lay when it was tried first
   * @param pauseMillis before it
   */
  record Trial(Delayed message, long atMillis, long pauseMillis) {}

  boolean isFull() {
    return trials.size() >= MAX;
  }

  void add(Delayed message, long nowMillis) {
    trials.add(new Trial(message, nowMillis + FIRST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS));
  }

  /** What is to be tried now; there until {@link #done} or {@link #failed}. */
  Optional<Trial> due(long nowMillis) {
    return nextMillis() <= nowMillis ? Optional.ofNullable(trials.peek()) : Optional.empty();
  }

  /** When there is something to try, or {@code Long.MAX_VALUE}. */
  long nextMillis() {
    Trial first = trials.peek();
    return first == null ? Long.MAX_VALUE : Math.max(first.atMillis(), restUntilMillis);
  }

  /** It is delivered, or does not wait any more. */
  void done(Trial trial) {
    trials.remove(trial);
  }

  void failed(Trial trial, long nowMillis) {
    trials.remove(trial);
    long pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, 2 * trial.pauseMillis());
    trials.add(new Trial(trial.message(), nowMillis + pauseMillis, pauseMillis));
    restUntilMillis = nowMillis + FIRST_PAUSE_MILLIS;
  }
}
