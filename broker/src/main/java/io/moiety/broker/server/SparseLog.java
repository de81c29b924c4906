package io.moiety.broker.server;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Warns of what clients can bring about as often as they like: at most once in ten seconds, with
 * the number of those that were left out. Thread-safe.
 */
final class SparseLog {
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Logger log;
  private final AtomicLong dueNanos = new AtomicLong(System.nanoTime());
  private final AtomicLong leftOut = new AtomicLong();

  SparseLog(Logger log) {
    this.log = log;
  }

  void warn(Supplier<String> text) {
    long now = System.nanoTime();
    long due = dueNanos.get();
    if (now - due >= 0 && dueNanos.compareAndSet(due, now + PAUSE_NANOS)) {
      long before = leftOut.getAndSet(0);
      log.log(Level.WARNING, text.get() + (before > 0 ? " (and " + before + " times before)" : ""));
    } else {
      leftOut.incrementAndGet();
    }
  }
}
