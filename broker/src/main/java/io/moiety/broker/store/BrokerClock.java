package io.moiety.broker.store;

import java.time.Instant;
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

  private static final long JUMP_NANOS = TimeUnit.MILLISECONDS.toNanos(JUMP_MILLIS);

  private final LongSupplier wallNanos;
  private final LongSupplier monotonicNanos;
  private long correctionNanos;
  private long lastDriftNanos;
  private long lastAnswerNanos;

  /**
   * A clock over two others.
   *
   * @param wallMillis since 1970
   * @param monotonicNanos since any time
   */
  public BrokerClock(LongSupplier wallMillis, LongSupplier monotonicNanos) {
    this.wallNanos = () -> TimeUnit.MILLISECONDS.toNanos(wallMillis.getAsLong());
    this.monotonicNanos = monotonicNanos;
    begin();
  }

  /** The clock of this machine, whose milliseconds begin when the machine's do. */
  private BrokerClock() {
    this.wallNanos = BrokerClock::machineNanos;
    this.monotonicNanos = System::nanoTime;
    begin();
  }

  private void begin() {
    lastDriftNanos = wallNanos.getAsLong() - monotonicNanos.getAsLong();
    correctionNanos = lastDriftNanos;
  }

  private static long machineNanos() {
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }

  /** The clock of this machine. */
  public static BrokerClock system() {
    return new BrokerClock();
  }

  /** Now, in milliseconds since 1970. */
  public long nowMillis() {
    return TimeUnit.NANOSECONDS.toMillis(nowNanos());
  }

  /**
   * How long it is until {@link #nowMillis} is as much, to the nanosecond: who waits for the
   * difference in milliseconds comes up to one too late. 0 or less when it is already.
   */
  public long nanosUntil(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(Math.max(0, millis)) - nowNanos();
  }

  private synchronized long nowNanos() {
    long monotonic = monotonicNanos.getAsLong();
    long drift = wallNanos.getAsLong() - monotonic;
    long stepNanos = drift - lastDriftNanos;
    lastDriftNanos = drift;
    if (Math.abs(stepNanos) < JUMP_NANOS) {
      correctionNanos += stepNanos;
    }
    lastAnswerNanos = Math.max(lastAnswerNanos, monotonic + correctionNanos);
    return lastAnswerNanos;
  }
}
