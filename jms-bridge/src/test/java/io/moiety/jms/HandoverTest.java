package io.moiety.jms;

import static java.lang.Thread.State.RUNNABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moiety.client.AckSpan;
import io.moiety.client.BrokerException;
import io.moiety.client.ConnectionLostException;
import io.moiety.client.Delivery;
import io.moiety.protocol.ResponseCode;
import jakarta.jms.JMSException;
import jakarta.jms.ResourceAllocationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HandoverTest {

  private static final Delivery FIRST = Records.delivery(1, "x", 0);
  private static final Delivery SECOND = Records.delivery(2, "y", 0);

  private final FakeLink link = new FakeLink();
  private final Deliveries deliveries = new Deliveries(link);

  @BeforeEach
  void refuseAcknowledgements() throws JMSException {
    deliveries.open();
    deliveries.seen(FIRST);
    link.failures.put("acknowledge", new BrokerException(ResponseCode.SYSTEM_BUSY, "too much"));
  }

  @Test
  void givesBackWhatTheBrokerDidNotLetAListenerAcknowledge() {
    Handover handover = handover(AcknowledgeMode.AUTO);
    link.refuseNext("acknowledge", new BrokerException(ResponseCode.SYSTEM_BUSY, "too much"));
    handover.listening(FIRST);
    assertThatThrownBy(() -> handover.listened(FIRST))
        .isInstanceOf(ResourceAllocationException.class);
    assertThat(link.requests).endsWith("acknowledge", "recoverSession");
  }

  @Test
  void nextReceiveGivesBackWhatTheBrokerDidNotLetTheLastOneAcknowledge() throws Exception {
    Handover handover = handover(AcknowledgeMode.AUTO);
    link.refuseNext("acknowledge", new BrokerException(ResponseCode.SYSTEM_BUSY, "too much"));
    handover.taken(FIRST, Optional.empty());
    assertThatThrownBy(handover::next).isInstanceOf(ResourceAllocationException.class);
    assertThat(link.requests).endsWith("acknowledge", "recoverSession");
    handover.next();
  }

  @Test
  void recoverGivesBackWhatTheBrokerDidNotLetTheLastReceiveAcknowledge() throws Exception {
    Handover handover = handover(AcknowledgeMode.AUTO);
    link.refuseNext("acknowledge", new BrokerException(ResponseCode.SYSTEM_BUSY, "too much"));
    handover.taken(FIRST, Optional.empty());
    deliveries.recover();
    handover.next();
    assertThat(link.requests).endsWith("acknowledge", "recoverSession");
  }

  @Test
  void neverMoreThanTheLastMessageIsInDoubt() throws Exception {
    Handover handover = handover(AcknowledgeMode.AUTO);
    link.acknowledgementsAnswered = new CompletableFuture<>();
    handover.taken(FIRST, Optional.empty());
    assertThat(link.acknowledged).containsExactly(AckSpan.of(FIRST));
    deliveries.seen(SECOND);
    Thread next = new Thread(() -> receivedNext(handover));
    next.start();
    await().until(() -> next.getState() != Thread.State.NEW && next.getState() != RUNNABLE);
    assertThat(link.acknowledged).containsExactly(AckSpan.of(FIRST));
    link.acknowledgementsAnswered.complete(null);
    next.join();
    assertThat(link.acknowledged).containsExactly(AckSpan.of(FIRST), AckSpan.of(SECOND));
  }

  private static void receivedNext(Handover handover) {
    try {
      handover.next();
      handover.taken(SECOND, Optional.empty());
    } catch (JMSException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Test
  void actionsAwaitTheAnswerToTheLastReceivesAcknowledgement() throws Exception {
    Handover handover = handover(AcknowledgeMode.AUTO);
    link.acknowledgementsAnswered = new CompletableFuture<>();
    List<String> done = new ArrayList<>();
    handover.taken(FIRST, Optional.empty());
    deliveries.whenAcknowledged(() -> done.add("left"));
    assertThat(done).isEmpty();
    link.acknowledgementsAnswered.complete(null);
    assertThat(done).containsExactly("left");
  }

  @Test
  void commitOfReceiptsThatIsRefusedGivesThemBack() {
    LocalTransaction transaction =
        new LocalTransaction(
            link, deliveries, new LostAnswers((name, instance, events) -> null, branch -> {}));
    assertThatThrownBy(transaction::commit).isInstanceOf(ResourceAllocationException.class);
    assertThat(link.requests).endsWith("acknowledge", "recoverSession");
  }

  private Handover handover(AcknowledgeMode mode) {
    link.failures.clear();
    return new Handover(
        new MessageDecoder(TrustedClasses.parse("")),
        deliveries,
        new NoTransaction(),
        mode,
        JmsMessage.Acknowledgement.NOTHING);
  }

  @Test
  void receiveWithinAListenerAcknowledgesNothingButItsOwnMessage() throws Exception {
    Handover handover = handover(AcknowledgeMode.AUTO);
    handover.listening(FIRST);
    deliveries.seen(SECOND);
    handover.taken(SECOND, Optional.empty());
    assertThat(link.acknowledged).containsExactly(AckSpan.of(SECOND));
    handover.listened(FIRST);
    assertThat(link.acknowledged).containsExactly(AckSpan.of(SECOND), AckSpan.of(FIRST));
  }

  @Test
  void lazyAcknowledgementLeavesOutWhatAListenerIsInTheMiddleOf() throws Exception {
    Handover handover = handover(AcknowledgeMode.DUPS_OK);
    handover.listening(FIRST);
    deliveries.seen(SECOND);
    handover.idle();
    assertThat(link.acknowledged).containsExactly(AckSpan.of(SECOND));
    handover.listened(FIRST);
    handover.idle();
    assertThat(link.acknowledged).containsExactly(AckSpan.of(SECOND), AckSpan.of(FIRST));
  }

  @Test
  void lazySessionIsRecoveredThoughALossGaveBackWhatItConsumed() throws Exception {
    Handover handover = handover(AcknowledgeMode.DUPS_OK);
    deliveries.seen(SECOND);
    link.refuseNext("acknowledge", LinkLostException.givenBack());
    handover.settle();
    deliveries.recover();
    assertThat(link.requests).endsWith("acknowledge", "recoverSession");
  }

  @Test
  void lazySessionWhoseAcknowledgementIsRefusedGivesItsMessagesBack() {
    Handover handover = handover(AcknowledgeMode.DUPS_OK);
    deliveries.seen(SECOND);
    link.refuseNext("acknowledge", new BrokerException(ResponseCode.SYSTEM_BUSY, "busy"));
    assertThatThrownBy(handover::settle).isInstanceOf(JMSException.class);
    assertThat(link.requests).endsWith("acknowledge", "recoverSession");
  }

  @Test
  void messageThatWasRecoveredInItsListenerIsNotAcknowledged() throws Exception {
    Handover handover = handover(AcknowledgeMode.AUTO);
    handover.listening(FIRST);
    deliveries.recover();
    handover.listened(FIRST);
    assertThat(link.acknowledged).isEmpty();
  }

  @Test
  void refusedClientAcknowledgementCanBeRepeated() throws Exception {
    assertThatThrownBy(deliveries::acknowledge).isInstanceOf(ResourceAllocationException.class);
    deliveries.seen(SECOND);
    link.failures.clear();
    deliveries.acknowledge();
    assertThat(link.acknowledged).containsExactly(new AckSpan(1, 0, 1, 2));
    assertThat(deliveries.unacknowledgedCount()).isZero();
  }

  @Test
  void unansweredClientAcknowledgementIsRepeatedByItselfAndMayHaveBeenTakenBefore()
      throws Exception {
    link.failures.put("acknowledge", new ConnectionLostException("no answer", true));
    assertThatThrownBy(deliveries::acknowledge).isInstanceOf(JMSException.class);
    deliveries.seen(SECOND);
    link.refuseNext("acknowledge", new BrokerException(ResponseCode.INVALID_PARAMETER, "taken"));
    deliveries.acknowledge();
    assertThat(link.acknowledged).containsExactly(AckSpan.of(SECOND));
  }

  @Test
  void actionsThatAwaitTheAcknowledgementRunBehindIt() throws Exception {
    List<String> done = new ArrayList<>();
    deliveries.whenAcknowledged(() -> done.add("left"));
    assertThat(done).isEmpty();
    assertThatThrownBy(deliveries::acknowledge).isInstanceOf(JMSException.class);
    assertThat(done).isEmpty();
    link.failures.clear();
    deliveries.acknowledge();
    assertThat(done).containsExactly("left");
    deliveries.whenAcknowledged(() -> done.add("at once"));
    assertThat(done).containsExactly("left", "at once");
  }

  @Test
  void actionsThatAwaitTheAcknowledgementRunAtTheSessionsEndWhateverItSays() {
    List<String> done = new ArrayList<>();
    deliveries.whenAcknowledged(() -> done.add("left"));
    link.failures.put("closeSession", new BrokerException(ResponseCode.SYSTEM_ERROR, "broken"));
    assertThatThrownBy(deliveries::close).isInstanceOf(JMSException.class);
    assertThat(done).containsExactly("left");
  }
}
