package io.moiety.benchmarks.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Some threads, each of which does one operation after the other. What begins and ends within the
 * measured time counts. The first operation that fails ends the measurement as failed.
 */
public final class ClosedLoop {

  /** One operation, such as a send that returns when it is answered. */
  @FunctionalInterface
  public interface Operation {

    void run() throws Exception;
  }

  /** Makes each thread's operation, before any of them begins. */
  @FunctionalInterface
  public interface Source {

    Operation open() throws Exception;
  }

  private final int threads;
  private final int warmUpSeconds;
  private final int seconds;
  private final Announcer announcer;

  private ClosedLoop(int threads, int warmUpSeconds, int seconds, Announcer announcer) {
    this.threads = threads;
    this.warmUpSeconds = warmUpSeconds;
    this.seconds = seconds;
    this.announcer = announcer;
  }

  /** With {@code threads}, {@code warmUp} and {@code seconds} of the arguments. */
  public static ClosedLoop of(Arguments arguments, Announcer announcer) {
    return new ClosedLoop(
        arguments.number("threads"),
        arguments.number("warmUp"),
        arguments.number("seconds"),
        announcer);
  }

  /**
   * Runs, announces both sides of what counts, and returns the count, the rate per second and the
   * latencies in milliseconds.
   *
   * @throws Exception what kept an operation from being made, or made it fail
   */
  public Map<String, Double> run(Operation operation) throws Exception {
    return runEach(() -> operation);
  }

  /** As {@link #run}, with an operation of its own for each thread. */
  public Map<String, Double> runEach(Source source) throws Exception {
    List<Operation> operations = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      operations.add(source.open());
    }
    long beginNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(warmUpSeconds);
    long endNanos = beginNanos + TimeUnit.SECONDS.toNanos(seconds);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Latencies>> running = new ArrayList<>();
      for (Operation operation : operations) {
        running.add(pool.submit(() -> loop(operation, beginNanos, endNanos)));
      }
      sleepUntil(beginNanos);
      announcer.tell(Announcer.MEASURING);
      sleepUntil(endNanos);
      announcer.tell(Announcer.MEASURED);
      Latencies all = new Latencies();
      for (Future<Latencies> one : running) {
        all.addAll(one.get());
      }
      return numbers(all);
    } finally {
      pool.shutdownNow();
    }
  }

  private Map<String, Double> numbers(Latencies all) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    numbers.put("count", (double) all.count());
    numbers.put("rate", (double) all.count() / seconds);
    numbers.put("p50", all.percentileMillis(50));
    numbers.put("p99", all.percentileMillis(99));
    return numbers;
  }

  private static Latencies loop(Operation operation, long beginNanos, long endNanos)
      throws Exception {
    Latencies latencies = new Latencies();
    long start = System.nanoTime();
    while (start < endNanos) {
      operation.run();
      long end = System.nanoTime();
      if (start >= beginNanos && end <= endNanos) {
        latencies.add(end - start);
      }
      start = end;
    }
    return latencies;
  }

  private static void sleepUntil(long nanoTime) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(Math.max(0, nanoTime - System.nanoTime()));
  }
}
