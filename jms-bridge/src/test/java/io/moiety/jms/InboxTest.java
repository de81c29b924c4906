package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moiety.client.BrokerException;
import io.moiety.client.ConnectionLostException;
import io.moiety.client.ConsumerSpec;
import io.moiety.client.Delivery;
import io.moiety.protocol.ResponseCode;
import jakarta.jms.JMSException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class InboxTest {

  private static final long NOW_MILLIS = 1_000_000;

  private final FakeLink link = new FakeLink();
  private final DeliveryGate gate = new DeliveryGate();
  private final Deliveries deliveries = new Deliveries(link);
  private Inbox inbox;

  @BeforeEach
  void open() throws Exception {
    Clock clock = Clock.fixed(Instant.ofEpochMilli(NOW_MILLIS), ZoneOffset.UTC);
    inbox =
        new Inbox(
            gate, deliveries, deliveries.open(), ConsumerSpec.of("group", "topic"), 256, clock);
    deliveries.add(inbox);
    gate.start();
  }

  private FakeLink.FakeConsumer consumer() {
    return link.consumers.get(link.consumers.size() - 1);
  }

  private CompletableFuture<Delivery> receiving(Deadline deadline) {
    int asked = link.requests.size();
    CompletableFuture<Delivery> received = CompletableFuture.supplyAsync(() -> awaitOne(deadline));
    await().until(() -> link.requests.size() > asked || received.isDone());
    return received;
  }

  private Delivery awaitOne(Deadline deadline) {
    try {
      return inbox.await(deadline);
    } catch (JMSException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static Delivery got(CompletableFuture<Delivery> received) throws Exception {
    return received.get(10, TimeUnit.SECONDS);
  }

  @Test
  void receiveWithoutWaitTakesTheBrokersAnswerAsDefinite() throws Exception {
    CompletableFuture<Delivery> received = receiving(Deadline.now());
    assertThat(consumer().waitMillis).containsExactly(0L);
    assertThat(received).isNotDone();
    consumer().receiving.complete(List.of());
    assertThat(got(received)).isNull();
  }

  @Test
  void endlessReceiveAsksAgain() throws Exception {
    CompletableFuture<Delivery> received = receiving(Deadline.never());
    consumer().receiving.complete(List.of());
    await().until(() -> consumer().waitMillis.size() == 2);
    Delivery delivery = Records.delivery(5, "x", 0);
    consumer().receiving.complete(List.of(delivery));
    assertThat(got(received)).isSameAs(delivery);
  }

  @Test
  void expiredMessageIsAcknowledgedAndPassedOver() throws Exception {
    CompletableFuture<Delivery> received = receiving(Deadline.never());
    Delivery alive = Records.delivery(6, "alive", NOW_MILLIS + 1);
    consumer().receiving.complete(List.of(Records.delivery(5, "dead", NOW_MILLIS), alive));
    assertThat(got(received)).isSameAs(alive);
    assertThat(link.requests).contains("acknowledge");
  }

  @Test
  void messageThatArrivesWhileStoppedWaitsForTheStart() throws Exception {
    CompletableFuture<Delivery> received = receiving(Deadline.never());
    gate.stop();
    consumer().receiving.complete(List.of(Records.delivery(5, "x", 0)));
    assertThat(received).isNotDone();
    // It may have gone back by now.
    consumer().answeredAtOnce = List.of(Records.delivery(5, "x", 0));
    gate.start();
    assertThat(got(received).queueOffset()).isEqualTo(5);
  }

  @Test
  void receiveThatTimesOutWhileStoppedGivesItsRequestUp() throws Exception {
    CompletableFuture<Delivery> received = receiving(Deadline.afterMillis(200));
    gate.stop();
    assertThat(got(received)).isNull();
    assertThat(link.requests).contains("closeConsumer");
    assertThat(link.consumers).hasSize(2);
  }

  @Test
  void lateAnswerToFormerConsumerIsDroppedAfterRecover() throws Exception {
    gate.lock();
    try {
      inbox.pollForListener(4);
    } finally {
      gate.unlock();
    }
    FakeLink.FakeConsumer former = consumer();
    deliveries.recover();
    assertThat(link.requests).containsSubsequence("receive", "closeConsumer", "recoverSession");
    former.receiving.complete(List.of(Records.delivery(5, "stale", 0)));
    CompletableFuture<Delivery> received = receiving(Deadline.never());
    consumer().receiving.complete(List.of(Records.delivery(4, "first again", 0)));
    assertThat(got(received).queueOffset()).isEqualTo(4);
  }

  @Test
  void listenersInboxAsksForNoMoreThanItHasRoomFor() throws Exception {
    gate.lock();
    try {
      assertThat(inbox.pollForListener(4)).isNull();
      consumer()
          .receiving
          .complete(
              List.of(
                  Records.delivery(1, "a", 0),
                  Records.delivery(2, "b", 0),
                  Records.delivery(3, "c", 0),
                  Records.delivery(4, "d", 0)));
      assertThat(inbox.pollForListener(4)).isNotNull();
      assertThat(consumer().waitMillis).hasSize(1);
      assertThat(inbox.pollForListener(4)).isNotNull();
      assertThat(consumer().waitMillis).hasSize(2);
    } finally {
      gate.unlock();
    }
  }

  @Test
  void answerThatIsThereAtOnceIsTakenAtOnce() throws Exception {
    Delivery delivery = Records.delivery(5, "x", 0);
    consumer().answeredAtOnce = List.of(delivery);
    gate.lock();
    try {
      assertThat(inbox.pollForListener(4)).isSameAs(delivery);
    } finally {
      gate.unlock();
    }
  }

  @Test
  void lostConnectionIsToldToTheReceiver() throws Exception {
    CompletableFuture<Delivery> received = receiving(Deadline.never());
    consumer().receiving.completeExceptionally(new ConnectionLostException("gone", true));
    assertThatThrownBy(() -> got(received)).hasRootCauseInstanceOf(ConnectionLostException.class);
  }

  @Test
  void busyBrokerIsAskedAgainAfterPause() throws Exception {
    CompletableFuture<Delivery> received = receiving(Deadline.never());
    consumer()
        .receiving
        .completeExceptionally(new BrokerException(ResponseCode.SYSTEM_BUSY, "busy"));
    await().until(() -> consumer().waitMillis.size() == 2);
    consumer().receiving.complete(List.of(Records.delivery(5, "x", 0)));
    assertThat(got(received).queueOffset()).isEqualTo(5);
  }

  @Test
  void closeEndsTheReceive() throws Exception {
    CompletableFuture<Delivery> received = receiving(Deadline.never());
    inbox.close();
    assertThat(got(received)).isNull();
  }

  @Test
  void deliveryKeepsTheGateBusyUntilItIsLeft() throws Exception {
    CompletableFuture<Delivery> received = receiving(Deadline.never());
    consumer().receiving.complete(List.of(Records.delivery(5, "x", 0)));
    got(received);
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(gate::stop);
    assertThat(stopped).isNotDone();
    inbox.leave();
    stopped.get(10, TimeUnit.SECONDS);
  }

  private CompletableFuture<Void> closing() {
    CompletableFuture<Void> closed = CompletableFuture.runAsync(() -> inbox.close().join());
    await().until(() -> closed.isDone() || isClosing());
    return closed;
  }

  private boolean isClosing() {
    gate.lock();
    try {
      return inbox.pollForListener(1) == null && !link.requests.contains("closeConsumer");
    } finally {
      gate.unlock();
    }
  }

  @Test
  void closeWaitsForTheMessageAtHandBeforeItTellsTheBroker() throws Exception {
    CompletableFuture<Delivery> received = receiving(Deadline.never());
    consumer().receiving.complete(List.of(Records.delivery(5, "x", 0)));
    Delivery atHand = got(received);
    CompletableFuture<Void> closed = closing();
    assertThat(closed).isNotDone();
    assertThat(link.requests).doesNotContain("closeConsumer");
    inbox.handedOver(atHand);
    inbox.leave();
    closed.get(10, TimeUnit.SECONDS);
    assertThat(link.requests).containsSubsequence("handedOver 5", "closeConsumer");
  }

  @Test
  void closeFromTheListenerItselfDoesNotWait() throws Exception {
    CompletableFuture<Delivery> received = receiving(Deadline.never());
    consumer().receiving.complete(List.of(Records.delivery(5, "x", 0)));
    got(received);
    gate.enterListener();
    inbox.close().get(10, TimeUnit.SECONDS);
    gate.leaveListener();
    inbox.leave();
    assertThat(link.requests).endsWith("closeConsumer");
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        ResponseCode.SYSTEM_BUSY,
        ResponseCode.FLOW_CONTROL,
        ResponseCode.SERVICE_NOT_AVAILABLE
      })
  void listenersInboxAsksAgainAfterAPassingRefusal(int code) {
    pollForListener();
    consumer().receiving.completeExceptionally(new BrokerException(code, "not now"));
    assertThat(failure()).isNull();
    await()
        .until(
            () -> {
              pollForListener();
              return consumer().waitMillis.size() == 2;
            });
  }

  private void pollForListener() {
    gate.lock();
    try {
      assertThat(inbox.pollForListener(4)).isNull();
    } finally {
      gate.unlock();
    }
  }

  private Throwable failure() {
    gate.lock();
    try {
      return inbox.takeFailure();
    } finally {
      gate.unlock();
    }
  }

  @Test
  void messageThatIsPutBackAfterItWentBackWithItsConnectionDoesNotComeTwice() throws Exception {
    CompletableFuture<Delivery> received = receiving(Deadline.never());
    consumer().receiving.complete(List.of(Records.delivery(5, "x", 0)));
    Delivery unfit = got(received);
    link.gaveBack = true;
    inbox.putBack(unfit);
    inbox.leave();
    pollForListener();
  }

  private Delivery received(Delivery... brought) throws Exception {
    consumer().answeredAtOnce = List.of(brought);
    Delivery next = got(receiving(Deadline.never()));
    inbox.leave();
    return next;
  }

  @Test
  void whatNoReceiveTakesIsGivenBackInItsOrder() throws Exception {
    Delivery second = Records.delivery(6, "b", 0);
    Delivery third = Records.delivery(7, "c", 0);
    assertThat(received(Records.delivery(5, "a", 0), second, third).queueOffset()).isEqualTo(5);
    await().until(() -> consumer().released.size() == 2);
    assertThat(consumer().released).containsExactly(second, third);
    assertThat(link.requests).filteredOn("release"::equals).hasSize(1);
    assertThat(received(second)).isSameAs(second);
    assertThat(link.requests).filteredOn("receive"::equals).hasSize(2);
  }

  @Test
  void whatCameForAReceiveThatTimedOutWhileStoppedIsGivenBack() throws Exception {
    CompletableFuture<Delivery> received = receiving(Deadline.afterMillis(200));
    gate.stop();
    Delivery late = Records.delivery(5, "x", 0);
    consumer().receiving.complete(List.of(late));
    assertThat(got(received)).isNull();
    await().until(() -> consumer().released.contains(late));
    assertThat(link.requests).doesNotContain("closeConsumer");
  }

  @Test
  void whatTheBrokerDoesNotTakeBackAtTheMomentIsTheNextAgainOrGivenBackLater() throws Exception {
    link.refuseNext("release", new BrokerException(ResponseCode.SYSTEM_BUSY, "busy"));
    Delivery second = Records.delivery(6, "b", 0);
    Delivery third = Records.delivery(7, "c", 0);
    received(Records.delivery(5, "a", 0), second, third);
    await().until(() -> consumer().released.size() == 4);
    assertThat(consumer().released).containsExactly(second, third, second, third);
    assertThat(link.requests).filteredOn("release"::equals).hasSize(2);
  }

  @Test
  void whatComesForAListenerThatWasTakenAwayIsGivenBack() {
    pollForListener();
    inbox.hasNoListener();
    Delivery late = Records.delivery(5, "x", 0);
    consumer().receiving.complete(List.of(late));
    await().until(() -> consumer().released.contains(late));
  }

  @Test
  void receiveDoesNotWaitForTheRequestOfAListener() throws Exception {
    pollForListener();
    FakeLink.FakeConsumer former = consumer();
    inbox.hasNoListener();
    CompletableFuture<Delivery> received = receiving(Deadline.now());
    await().until(() -> consumer() != former && !consumer().waitMillis.isEmpty());
    gate.lock();
    gate.unlock();
    consumer().receiving.complete(List.of());
    assertThat(got(received)).isNull();
    assertThat(consumer()).isNotSameAs(former);
    assertThat(consumer().waitMillis).containsExactly(0L);
  }

  @Test
  void nextReceiveTakesWhatWasFetchedForIt() {
    Delivery first = Records.delivery(5, "a", 0);
    Delivery second = Records.delivery(6, "b", 0);
    consumer().answeredAtOnce = List.of(first, second);
    gate.lock();
    try {
      assertThat(awaitOne(Deadline.never())).isSameAs(first);
      assertThat(awaitOne(Deadline.now())).isSameAs(second);
    } finally {
      gate.unlock();
    }
    assertThat(link.requests).filteredOn("receive"::equals).hasSize(1);
  }

  @Test
  void whatIsPutBackWithoutAListenerIsGivenBack() throws Exception {
    Delivery unfit = received(Records.delivery(5, "a", 0));
    inbox.putBack(unfit);
    await().until(() -> consumer().released.contains(unfit));
  }

  @Test
  void whatAListenerHoldsIsKeptUntilItIsTakenAway() throws Exception {
    Delivery second = Records.delivery(6, "b", 0);
    consumer().answeredAtOnce = List.of(Records.delivery(5, "a", 0), second);
    gate.lock();
    try {
      assertThat(inbox.pollForListener(2)).isNotNull();
    } finally {
      gate.unlock();
    }
    inbox.leave();
    assertThat(consumer().released).isEmpty();
    inbox.hasNoListener();
    await().until(() -> consumer().released.contains(second));
  }

  @Test
  void expiredMessageThatCannotBeAcknowledgedIsGivenBack() throws Exception {
    link.failures.put("acknowledge", new BrokerException(ResponseCode.SYSTEM_BUSY, "busy"));
    CompletableFuture<Delivery> received = receiving(Deadline.never());
    Delivery alive = Records.delivery(6, "alive", NOW_MILLIS + 1);
    consumer().receiving.complete(List.of(Records.delivery(5, "dead", NOW_MILLIS), alive));
    assertThat(got(received)).isSameAs(alive);
    assertThat(link.requests).containsSubsequence("acknowledge", "release");
  }
}
