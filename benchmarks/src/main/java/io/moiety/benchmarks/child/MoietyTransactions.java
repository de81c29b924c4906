package io.moiety.benchmarks.child;

import io.moiety.benchmarks.load.Announcer;
import io.moiety.benchmarks.load.Arguments;
import io.moiety.benchmarks.load.ClosedLoop;
import io.moiety.client.HalfMessages;
import io.moiety.client.HalfReceipt;
import io.moiety.client.MoietyClient;
import io.moiety.client.Resolution;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Transactions of one message through Moiety's client by some threads. A commit is under way while
 * the next half message is sent, as with the official client, which does not wait for it at all.
 */
public final class MoietyTransactions {

  private static final String GROUP = "moiety-benchmark-transactions";

  private MoietyTransactions() {}

  /**
   * With {@code address}, {@code topic}, {@code threads}, {@code bytes}, {@code warmUp}, {@code
   * seconds}, {@code rest}. The topic has one message that is no transaction's, as that of the
   * official client has; it counts as begun.
   */
  public static void main(String[] texts) throws Exception {
    Arguments arguments = Arguments.parse(texts);
    String topic = arguments.text("topic");
    ByteBuffer body = ByteBuffer.wrap(new byte[arguments.number("bytes")]);
    AtomicLong begun = new AtomicLong(1);
    AtomicLong questions = new AtomicLong();
    ThreadLocal<CompletableFuture<Void>> ending =
        ThreadLocal.withInitial(() -> CompletableFuture.completedFuture(null));
    try (MoietyClient client = BenchmarkClient.connected(arguments)) {
      BenchmarkClient.require(client.send(BenchmarkClient.message(topic, body)).get());
      HalfMessages halves = client.halfMessages();
      halves
          .register(
              GROUP,
              check -> {
                questions.incrementAndGet();
                check.answer(Resolution.COMMIT);
              })
          .get();
      Announcer announcer = new Announcer(System.out);
      Map<String, Double> numbers =
          ClosedLoop.of(arguments, announcer)
              .run(
                  () -> {
                    begun.incrementAndGet();
                    HalfReceipt half =
                        halves.send(GROUP, BenchmarkClient.message(topic, body)).get();
                    BenchmarkClient.require(half.receipt());
                    ending.get().get();
                    ending.set(halves.end(half.half(), Resolution.COMMIT));
                  });
      TimeUnit.SECONDS.sleep(arguments.number("rest"));
      numbers.put("begun", (double) begun.get());
      numbers.put("questions", (double) questions.get());
      announcer.result(numbers);
    }
  }
}
