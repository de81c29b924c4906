package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.client.AckSpan;
import io.moiety.client.ConnectionLostException;
import io.moiety.client.ConsumerSpec;
import jakarta.jms.JMSException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ListenerProgressTest {

  private final FakeLink link = new FakeLink();
  private final Deliveries deliveries = new Deliveries(link);
  private FakeLink.FakeConsumer consumer;

  @BeforeEach
  void open() throws Exception {
    consumer = ((FakeLink.FakeSession) deliveries.open()).openConsumer(ConsumerSpec.of("g", "t"));
    link.requests.clear();
  }

  private void give(long queueOffset) {
    deliveries.given(consumer, Records.delivery(queueOffset, "x", 0));
  }

  private void listen(long queueOffset) throws JMSException {
    give(queueOffset);
    deliveries.finished();
  }

  private CompletableFuture<Void> answerLater() {
    link.acknowledgement = new CompletableFuture<>();
    return link.acknowledgement;
  }

  private static List<AckSpan> span(long first, long last) {
    return List.of(new AckSpan(1, 0, first, last));
  }

  @Test
  void whatIsFinishedWhileAnAcknowledgementIsUnderWayGoesWithTheNextAsOne() throws Exception {
    CompletableFuture<Void> first = answerLater();
    listen(0);
    listen(1);
    listen(2);
    assertThat(link.acknowledged).containsExactly(span(0, 0));

    link.acknowledgement = null;
    first.complete(null);

    assertThat(link.acknowledged).containsExactly(span(0, 0), span(1, 2));
  }

  @Test
  void aMessageThatAListenerHasIsNotAcknowledgedWithTheOthers() throws Exception {
    CompletableFuture<Void> first = answerLater();
    listen(0);
    listen(1);
    give(2);
    link.acknowledgement = null;
    first.complete(null);

    assertThat(link.acknowledged).containsExactly(span(0, 0), span(1, 1));
  }

  @Test
  void theMessageThatAListenerHasCountsAsDelivered() throws Exception {
    give(0);
    assertThat(link.requests).containsExactly("handedOver 0");

    CompletableFuture<Void> first = answerLater();
    deliveries.finished();
    listen(1);
    give(2);
    assertThat(link.requests).containsExactly("handedOver 0", "acknowledge");

    link.acknowledgement = null;
    first.complete(null);
    assertThat(link.requests)
        .containsExactly("handedOver 0", "acknowledge", "acknowledge", "handedOver 2");
  }

  @Test
  void aListenerWaitsWhenTooManyMessagesAreNotAcknowledged() throws Exception {
    CompletableFuture<Void> first = answerLater();
    CompletableFuture<Void> listening =
        CompletableFuture.runAsync(
            () -> {
              try {
                for (int i = 0; i < 1_000; i++) {
                  listen(i);
                }
              } catch (JMSException failure) {
                throw new IllegalStateException(failure);
              }
            });
    assertThatThrownBy(() -> listening.get(200, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    link.acknowledgement = null;
    first.complete(null);

    listening.get(10, TimeUnit.SECONDS);
    assertThat(link.acknowledged.get(1)).isEqualTo(span(1, 128));
  }

  @Test
  void givingBackWaitsForWhatIsFinished() throws Exception {
    CompletableFuture<Void> first = answerLater();
    listen(0);
    listen(1);
    give(2);
    CompletableFuture<Void> recovering =
        CompletableFuture.runAsync(
            () -> {
              try {
                deliveries.recover();
              } catch (JMSException failure) {
                throw new IllegalStateException(failure);
              }
            });
    assertThatThrownBy(() -> recovering.get(200, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    link.acknowledgement = null;
    first.complete(null);

    recovering.get(10, TimeUnit.SECONDS);
    assertThat(link.requests)
        .containsExactly(
            "handedOver 0", "acknowledge", "acknowledge", "handedOver 2", "recoverSession");
  }

  @Test
  void aFailedAcknowledgementIsToldByTheNextMessageAndNothingMoreIsAcknowledged() throws Exception {
    CompletableFuture<Void> first = answerLater();
    listen(0);
    listen(1);
    first.completeExceptionally(new ConnectionLostException("gone", true));
    give(2);

    assertThatThrownBy(deliveries::finished)
        .isInstanceOf(JMSException.class)
        .hasMessageContaining("acknowledge the received messages");
    assertThat(link.acknowledged).containsExactly(span(0, 0));
  }

  @Test
  void theEndOfTheSessionTellsThatAnAcknowledgementFailed() throws Exception {
    link.acknowledgement =
        CompletableFuture.failedFuture(new ConnectionLostException("gone", true));
    listen(0);

    assertThatThrownBy(deliveries::close).isInstanceOf(JMSException.class);
    assertThat(link.requests).contains("closeSession");
  }
}
