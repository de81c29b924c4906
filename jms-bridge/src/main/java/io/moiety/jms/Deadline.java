package io.moiety.jms;

import java.util.concurrent.TimeUnit;

/** The end of a wait, by the monotonic clock. Immutable. */
final class Deadline {

  private static final Deadline NEVER = new Deadline(0, true);

  private final long atNanos;
  private final boolean never;

  private Deadline(long atNanos, boolean never) {
    this.atNanos = atNanos;
    this.never = never;
  }

  static Deadline never() {
    return NEVER;
  }

  static Deadline now() {
    return new Deadline(System.nanoTime(), false);
  }

  /** In so many milliseconds; never for 0, as receive has it. */
  static Deadline afterMillis(long timeoutMillis) {
    return timeoutMillis == 0
        ? NEVER
        : new Deadline(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis), false);
  }

  /** At most {@code atMostMillis}, rounded up; 0 when it has passed. */
  long remainingMillis(long atMostMillis) {
    if (never) {
      return atMostMillis;
    }
    long leftNanos = atNanos - System.nanoTime();
    if (leftNanos <= 0) {
      return 0;
    }
    return Math.min(atMostMillis, TimeUnit.NANOSECONDS.toMillis(leftNanos - 1) + 1);
  }

  boolean hasPassed() {
    return remainingMillis(1) == 0;
  }
}
