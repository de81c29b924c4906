package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.client.BrokerException;
import io.moiety.client.ConnectionLostException;
import io.moiety.client.OutgoingMessage;
import io.moiety.client.SendReceipt;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SendsInFlightTest {

  private final SendsInFlight sends = new SendsInFlight(10_000);
  private final FakeLink first = new FakeLink();
  private final FakeLink second = new FakeLink();

  private static OutgoingMessage message(String key, int queueId) {
    return new OutgoingMessage(
        "T",
        queueId,
        MessageProperties.empty().withAll(Map.of(PropertyNames.UNIQUE_KEY, key)),
        ByteBuffer.allocate(0),
        0,
        0,
        0,
        Optional.empty());
  }

  /** A send whose answer is lost with the link. */
  private CompletableFuture<SendReceipt> inDoubt(String key, int queueId, boolean written) {
    first.open = false;
    first.failures.put("send", new ConnectionLostException("lost", written));
    return sends.send(message(key, queueId));
  }

  private void resume(boolean sameStore) throws Exception {
    sends.lost();
    sends.decide(second, sameStore);
    sends.resume(second);
  }

  @Test
  void sendThatIsStoredIsNotRepeated() throws Exception {
    sends.resume(first);
    CompletableFuture<SendReceipt> sent = inDoubt("a", 0, true);
    assertThat(sent).isNotDone();
    second.stored.add("a");
    resume(true);
    assertThat(sent).isCompleted();
    assertThat(second.requests).containsExactly("sendOutcome");
  }

  @Test
  void sendThatIsNotStoredIsRepeated() throws Exception {
    sends.resume(first);
    CompletableFuture<SendReceipt> sent = inDoubt("a", 0, true);
    resume(true);
    assertThat(sent).isCompleted();
    assertThat(second.requests).containsExactly("sendOutcome", "send");
  }

  @Test
  void sendThatTheBrokerCannotHaveSeenIsRepeatedUnasked() throws Exception {
    sends.resume(first);
    CompletableFuture<SendReceipt> sent = inDoubt("a", 0, false);
    resume(true);
    assertThat(sent).isCompleted();
    assertThat(second.requests).containsExactly("send");
  }

  @Test
  void sendThatWasTakenNeitherThoughALaterOneWasIsNotRepeatedBehindIt() throws Exception {
    sends.resume(first);
    CompletableFuture<SendReceipt> refused = inDoubt("a", 0, true);
    CompletableFuture<SendReceipt> ofAnotherQueue = inDoubt("b", 1, true);
    CompletableFuture<SendReceipt> stored = inDoubt("c", 0, true);
    second.stored.add("c");
    resume(true);
    assertThatThrownBy(refused::join).hasMessageContaining("did not take the message");
    assertThat(ofAnotherQueue).isCompleted();
    assertThat(stored).isCompleted();
  }

  @Test
  void anotherStoreDecidesNothing() throws Exception {
    sends.resume(first);
    CompletableFuture<SendReceipt> sent = inDoubt("a", 0, true);
    resume(false);
    assertThatThrownBy(sent::join).hasMessageContaining("may have been sent");
    assertThat(second.requests).isEmpty();
  }

  @Test
  void brokerThatDoesNotAnswerTheQuestionFailsOnlyWhatWasAsked() throws Exception {
    sends.resume(first);
    CompletableFuture<SendReceipt> asked = inDoubt("a", 0, true);
    CompletableFuture<SendReceipt> unsent = inDoubt("b", 0, false);
    second.failures.put("sendOutcome", new BrokerException(16, "not you"));
    resume(true);
    assertThatThrownBy(asked::join).hasMessageContaining("not you");
    assertThat(unsent).isCompleted();
  }

  @Test
  void whatWaitedGoesBeforeWhatIsSentLater() throws Exception {
    CompletableFuture<SendReceipt> waiting = sends.send(message("a", 0));
    assertThat(waiting).isNotDone();
    sends.resume(second);
    assertThat(waiting).isCompleted();
  }

  @Test
  void theEndFailsWhatWaits() {
    CompletableFuture<SendReceipt> waiting = sends.send(message("a", 0));
    sends.fail();
    assertThatThrownBy(waiting::join).hasMessageContaining("was not sent");
  }
}
