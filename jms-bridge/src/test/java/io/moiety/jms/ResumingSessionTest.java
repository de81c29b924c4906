package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.client.AckSpan;
import io.moiety.client.Branch;
import io.moiety.client.BrokerException;
import io.moiety.client.ConnectionLostException;
import io.moiety.client.ConsumerSpec;
import io.moiety.client.Delivery;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.ResponseCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On threads of their own, since nothing interrupts a wait for a receive that nobody answers. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ResumingSessionTest {

  private static final ConsumerSpec SPEC = ConsumerSpec.of("group", "topic");
  private static final long LONG_MILLIS = 600_000;

  private final FakeLink first = new FakeLink();
  private final FakeLink second = new FakeLink();

  /** What the application has seen of what goes back with a lost connection. */
  private final List<AckSpan> seen = new ArrayList<>();

  private final ResumingSession session = session(LONG_MILLIS);

  private ResumingSession session(long requestTimeoutMillis) {
    return new ResumingSession(requestTimeoutMillis, () -> List.copyOf(seen), closed -> {});
  }

  private Link.Consumer opened() {
    return opened(session);
  }

  private Link.Consumer opened(ResumingSession over) {
    over.begin(first.openSession(0, List::of).join());
    return over.openConsumer(SPEC);
  }

  private void goOn(FakeLink over) throws Exception {
    session.resume(over, Map.of());
    session.takeUp();
    session.goOn();
  }

  private static Delivery delivery(int consumer) {
    return new Delivery(consumer, 0, 5, 1, Records.delivery(5, "x", 0).record());
  }

  private static AckSpan span(int consumer, long queueOffset) {
    return new AckSpan(consumer, 0, queueOffset, queueOffset);
  }

  private CompletableFuture<Void> acknowledge(AckSpan... spans) {
    return session.acknowledge(List.of(spans), Optional.empty());
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

  @Test
  void receiveThatWaitsFailsAtTheEnd() {
    CompletableFuture<List<Delivery>> received = opened().receive(1, LONG_MILLIS);
    session.lost();
    session.fail(new LinkLostException("it is over"));
    assertThatThrownBy(received::join).hasMessageContaining("it is over");
  }

  @Test
  void receiveWithoutAConnectionFindsNothingWhenItsTimeIsOver() {
    Link.Consumer consumer = opened();
    session.lost();
    assertThat(consumer.receive(1, 50).join()).isEmpty();
  }

  @Test
  void whoWantsADefiniteAnswerIsNotToldThatThereIsNothingWithoutAConnection() {
    ResumingSession impatient = session(50);
    Link.Consumer consumer = opened(impatient);
    impatient.lost();
    assertThatThrownBy(() -> consumer.receive(1, 0).join())
        .hasMessageContaining("could not be asked");
  }

  @Test
  void messageThatIsUnacknowledgedAtALossComesAgainMarked() throws Exception {
    Link.Consumer consumer = opened();
    seen.add(span(1, 5));
    session.lost();
    goOn(second);
    assertThat(receivedBySecond(consumer).deliveryCount()).isEqualTo(2);
  }

  @Test
  void messageWhoseAcknowledgementWasLostComesAgainMarked() throws Exception {
    Link.Consumer consumer = opened();
    first.failures.put("acknowledge", new ConnectionLostException("lost", true));
    assertThatThrownBy(acknowledge(span(1, 5))::join)
        .hasMessageContaining("what it did not take comes again");
    session.lost();
    goOn(second);
    assertThat(receivedBySecond(consumer).deliveryCount()).isEqualTo(2);
  }

  @Test
  void whatWasAcknowledgedBeforeALossIsNotRemembered() throws Exception {
    Link.Consumer consumer = opened();
    acknowledge(span(1, 5)).join();
    session.lost();
    goOn(second);
    assertThat(receivedBySecond(consumer).deliveryCount()).isEqualTo(1);
  }

  @Test
  void acknowledgementAfterALossFailsForWhatHasNotComeAgainAndHoldsForTheRest() throws Exception {
    opened();
    session.lost();
    goOn(second);
    CompletableFuture<Void> acknowledged = acknowledge(span(1, 5), span(2, 6));
    assertThatThrownBy(acknowledged::join).hasMessageContaining("the others are acknowledged");
    assertThat(second.acknowledged).containsExactly(span(2, 6));
  }

  @Test
  void acknowledgementSucceedsWhenAllHasComeAgainAfterLossesInARow() throws Exception {
    opened();
    seen.add(span(1, 5));
    session.lost();
    goOn(second);
    session.lost();
    FakeLink third = new FakeLink();
    goOn(third);
    assertThat(acknowledge(span(1, 5), span(3, 5))).isCompleted();
    assertThat(third.acknowledged).containsExactly(span(3, 5));
  }

  @Test
  void acknowledgementInABranchIsOfAllOrOfNothing() throws Exception {
    opened();
    session.lost();
    goOn(second);
    Branch branch = new Branch(new BranchXid(1, new byte[] {1}, new byte[] {2}), 7);
    CompletableFuture<Void> acknowledged =
        session.acknowledge(List.of(span(1, 5), span(2, 6)), Optional.of(branch));
    assertThatThrownBy(acknowledged::join).hasMessageContaining("come again");
    assertThat(second.requests).doesNotContain("acknowledgeInBranch");
  }

  @Test
  void consumersOfTheNextConnectionAreNumberedOn() throws Exception {
    opened();
    session.openConsumer(SPEC);
    session.lost();
    List<Object> lastConsumers = new ArrayList<>();
    session.resume(
        AlteredLink.of(
            second,
            "openSession",
            arguments -> {
              lastConsumers.add(arguments[0]);
              return second.openSession(0, List::of);
            }),
        Map.of());
    assertThat(lastConsumers).containsExactly(2);
  }

  @Test
  void consumerThatMayReceiveNoMoreFailsAndIsNotOpenedAgain() throws Exception {
    CompletableFuture<List<Delivery>> received = opened().receive(1, LONG_MILLIS);
    session.lost();
    session.resume(
        second, Map.of("group", new BrokerException(ResponseCode.NO_PERMISSION, "not you")));
    session.takeUp();
    assertThatThrownBy(received::join).hasMessageContaining("not you");
    assertThat(second.consumers).isEmpty();
  }

  @Test
  void sessionThatIsClosedWhileThereIsNoConnectionLeavesNoneAtTheNext() throws Exception {
    opened();
    session.lost();
    session.close().join();
    session.resume(second, Map.of());
    assertThat(second.requests).containsExactly("openSession", "closeSession");
  }

  @Test
  void sessionThatIsClosedBeforeItsNextConnectionIsInUseLeavesNoneThere() throws Exception {
    opened();
    session.lost();
    session.resume(second, Map.of());
    session.close().join();
    assertThat(second.requests).containsExactly("openSession", "closeSession");
  }

  @Test
  void receiveThatBeginsAsTheNextConnectionIsTakenUpIsAskedOnce() throws Exception {
    Link.Consumer consumer = opened();
    session.lost();
    session.resume(second, Map.of());
    session.takeUp();
    CompletableFuture<List<Delivery>> received = consumer.receive(1, LONG_MILLIS);
    session.goOn();
    assertThat(received).isNotDone();
    assertThat(second.requests).containsExactly("openSession", "receive");
  }

  @Test
  void receiveThatFailsBeforeItsLossIsToldOfGoesOnWaiting() throws Exception {
    CompletableFuture<List<Delivery>> received = opened().receive(1, LONG_MILLIS);
    consumer(first).receiving.completeExceptionally(new ConnectionLostException("lost", true));
    assertThat(received).isNotDone();
    session.lost();
    goOn(second);
    Delivery delivery = delivery(2);
    consumer(second).receiving.complete(List.of(delivery));
    assertThat(received.join()).containsExactly(delivery);
  }

  @Test
  void deliveryOfALostConnectionIsNotTakenForOneOfTheNext() throws Exception {
    Link.Consumer consumer = opened();
    session.lost();
    goOn(second);
    consumer.handedOver(delivery(1));
    consumer.release(List.of(delivery(1))).join();
    assertThat(second.requests).containsExactly("openSession");
    assertThat(receivedBySecond(consumer).deliveryCount()).isEqualTo(2);
  }

  @Test
  void consumerThatIsClosedWhileThereIsNoConnectionIsNotOpenedAgain() throws Exception {
    Link.Consumer consumer = opened();
    session.lost();
    consumer.close().join();
    goOn(second);
    assertThat(second.consumers).isEmpty();
  }
}
