package io.moiety.broker.system;

import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import io.moiety.client.Delivery;
import io.moiety.client.SendReceipt;
import io.moiety.client.SessionConsumer;
import io.moiety.protocol.MessageProperties;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Not a test: how long a producer waits for its answers while a consumer works off an old backlog
 * that is not in the page cache. As root, since it drops the page cache.
 *
 * <p>Arguments: a directory, MiB of backlog, of how many messages one is consumed, seconds at most.
 */
final class ColdBacklogTrial {
  private static final int IN_FLIGHT = 100;
  private static final String OLD = "x".repeat(4 * 1024);

  private ColdBacklogTrial() {}

  public static void main(String[] args) throws Exception {
    Map<String, String> properties =
        Map.of("storePathRootDir", args[0], "flushDiskType", "ASYNC_FLUSH");
    try (Broker broker = Broker.start(BrokerConfig.of(properties, Profile.EMBEDDED));
        Wire producer = Wire.connect(broker.address().getPort());
        Wire consumer = Wire.connect(broker.address().getPort())) {
      int messages = Integer.parseInt(args[1]) * 256;
      int every = Integer.parseInt(args[2]);
      int seconds = Integer.parseInt(args[3]);
      fill(producer, messages, every);
      run("producer alone", producer, Optional.empty(), 5, 0);
      dropCaches();
      run("with a cold backlog", producer, Optional.of(consumer), seconds, messages / every);
    }
  }

  private static void fill(Wire producer, int messages, int every) {
    Queue<CompletableFuture<SendReceipt>> inFlight = new ArrayDeque<>();
    for (int i = 0; i < messages; i++) {
      if (inFlight.size() == IN_FLIGHT) {
        Wire.await(inFlight.remove());
      }
      String topic = i % every == 0 ? "old" : "between";
      inFlight.add(
          producer.client.send(
              Wire.message(topic, OLD, MessageProperties.empty(), Optional.empty())));
    }
    inFlight.forEach(Wire::await);
  }

  private static void dropCaches() throws IOException, InterruptedException {
    Process dropped =
        new ProcessBuilder("sh", "-c", "sync; echo 3 > /proc/sys/vm/drop_caches").start();
    if (dropped.waitFor() != 0) {
      throw new IllegalStateException("the page cache is not dropped; are you root?");
    }
  }

  private static void run(
      String name, Wire producer, Optional<Wire> consumer, int seconds, int backlog)
      throws InterruptedException {
    AtomicBoolean over = new AtomicBoolean();
    AtomicLong consumed = new AtomicLong();
    Thread consuming = new Thread(() -> consumer.ifPresent(wire -> consume(wire, over, consumed)));
    consuming.start();
    long[] nanos = new long[10_000_000];
    int count = 0;
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < seconds * 1_000_000_000L
        && (backlog == 0 || consumed.get() < backlog)) {
      long sent = System.nanoTime();
      producer.send("new", "y");
      nanos[count++] = System.nanoTime() - sent;
    }
    over.set(true);
    consuming.join();
    Arrays.sort(nanos, 0, count);
    System.out.printf(
        "%-20s %.1f s, sent %d, consumed %d; ms: p50 %.2f, p99 %.2f, p99.9 %.2f, p99.99 %.2f, max %.2f%n",
        name,
        (System.nanoTime() - begin) / 1e9,
        count,
        consumed.get(),
        millis(nanos, count, 0.5),
        millis(nanos, count, 0.99),
        millis(nanos, count, 0.999),
        millis(nanos, count, 0.9999),
        nanos[count - 1] / 1e6);
  }

  private static void consume(Wire wire, AtomicBoolean over, AtomicLong consumed) {
    SessionConsumer consumer = wire.consumer("old");
    while (!over.get()) {
      List<Delivery> batch = wire.receive(consumer, 100, 100);
      consumed.addAndGet(batch.size());
      if (!batch.isEmpty()) {
        wire.acknowledge(batch);
      }
    }
  }

  private static double millis(long[] sorted, int count, double part) {
    return sorted[(int) (count * part)] / 1e6;
  }
}
