package io.moiety.benchmarks.child;

import io.moiety.benchmarks.load.Announcer;
import io.moiety.benchmarks.load.Arguments;
import io.moiety.client.MoietyClient;
import io.moiety.client.OutgoingMessage;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages that the broker keeps to itself: with exact delays spread over a month, or half
 * messages that nobody resolves. Many are on their way at a time.
 */
public final class MoietyPending {
  private static final int ON_THEIR_WAY = 4_000;
  private static final long LEAST_DELAY_MILLIS = TimeUnit.MINUTES.toMillis(30);
  private static final long SPREAD_MILLIS = TimeUnit.DAYS.toMillis(30);
  private static final String TOPIC = "pending";
  private static final String PRODUCER_GROUP = "pending-benchmark";

  private final MoietyClient client;
  private final ByteBuffer body;
  private final boolean halves;
  private final Random random = new Random(1);
  private final Semaphore places = new Semaphore(ON_THEIR_WAY);
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  private MoietyPending(MoietyClient client, ByteBuffer body, boolean halves) {
    this.client = client;
    this.body = body;
    this.halves = halves;
  }

  /** With {@code address}, {@code count}, {@code bytes}, {@code halves} (0: exact delays). */
  public static void main(String[] texts) throws Exception {
    Arguments arguments = Arguments.parse(texts);
    try (MoietyClient client = BenchmarkClient.connected(arguments)) {
      long begin = System.nanoTime();
      new MoietyPending(
              client,
              ByteBuffer.wrap(new byte[arguments.number("bytes")]),
              arguments.number("halves") > 0)
          .send(arguments.number("count"));
      new Announcer(System.out).result(Map.of("seconds", (System.nanoTime() - begin) / 1e9));
    }
  }

  private void send(int count) throws InterruptedException, ExecutionException {
    sendOne().get(); // The topic is there from now on.
    for (int i = 1; i < count && failure.get() == null; i++) {
      places.acquire();
      CompletableFuture<?> ended =
          sendOne()
              .whenComplete(
                  (answer, failed) -> {
                    if (failed != null) {
                      failure.compareAndSet(null, failed);
                    }
                    places.release();
                  });
      if (ended.isCompletedExceptionally()) {
        break;
      }
    }
    places.acquire(ON_THEIR_WAY);
    Throwable failed = failure.get();
    if (failed != null) {
      throw new ExecutionException(failed);
    }
  }

  private CompletableFuture<?> sendOne() {
    OutgoingMessage message = BenchmarkClient.message(TOPIC, body);
    if (halves) {
      return client.halfMessages().send(PRODUCER_GROUP, message);
    }
    long dueMillis =
        System.currentTimeMillis()
            + LEAST_DELAY_MILLIS
            + (long) (random.nextDouble() * SPREAD_MILLIS);
    return client.send(
        new OutgoingMessage(
            message.topic(),
            message.queueId(),
            MessageProperties.empty()
                .with(PropertyNames.TIMER_DELIVER_MS, Long.toString(dueMillis)),
            message.body(),
            message.flag(),
            message.sysFlag(),
            message.bornTimestampMillis(),
            message.branch()));
  }
}
