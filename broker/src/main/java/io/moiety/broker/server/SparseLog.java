package io.moiety.broker.server;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Warns of what clients can bring about as often as they like: at most once in ten seconds, with
 * the number of those that were left out. What stands in a warning may come from a client, so it is
 * cut, and has no line ends, which would forge a log. Thread-safe.
 */
final class SparseLog {
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int MAX_CHARS = 2_000;

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
      log.log(
          Level.WARNING,
          shown(text.get()) + (before > 0 ? " (and " + before + " times before)" : ""));
    } else {
      leftOut.incrementAndGet();
    }
  }

  private static String shown(String text) {
    String cut = text.length() <= MAX_CHARS ? text : text.substring(0, MAX_CHARS) + "…";
    return cut.replaceAll("\\p{Cntrl}", "?");
  }
}
