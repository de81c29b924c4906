package io.moiety.benchmarks.child;

import io.moiety.benchmarks.load.Announcer;
import io.moiety.benchmarks.load.Arguments;
import io.moiety.benchmarks.load.Latencies;
import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.log.CommitLog;
import io.moiety.broker.log.LogConfig;
import io.moiety.broker.log.LogEvents;
import io.moiety.broker.log.PutStatus;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.RecordDraft;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Appends to a commit log as fast as its disk takes them, without a broker. As the senders of a
 * broker, the appending thread has only so much not yet durable; it waits between appends when that
 * is reached, and such a wait is no part of an append's latency. An append that is refused, since
 * no room was prepared for it, is tried again until it succeeds, and all of that is its latency.
 */
public final class Appends {

  private static final int BODY_BYTES = 1024;
  private static final long NOT_DURABLE_BYTES = 32L * 1024 * 1024;
  private static final long FORCE_EVERY_BYTES = 1024 * 1024;

  /** What the log keeps: older segments are deleted behind the appends, as retention does it. */
  private static final long KEPT_BYTES = 1024L * 1024 * 1024;

  private static final long WAIT_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
  private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final CommitLog log;
  private final RecordDraft draft;
  private final Latencies latencies = new Latencies();
  private long refused;
  private long waitedNanos;

  private Appends(CommitLog log) {
    InetSocketAddress host = new InetSocketAddress(InetAddress.getLoopbackAddress(), 10911);
    this.log = log;
    this.draft =
        new RecordDraft(
            "benchmark",
            0,
            0,
            0,
            0,
            System.currentTimeMillis(),
            host,
            host,
            0,
            0,
            ByteBuffer.wrap(new byte[BODY_BYTES]),
            MessageProperties.empty().with("UNIQ_KEY", "7F00000100002A139A5570C0F0D60000"));
  }

  /** With {@code directory}, {@code mebibytes}, {@code segmentMebibytes}. */
  public static void main(String[] texts) {
    Arguments arguments = Arguments.parse(texts);
    LogConfig config =
        LogConfig.of(Path.of(arguments.text("directory")))
            .withSegmentSizeBytes(arguments.number("segmentMebibytes") * 1024 * 1024);
    try (CommitLog log = CommitLog.open(config, System::currentTimeMillis, new Events())) {
      new Appends(log).run(arguments.number("mebibytes") * 1024L * 1024);
    }
  }

  private void run(long totalBytes) {
    Announcer announcer = new Announcer(System.out);
    announcer.tell(Announcer.MEASURING);
    long beginNanos = System.nanoTime();
    long end = log.appendedPosition() + totalBytes;
    long forcedFrom = log.appendedPosition();
    long count = 0;
    for (long position = log.appendedPosition(); position < end; count++) {
      append();
      position = log.appendedPosition();
      if (position - forcedFrom >= FORCE_EVERY_BYTES) {
        log.forceUpTo(position);
        log.deleteBefore(position - KEPT_BYTES);
        forcedFrom = position;
        awaitDurable(position - NOT_DURABLE_BYTES);
      }
    }
    log.forceUpTo(log.appendedPosition());
    awaitDurable(log.appendedPosition());
    double seconds = (System.nanoTime() - beginNanos) / 1e9;
    announcer.tell(Announcer.MEASURED);
    Map<String, Double> numbers = new LinkedHashMap<>();
    numbers.put("rate", count / seconds);
    numbers.put("mebibytesPerSecond", totalBytes / 1048576.0 / seconds);
    numbers.put("p50", latencies.percentileMillis(50));
    numbers.put("p99", latencies.percentileMillis(99));
    numbers.put("p9999", latencies.percentileMillis(99.99));
    numbers.put("max", latencies.percentileMillis(100));
    numbers.put("refused", (double) refused);
    numbers.put("waitedSeconds", waitedNanos / 1e9);
    announcer.result(numbers);
  }

  private void append() {
    long begin = System.nanoTime();
    while (!tryAppend()) {
      refused++;
      LockSupport.parkNanos(this, WAIT_NANOS);
      if (System.nanoTime() - begin > STUCK_NANOS) {
        throw new IllegalStateException("no append was taken for 60 s");
      }
    }
    latencies.add(System.nanoTime() - begin);
  }

  private boolean tryAppend() {
    try {
      log.append(draft);
      return true;
    } catch (AppendRefusedException refusal) {
      if (refusal.status() == PutStatus.CREATE_MAPPED_FILE_FAILED
          || refusal.status() == PutStatus.OS_PAGE_CACHE_BUSY) {
        return false;
      }
      throw refusal;
    }
  }

  private void awaitDurable(long position) {
    long begin = System.nanoTime();
    await(() -> log.durablePosition() >= position);
    waitedNanos += System.nanoTime() - begin;
  }

  private void await(BooleanSupplier condition) {
    long begin = System.nanoTime();
    while (!condition.getAsBoolean()) {
      LockSupport.parkNanos(this, WAIT_NANOS);
      if (log.failed() || System.nanoTime() - begin > STUCK_NANOS) {
        throw new IllegalStateException("nothing became durable for 60 s, or the log has failed");
      }
    }
  }

  private static final class Events implements LogEvents {

    @Override
    public void durableAdvanced(long durablePosition) {}

    @Override
    public void failed(Throwable cause) {
      System.err.println("the log failed: " + cause);
    }
  }
}
