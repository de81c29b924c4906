package io.moiety.client;

import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/**
 * Receives from one group and topic for its session. At most one receive is outstanding.
 * Thread-safe; requests of one thread reach the broker in the order of the calls.
 */
public final class SessionConsumer {

  private final ConsumerSession session;
  private final int id;
  private final ConsumerSpec spec;
  private final AtomicBoolean receiving = new AtomicBoolean();

  /** What the broker was not told of yet; no more than was fetched ahead. */
  private final Queue<Delivery> handedOver = new ConcurrentLinkedQueue<>();

  private final AtomicBoolean closing = new AtomicBoolean();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  SessionConsumer(ConsumerSession session, int id, ConsumerSpec spec) {
    this.session = session;
    this.id = id;
    this.spec = spec;
  }

  /** Its number in the session, which {@link AckSpan} and {@link Delivery} carry. */
  public int id() {
    return id;
  }

  public ConsumerSpec spec() {
    return spec;
  }

  /**
   * Asks for messages. The list is empty when there was none in the time, and when {@link #close}
   * came in between: the broker then has taken back what was not handed over.
   *
   * @param maxBytes of records; one message is delivered even if it is larger
   * @param waitMillis how long the broker may hold the request; 0 asks for a definite answer now
   * @param handOver true when the application sees the messages at once: they count as delivered.
   *     False for messages fetched ahead, which {@link #handedOver} counts later
   * @throws IllegalStateException when the answer to an earlier receive is outstanding, or the
   *     consumer is closed
   */
  public CompletableFuture<List<Delivery>> receive(
      int maxMessages, int maxBytes, long waitMillis, boolean handOver) {
    if (closing.get()) {
      throw new IllegalStateException("Consumer " + id + " on " + spec.topic() + " is closed");
    }
    if (!receiving.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "Consumer " + id + " on " + spec.topic() + " has a receive that is not answered yet");
    }
    CompletableFuture<List<Delivery>> received =
        session
            .connection()
            .request(
                receiveCommand(maxMessages, maxBytes, waitMillis, handOver),
                RequestKind.HANDING_OVER,
                session.timeout().plusMillis(waitMillis),
                answer -> deliveries(answer, handOver));
    CompletableFuture<List<Delivery>> result = new CompletableFuture<>();
    received.whenComplete(
        (deliveries, failure) -> {
          receiving.set(false);
          Completion.pass(deliveries, failure, result);
        });
    return result;
  }

  /**
   * Counts deliveries that were fetched ahead as handed over; to be called just before the
   * application sees them.
   */
  public void handedOver(List<Delivery> deliveries) {
    handedOver.addAll(deliveries);
    session.connection().execute(this::tellHandedOver, () -> {});
  }

  /** On the event loop: what was handed over up to now, in one request; for later calls nothing. */
  private void tellHandedOver() {
    List<Delivery> all = new ArrayList<>();
    for (Delivery next = handedOver.poll(); next != null; next = handedOver.poll()) {
      all.add(next);
    }
    if (!all.isEmpty()) {
      session
          .connection()
          .oneway(
              Command.request(
                  RequestCode.HANDED_OVER, fields().put("offsets", offsets(all)).build()));
    }
  }

  /** Gives back deliveries that the application has not seen: to their place, not counted. */
  public CompletableFuture<Void> release(List<Delivery> deliveries) {
    if (deliveries.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    return session.request(
        Command.request(RequestCode.RELEASE, fields().put("offsets", offsets(deliveries)).build()));
  }

  /** Gives back everything that was fetched ahead and not handed over. */
  public CompletableFuture<Void> releaseAll() {
    return session.request(
        Command.request(RequestCode.RELEASE, fields().put("offsets", "*").build()));
  }

  /**
   * Ends a waiting receive and gives back what was not handed over. What was stays the session's,
   * to be acknowledged or recovered. Later calls return the first one's future.
   */
  public CompletableFuture<Void> close() {
    if (closing.compareAndSet(false, true)) {
      session
          .request(Command.request(RequestCode.CONSUMER_CLOSE, fields().build()))
          .whenComplete((done, failure) -> Completion.pass(null, failure, closed));
    }
    return closed;
  }

  private Command receiveCommand(int maxMessages, int maxBytes, long waitMillis, boolean handOver) {
    Fields.Builder fields =
        fields()
            .put("group", spec.group())
            .put("topic", spec.topic())
            .put("maxMessages", maxMessages)
            .put("maxBytes", maxBytes)
            .put("waitMillis", waitMillis)
            .put("handOver", handOver)
            .put("maxDeliveries", spec.maxDeliveries());
    spec.selector().ifPresent(selector -> fields.put("selector", selector));
    spec.noLocalClientId().ifPresent(clientId -> fields.put("noLocalClient", clientId));
    return Command.request(RequestCode.RECEIVE, fields.build());
  }

  private List<Delivery> deliveries(Command answer, boolean handedOver) {
    if (answer.code() == ResponseCode.PULL_NOT_FOUND) {
      return List.of();
    }
    AnswerReader.requireSuccess(answer);
    List<Delivery> deliveries = DeliveryList.read(id, answer);
    return handedOver || !closing.get() ? deliveries : List.of();
  }

  private Fields.Builder fields() {
    return session.fields().put("consumer", id);
  }

  private static String offsets(List<Delivery> deliveries) {
    return deliveries.stream()
        .map(delivery -> delivery.queueId() + ":" + delivery.queueOffset())
        .collect(Collectors.joining(","));
  }
}
