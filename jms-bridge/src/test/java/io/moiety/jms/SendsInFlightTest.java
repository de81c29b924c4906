package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moiety.client.BrokerAddress;
import io.moiety.client.BrokerException;
import io.moiety.client.ConnectionLostException;
import io.moiety.client.OutgoingMessage;
import io.moiety.client.RequestTimeoutException;
import io.moiety.client.SendReceipt;
import io.moiety.client.SendStatus;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import jakarta.jms.ResourceAllocationException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class SendsInFlightTest {

  private static final SendReceipt RECEIPT = new SendReceipt(SendStatus.OK, "id", 0, 0, "key");

  private final SendsInFlight sends = new SendsInFlight(10_000, (link, cause) -> {});
  private final FakeLink first = new FakeLink();
  private final FakeLink second = new FakeLink();

  private static OutgoingMessage message(String key, int queueId) {
    return message(key, queueId, ByteBuffer.allocate(0));
  }

  private static OutgoingMessage message(String key, int queueId, ByteBuffer body) {
    return new OutgoingMessage(
        "T",
        queueId,
        MessageProperties.empty().withAll(Map.of(PropertyNames.UNIQUE_KEY, key)),
        body,
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
  void questionThatIsRefusedForTheMomentIsLeftToTheNextAttempt() throws Exception {
    sends.resume(first);
    CompletableFuture<SendReceipt> sent = inDoubt("a", 0, true);
    second.failures.put(
        "sendOutcome", new BrokerException(ResponseCode.SYSTEM_BUSY, "too many reads wait"));
    assertThatThrownBy(() -> resume(true)).isInstanceOf(ExecutionException.class);
    assertThat(sent).isNotDone();
    second.failures.clear();
    second.stored.add("a");
    resume(true);
    assertThat(sent).isCompleted();
    assertThat(second.requests).containsExactly("sendOutcome", "sendOutcome");
  }

  @Test
  void questionsAreAskedAFewAtATime() throws Exception {
    sends.resume(first);
    for (int i = 0; i < 1_000; i++) {
      assertThat(inDoubt("m" + i, 0, true)).isNotDone();
    }
    second.failures.put("sendOutcome", new BrokerException(ResponseCode.SYSTEM_BUSY, "busy"));
    assertThatThrownBy(() -> resume(true)).isInstanceOf(ExecutionException.class);
    assertThat(second.requests).hasSizeLessThan(100);
  }

  @Test
  void answersThatCameBeforeTheNextLossAreNotAskedForAgain() throws Exception {
    sends.resume(first);
    List<CompletableFuture<SendReceipt>> doubtful = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      doubtful.add(inDoubt("m" + i, 0, true));
      second.stored.add("m" + i);
    }
    for (int attempt = 0; attempt < 9; attempt++) {
      second.answersAboutSends = 10;
      assertThatThrownBy(() -> resume(true)).isInstanceOf(ExecutionException.class);
    }
    assertThat(doubtful.subList(10, 100)).allMatch(CompletableFuture::isDone);
    assertThat(doubtful.subList(0, 10)).noneMatch(CompletableFuture::isDone);
    second.answersAboutSends = 10;
    resume(true);
    assertThat(doubtful).allMatch(CompletableFuture::isDone);
  }

  @Test
  void sendThatALaterOneWasAnsweredBeforeIsNotRepeatedBehindIt() throws Exception {
    sends.resume(first);
    first.holdsSends = true;
    CompletableFuture<SendReceipt> refused = sends.send(message("a", 0));
    CompletableFuture<SendReceipt> ofAnotherQueue = sends.send(message("b", 1));
    CompletableFuture<SendReceipt> stored = sends.send(message("c", 0));
    first.held.get(2).complete(RECEIPT);
    assertThat(stored).isCompleted();
    first.open = false;
    first.held.get(0).completeExceptionally(new ConnectionLostException("lost", true));
    first.held.get(1).completeExceptionally(new ConnectionLostException("lost", true));
    resume(true);
    assertThatThrownBy(refused::join).hasMessageContaining("did not take the message");
    assertThat(ofAnotherQueue).isCompleted();
  }

  @Test
  void whatWaitsIsBoundedInBytesToo() {
    ByteBuffer large = ByteBuffer.allocate(40 * 1024 * 1024);
    CompletableFuture<SendReceipt> waiting = sends.send(message("a", 0, large));
    CompletableFuture<SendReceipt> tooMuch = sends.send(message("b", 0, large));
    assertThat(waiting).isNotDone();
    assertThatThrownBy(tooMuch::join).hasCauseInstanceOf(ResourceAllocationException.class);
    sends.resume(second);
    assertThat(waiting).isCompleted();
    sends.lost();
    assertThat(sends.send(message("c", 0, large))).isNotDone();
  }

  @Test
  void whatWaitedGoesInItsOrderAndBeforeWhatIsSentLater() throws Exception {
    CompletableFuture<SendReceipt> waiting = sends.send(message("a", 0));
    sends.send(message("b", 0));
    assertThat(waiting).isNotDone();
    sends.resume(second);
    assertThat(waiting).isCompleted();
    sends.send(message("c", 0));
    assertThat(second.sent)
        .extracting(message -> message.properties().get(PropertyNames.UNIQUE_KEY).orElseThrow())
        .containsExactly("a", "b", "c");
  }

  @Test
  void whatWaitsIsBoundedInNumber() {
    for (int i = 0; i < 4_096; i++) {
      assertThat(sends.send(message("m" + i, 0))).isNotDone();
    }
    assertThatThrownBy(sends.send(message("one more", 0))::join)
        .hasCauseInstanceOf(ResourceAllocationException.class);
    sends.resume(second);
    assertThat(second.sent).hasSize(4_096);
  }

  @Test
  void bytesOfWhatWasSentLeaveRoomForOthers() {
    ByteBuffer moreThanHalf = ByteBuffer.allocate(33 * 1024 * 1024);
    sends.send(message("a", 0, moreThanHalf));
    assertThatThrownBy(sends.send(message("too many bytes", 0, moreThanHalf))::join)
        .hasCauseInstanceOf(ResourceAllocationException.class);
    sends.resume(second);
    sends.lost();
    assertThat(sends.send(message("b", 0))).isNotDone();
    assertThat(sends.send(message("c", 0, moreThanHalf))).isNotDone();
  }

  @Test
  void theEndFailsWhatWaits() {
    CompletableFuture<SendReceipt> waiting = sends.send(message("a", 0));
    sends.fail(new LinkLostException("it is over"));
    assertThatThrownBy(waiting::join).hasMessageContaining("it is over; the message was not sent");
  }

  @Test
  void afterTheEndNothingWaits() {
    sends.resume(first);
    first.holdsSends = true;
    CompletableFuture<SendReceipt> underWay = sends.send(message("a", 0));
    sends.fail(new LinkLostException("it is over"));
    first.open = false;
    first.held.get(0).completeExceptionally(new ConnectionLostException("lost", true));
    assertThat(underWay).isCompletedExceptionally();
    assertThatThrownBy(underWay::join).hasMessageContaining("may have been sent");
    CompletableFuture<SendReceipt> later = sends.send(message("b", 0));
    assertThat(later).isCompletedExceptionally();
    assertThatThrownBy(later::join).hasMessageContaining("was not sent");
  }

  @Test
  void sendThatWaitedForAConnectionIsNotCalledUnsentOnceItIsUnderWay() {
    SendsInFlight impatient = new SendsInFlight(200, (link, cause) -> {});
    CompletableFuture<SendReceipt> underWay = impatient.send(message("a", 0));
    first.holdsSends = true;
    impatient.resume(first);
    impatient.lost();
    CompletableFuture<SendReceipt> waiting = impatient.send(message("b", 0));
    // The time of the first one is over before that of the second.
    assertThatThrownBy(waiting::join).hasMessageContaining("not made again within 200 ms");
    assertThat(underWay).isNotDone();
    first.held.get(0).complete(RECEIPT);
    assertThat(underWay).isCompleted();
  }

  @Test
  void connectionThatLeavesASendWithoutAnAnswerIsSuspectedAndTheNextOneFailsTheSend()
      throws Exception {
    List<Link> suspected = new ArrayList<>();
    SendsInFlight suspicious = new SendsInFlight(10_000, (link, cause) -> suspected.add(link));
    RequestTimeoutException silence =
        new RequestTimeoutException(
            RequestCode.SEND_MESSAGE, Duration.ofSeconds(1), new BrokerAddress("broker", 9876));
    suspicious.resume(first);
    first.holdsSends = true;
    second.holdsSends = true;
    CompletableFuture<SendReceipt> sent = suspicious.send(message("a", 0));
    first.held.get(0).completeExceptionally(silence);
    assertThat(suspected).containsExactly(first);
    assertThat(sent).isNotDone();
    suspicious.lost();
    suspicious.decide(second, true);
    suspicious.resume(second);
    second.held.get(0).completeExceptionally(silence);
    assertThat(suspected).containsExactly(first);
    assertThatThrownBy(sent::join).hasCause(silence);
  }

  @Test
  void whatIsInDoubtIsAskedOnlyWhenTheLostConnectionHasFailedAllThatItHad() throws Exception {
    sends.resume(first);
    first.holdsSends = true;
    CompletableFuture<SendReceipt> sent = sends.send(message("a", 0));
    CompletableFuture<Void> resumed = new CompletableFuture<>();
    Thread connectingAgain =
        new Thread(
            () -> {
              try {
                resume(true);
                resumed.complete(null);
              } catch (Exception failure) {
                resumed.completeExceptionally(failure);
              }
            });
    connectingAgain.start();
    await().until(() -> connectingAgain.getState() == Thread.State.TIMED_WAITING);
    first.open = false;
    first.held.get(0).completeExceptionally(new ConnectionLostException("lost", true));
    resumed.join();
    assertThat(sent).isCompleted();
    assertThat(second.requests).containsExactly("sendOutcome", "send");
  }
}
