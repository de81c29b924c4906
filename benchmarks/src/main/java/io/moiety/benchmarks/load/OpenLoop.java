package io.moiety.benchmarks.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends at a fixed rate that does not wait for answers: each of some threads has a time for every
 * send. A send that is late because the one before took long still counts from its own time. What
 * is received is told from any thread.
 */
public final class OpenLoop {

  private static final long TAIL_SECONDS = 10;

  /** A send that is due. */
  @FunctionalInterface
  public interface Operation {

    /**
     * Sends.
     *
     * @param intendedNanos the {@link System#nanoTime} at which it was due, to be carried by the
     *     message
     */
    void run(long intendedNanos) throws Exception;
  }

  /** Makes each thread's operation, before any of them begins. */
  @FunctionalInterface
  public interface Source {

    Operation open() throws Exception;
  }

  private final int threads;
  private final int ratePerSecond;
  private final int warmUpSeconds;
  private final int seconds;
  private final Announcer announcer;
  private final Latencies latencies = new Latencies();
  private volatile long beginNanos = Long.MAX_VALUE;

  private OpenLoop(
      int threads, int ratePerSecond, int warmUpSeconds, int seconds, Announcer announcer) {
    this.threads = threads;
    this.ratePerSecond = ratePerSecond;
    this.warmUpSeconds = warmUpSeconds;
    this.seconds = seconds;
    this.announcer = announcer;
  }

  /** With {@code rate}, {@code warmUp} and {@code seconds} of the arguments. */
  public static OpenLoop of(Arguments arguments, int threads, Announcer announcer) {
    return new OpenLoop(
        threads,
        arguments.number("rate"),
        arguments.number("warmUp"),
        arguments.number("seconds"),
        announcer);
  }

  /** A message has arrived. What was sent to warm up does not count. */
  public void received(long intendedNanos, long latencyNanos) {
    if (intendedNanos >= beginNanos) {
      synchronized (latencies) {
        latencies.add(latencyNanos);
      }
    }
  }

  /**
   * Sends, announces both sides of what counts, waits for all that was sent and announces the
   * latencies in milliseconds.
   *
   * @throws IllegalStateException when messages are missing
   * @throws Exception what kept an operation from being made, or made it fail
   */
  public void run(Source source) throws Exception {
    List<Operation> operations = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      operations.add(source.open());
    }
    long startNanos = System.nanoTime();
    beginNanos = startNanos + TimeUnit.SECONDS.toNanos(warmUpSeconds);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Integer>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int thread = i;
        running.add(pool.submit(() -> sendOnTime(operations.get(thread), startNanos, thread)));
      }
      TimeUnit.SECONDS.sleep(warmUpSeconds);
      announcer.tell(Announcer.MEASURING);
      TimeUnit.SECONDS.sleep(seconds);
      announcer.tell(Announcer.MEASURED);
      int sent = 0;
      for (Future<Integer> one : running) {
        sent += one.get();
      }
      awaitReceived(sent);
    } finally {
      pool.shutdownNow();
    }
    announcer.result(numbers());
  }

  /** Returns how many sends of the measured time were answered. */
  private int sendOnTime(Operation operation, long startNanos, int thread) throws Exception {
    double intervalNanos = 1e9 / ratePerSecond;
    long endNanos = beginNanos + TimeUnit.SECONDS.toNanos(seconds);
    int measured = 0;
    for (long turn = thread; ; turn += threads) {
      long intendedNanos = startNanos + (long) (turn * intervalNanos);
      if (intendedNanos >= endNanos) {
        return measured;
      }
      for (long rest = intendedNanos - System.nanoTime();
          rest > 0;
          rest = intendedNanos - System.nanoTime()) {
        LockSupport.parkNanos(this, rest);
      }
      operation.run(intendedNanos);
      if (intendedNanos >= beginNanos) {
        measured++;
      }
    }
  }

  private void awaitReceived(int sent) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(TAIL_SECONDS);
    while (received() < sent && System.nanoTime() < until) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    int missing = sent - received();
    if (missing > 0) {
      throw new IllegalStateException(
          missing + " of " + sent + " messages were not received within " + TAIL_SECONDS + " s");
    }
  }

  private int received() {
    synchronized (latencies) {
      return latencies.count();
    }
  }

  private Map<String, Double> numbers() {
    Map<String, Double> numbers = new LinkedHashMap<>();
    synchronized (latencies) {
      numbers.put("count", (double) latencies.count());
      numbers.put("min", latencies.percentileMillis(0));
      numbers.put("p50", latencies.percentileMillis(50));
      numbers.put("p99", latencies.percentileMillis(99));
      numbers.put("max", latencies.percentileMillis(100));
    }
    return numbers;
  }
}
