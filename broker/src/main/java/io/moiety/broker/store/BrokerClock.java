package io.moiety.broker.store;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The only clock of the broker: milliseconds since 1970 that never go backwards.
 *
 * <p>It follows the wall clock while that moves evenly (small steps, as time synchronization makes
 * them) and the monotonic clock when the wall clock jumps, so that a running delay neither ends at
 * once nor lasts an hour longer because somebody set the clock.
 *
 * <p>Thread-safe: its own lock protects the correction and the last answer.
 */
public final class BrokerClock {
  /** A difference between two readings that is a jump and no synchronization. */
  static final long JUMP_MILLIS = 1_000;

  private final LongSupplier wallMillis;
  private final LongSupplier monotonicNanos;
  private long correctionMillis;
  private long lastDriftMillis;
  private long lastAnswerMillis;

  public BrokerClock(LongSupplier wallMillis, LongSupplier monotonicNanos) {
    this.wallMillis = wallMillis;
    this.monotonicNanos = monotonicNanos;
    this.lastDriftMillis = wallMillis.getAsLong() - monotonicMillis();
    this.correctionMillis = lastDriftMillis;
  }

  /** The clock of this machine. */
  public static BrokerClock system() {
    return new BrokerClock(System::currentTimeMillis, System::nanoTime);
  }

  /** Now, in milliseconds since 1970. */
  public synchronized long nowMillis() {
    long monotonic = monotonicMillis();
    long drift = wallMillis.getAsLong() - monotonic;
    long stepMillis = drift - lastDriftMillis;
    lastDriftMillis = drift;
    if (Math.abs(stepMillis) < JUMP_MILLIS) {
      correctionMillis += stepMillis;
    }
    lastAnswerMillis = Math.max(lastAnswerMillis, monotonic + correctionMillis);
    return lastAnswerMillis;
  }

  private long monotonicMillis() {
    return TimeUnit.NANOSECONDS.toMillis(monotonicNanos.getAsLong());
  }
}
