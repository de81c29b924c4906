package io.moiety.broker.store;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Wakes the store turn when something is due, or was made durable: one thread that parks until
 * then.
 *
 * <p>Thread-safe; {@link #wakeAt} is called by whoever has the turn.
 */
public final class TurnTimer implements AutoCloseable {
  private static final long LONGEST_PARK_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final BrokerClock clock;
  private final Runnable takeTurn;
  private final Thread thread;
  private volatile long wakeMillis = Long.MAX_VALUE;
  private volatile boolean urgent;
  private volatile boolean closed;

  private TurnTimer(BrokerClock clock, Runnable takeTurn) {
    this.clock = clock;
    this.takeTurn = takeTurn;
    this.thread = new Thread(this::run, "moiety-timer");
    thread.setDaemon(true);
  }

  /**
   * A timer that {@link #start} sets going.
   *
   * @param takeTurn runs on the timer's thread when something is due
   */
  public static TurnTimer of(BrokerClock clock, Runnable takeTurn) {
    return new TurnTimer(clock, takeTurn);
  }

  public void start() {
    thread.start();
  }

  /** Replaces the time of the next wake-up. */
  public void wakeAt(long millis) {
    long before = wakeMillis;
    wakeMillis = millis;
    if (millis < before) {
      LockSupport.unpark(thread);
    }
  }

  /** Takes the turn as soon as possible, whatever is due. Any thread. */
  public void wakeNow() {
    urgent = true;
    LockSupport.unpark(thread);
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }

  private void run() {
    while (!closed) {
      long waitNanos = Math.min(clock.nanosUntil(wakeMillis), LONGEST_PARK_NANOS);
      if (waitNanos > 0 && !urgent) {
        LockSupport.parkNanos(this, waitNanos);
      } else {
        urgent = false;
        wakeMillis = Long.MAX_VALUE;
        takeTurn.run();
      }
    }
  }
}
