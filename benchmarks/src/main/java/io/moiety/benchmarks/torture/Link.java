package io.moiety.benchmarks.torture;

import io.moiety.client.AckSpan;
import io.moiety.client.Branch;
import io.moiety.client.ClientConfig;
import io.moiety.client.ClientEvents;
import io.moiety.client.ClientException;
import io.moiety.client.ConsumerSession;
import io.moiety.client.ConsumerSpec;
import io.moiety.client.Delivery;
import io.moiety.client.MoietyClient;
import io.moiety.client.SessionConsumer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A connection with one session and one consumer, in short words. For one thread. */
final class Link implements AutoCloseable {
  private static final int MAX_BYTES = 4 * 1024 * 1024;
  private static final Duration CONNECT_LIMIT = Duration.ofMinutes(3);
  private static final long PAUSE_MILLIS = 50;
  private static final long ANSWER_LIMIT_SECONDS = 60;

  private final MoietyClient client;
  private final ConsumerSession session;
  private final SessionConsumer consumer;

  private Link(MoietyClient client, ConsumerSession session, SessionConsumer consumer) {
    this.client = client;
    this.session = session;
    this.consumer = consumer;
  }

  /**
   * Connects as soon as there is a broker.
   *
   * @param queue what its consumer receives from
   * @throws IllegalStateException when no broker answers for minutes
   */
  static Link connect(String address, String clientId, String queue) throws InterruptedException {
    ClientConfig config =
        ClientConfig.builder()
            .addresses(address)
            .clientId(clientId)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    long untilNanos = System.nanoTime() + CONNECT_LIMIT.toNanos();
    while (true) {
      try {
        return over(await(MoietyClient.connect(config, ClientEvents.IGNORED)), queue);
      } catch (ClientException notThere) {
        if (System.nanoTime() > untilNanos) {
          throw new IllegalStateException(
              "no broker at " + address + " for " + CONNECT_LIMIT, notThere);
        }
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    }
  }

  private static Link over(MoietyClient client, String queue) throws InterruptedException {
    try {
      ConsumerSession session = await(client.openSession());
      return new Link(client, session, session.openConsumer(ConsumerSpec.of(queue, queue)));
    } catch (ClientException lost) {
      client.close();
      throw lost;
    }
  }

  MoietyClient client() {
    return client;
  }

  List<Delivery> receive(int maxMessages, long waitMillis) throws InterruptedException {
    return await(consumer.receive(maxMessages, MAX_BYTES, waitMillis, true));
  }

  void acknowledge(List<Delivery> deliveries, Optional<Branch> branch) throws InterruptedException {
    await(session.acknowledge(deliveries.stream().map(AckSpan::of).toList(), branch));
  }

  /**
   * The answer.
   *
   * @throws ClientException when the broker refused, or nobody knows
   * @throws IllegalStateException when the client itself does not come to an end
   */
  static <T> T await(CompletableFuture<T> answer) throws InterruptedException {
    try {
      return answer.get(ANSWER_LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof ClientException refused) {
        throw refused;
      }
      throw new IllegalStateException("a request failed in an unexpected way", failed.getCause());
    } catch (TimeoutException hangs) {
      throw new IllegalStateException(
          "a request was not answered and not failed within " + ANSWER_LIMIT_SECONDS + " s", hangs);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
