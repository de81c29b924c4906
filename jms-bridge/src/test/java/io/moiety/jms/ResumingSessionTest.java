package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.client.AckSpan;
import io.moiety.client.ConsumerSpec;
import io.moiety.client.Delivery;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ResumingSessionTest {

  private static final ConsumerSpec SPEC = ConsumerSpec.of("group", "topic");
  private static final long LONG_MILLIS = 600_000;

  private final FakeLink first = new FakeLink();
  private final FakeLink second = new FakeLink();
  private final ResumingSession session = new ResumingSession(LONG_MILLIS, List::of, closed -> {});

  private Link.Consumer opened() {
    session.begin(first.openSession(0, List::of).join());
    return session.openConsumer(SPEC);
  }

  private void goOn(FakeLink over) throws Exception {
    session.resume(over, Map.of());
    session.takeUp();
    session.goOn();
  }

  private static Delivery delivery(int consumer) {
    return new Delivery(consumer, 0, 5, 1, Records.delivery(5, "x", 0).record());
  }

  private static FakeLink.FakeConsumer consumer(FakeLink of) {
    return of.consumers.get(of.consumers.size() - 1);
  }

  /** Receives the message as the broker gives it for the first time, by the second connection. */
  private Delivery receivedBySecond(Link.Consumer consumer) {
    CompletableFuture<List<Delivery>> received = consumer.receive(1, LONG_MILLIS);
    consumer(second).receiving.complete(List.of(delivery(2)));
    return received.join().get(0);
  }

  @Test
  void receiveThatWaitsIsAskedAgain() throws Exception {
    CompletableFuture<List<Delivery>> received = opened().receive(1, LONG_MILLIS);
    session.lost();
    goOn(second);
    Delivery delivery = delivery(2);
    consumer(second).receiving.complete(List.of(delivery));
    assertThat(received.join()).containsExactly(delivery);
  }

  @Test
  void receiveWhoseConsumerIsClosedMeanwhileFailsAlone() throws Exception {
    CompletableFuture<List<Delivery>> received = opened().receive(1, LONG_MILLIS);
    session.lost();
    second.refusesReceives = true;
    goOn(second);
    assertThatThrownBy(received::join).hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void lateAnswerOfALostConnectionIsNotTaken() throws Exception {
    CompletableFuture<List<Delivery>> received = opened().receive(1, LONG_MILLIS);
    session.lost();
    consumer(first).receiving.complete(List.of(delivery(1)));
    assertThat(received).isNotDone();
    goOn(second);
    Delivery delivery = delivery(2);
    consumer(second).receiving.complete(List.of(delivery));
    assertThat(received.join()).containsExactly(delivery);
  }

  @Test
  void answerThatNobodyTakesIsGivenBack() {
    Link.Consumer consumer = opened();
    CompletableFuture<List<Delivery>> received = consumer.receive(1, LONG_MILLIS);
    consumer.close();
    assertThat(received.join()).isEmpty();
    consumer(first).receiving.complete(List.of(delivery(1)));
    assertThat(first.requests).contains("release");
  }

  @Test
  void messageThatIsHandedOverAfterItsConnectionWasLostComesAgainMarked() throws Exception {
    Link.Consumer consumer = opened();
    session.lost();
    consumer.handedOver(delivery(1));
    goOn(second);
    assertThat(receivedBySecond(consumer).deliveryCount()).isEqualTo(2);
  }

  @Test
  void messageWhoseAcknowledgementALossOvertookComesAgainMarked() throws Exception {
    Link.Consumer consumer = opened();
    session.lost();
    CompletableFuture<Void> acknowledged =
        session.acknowledge(List.of(AckSpan.of(delivery(1))), Optional.empty());
    assertThatThrownBy(acknowledged::join).hasMessageContaining("come again");
    goOn(second);
    assertThat(receivedBySecond(consumer).deliveryCount()).isEqualTo(2);
  }

  @Test
  void onlyWhatComesAgainIsMarkedAndOnce() throws Exception {
    Link.Consumer consumer = opened();
    session.lost();
    consumer.handedOver(delivery(1));
    goOn(second);
    consumer.handedOver(receivedBySecond(consumer));
    assertThat(receivedBySecond(consumer).deliveryCount()).isEqualTo(1);
  }

  @Test
  void messagesOfATopicThatBeginsAnewAreNotMarked() throws Exception {
    Link.Consumer consumer = opened();
    session.lost();
    consumer.handedOver(delivery(1));
    session.forgetSeen("another"::equals);
    session.forgetSeen("topic"::equals);
    goOn(second);
    assertThat(receivedBySecond(consumer).deliveryCount()).isEqualTo(1);
  }

  @Test
  void consumerThatIsOpenedAfterTheEndFails() {
    opened();
    session.lost();
    session.fail(new LinkLostException("it is over"));
    assertThatThrownBy(() -> session.openConsumer(SPEC).receive(1, LONG_MILLIS).join())
        .hasMessageContaining("it is over");
  }
}
