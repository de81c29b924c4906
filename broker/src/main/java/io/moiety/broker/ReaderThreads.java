package io.moiety.broker;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that copy stored records for pulls, so that neither the turn nor a loop waits. */
final class ReaderThreads {
  private static final int THREADS = 2;
  private static final int WAITING = 8 * 1024;

  private ReaderThreads() {}

  /** Refuses what is more than may wait. */
  static ThreadPoolExecutor start() {
    AtomicInteger number = new AtomicInteger();
    return new ThreadPoolExecutor(
        THREADS,
        THREADS,
        0,
        TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(WAITING),
        task -> {
          Thread thread = new Thread(task, "moiety-broker-reader-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }
}
