package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.client.BranchState;
import io.moiety.client.BrokerException;
import io.moiety.client.ConnectionLostException;
import io.moiety.client.OutgoingMessage;
import io.moiety.client.XaFailure;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.ResponseCode;
import jakarta.jms.JMSException;
import jakarta.jms.TransactionRolledBackException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import javax.transaction.xa.XAException;
import org.junit.jupiter.api.Test;

/** The only message of a session's transaction waits for the commit, which is the send of it. */
class KeptMessageTest {

  private final FakeLink link = new FakeLink();
  private final FakeLink second = new FakeLink();
  private final Deliveries deliveries = new Deliveries(link);
  private final LocalTransaction transaction =
      new LocalTransaction(
          link,
          deliveries,
          new LostAnswers(
              (name, instance, events) -> CompletableFuture.completedFuture(second), xid -> {}));

  /** As the session's producers do. */
  private void send(int bytes) throws JMSException {
    OutgoingMessage message =
        new OutgoingMessage(
            "out",
            0,
            MessageProperties.empty(),
            ByteBuffer.allocate(bytes),
            0,
            0,
            0,
            transaction.joinSend());
    if (!transaction.keep(message)) {
      transaction.sent(link.send(message), bytes);
    }
  }

  @Test
  void theOnlyMessageIsSentByTheCommit() throws Exception {
    send(10);
    assertThat(link.requests).containsExactly("start");
    transaction.commit();
    send(10);
    transaction.commit();
    assertThat(link.requests).containsExactly("start", "sendAndCommit", "start", "sendAndCommit");
    assertThat(link.sent).hasSize(2);
    assertThat(link.sent.get(1).branch()).isNotEqualTo(link.sent.get(0).branch());
  }

  @Test
  void aSecondMessageLetsTheFirstGoBeforeIt() throws Exception {
    send(10);
    send(11);
    send(12);
    transaction.commit();
    assertThat(link.requests).containsExactly("start", "send", "send", "send", "endAndCommit");
    assertThat(link.sent).extracting(sent -> sent.body().remaining()).containsExactly(10, 11, 12);
  }

  @Test
  void aLargeMessageIsSentAtOnce() throws Exception {
    send(64 * 1024 + 1);
    assertThat(link.requests).containsExactly("start", "send");
    transaction.commit();
    assertThat(link.requests).containsExactly("start", "send", "endAndCommit");
  }

  @Test
  void whatWasReceivedIsCommittedWithTheMessage() throws Exception {
    deliveries.open();
    deliveries.seen(Records.delivery(1, "x", 0));
    send(10);
    transaction.commit();
    assertThat(link.requests)
        .containsExactly("openSession", "start", "send", "acknowledgeInBranch", "endAndCommit");
  }

  @Test
  void aRollbackSendsNothing() throws Exception {
    send(10);
    transaction.rollback();
    assertThat(link.requests).containsExactly("start", "end", "rollback");
    transaction.commit();
    assertThat(link.sent).isEmpty();
  }

  @Test
  void aRefusedMessageRollsBackForCertainAndTheNextTransactionWorks() throws Exception {
    send(10);
    link.refuseNext(
        "sendAndCommit", new BrokerException(ResponseCode.SERVICE_NOT_AVAILABLE, "disk full"));
    assertThatThrownBy(transaction::commit)
        .isInstanceOf(TransactionRolledBackException.class)
        .hasMessageContaining("disk full");
    assertThat(link.requests).containsExactly("start", "sendAndCommit", "rollback");
    send(10);
    transaction.commit();
    assertThat(link.sent).hasSize(2);
  }

  @Test
  void aRefusalWhoseBranchIsGoneIsAskedFor() throws Exception {
    send(10);
    link.refuseNext(
        "sendAndCommit", new BrokerException(ResponseCode.SYSTEM_ERROR, "failed in the middle"));
    link.failures.put("rollback", new XaFailure(XAException.XA_HEURCOM, "committed"));
    second.outcome = BranchState.COMMITTED;
    transaction.commit();
    assertThat(second.requests).containsExactly("outcome", "close");
  }

  @Test
  void aLostAnswerIsAskedFor() throws Exception {
    send(10);
    link.failures.put("sendAndCommit", new ConnectionLostException("lost", true));
    second.outcome = BranchState.COMMITTED;
    transaction.commit();
    assertThat(second.requests).containsExactly("outcome", "close");
  }

  @Test
  void aLostAnswerOfABranchThatIsOpenIsARollback() throws Exception {
    send(10);
    link.failures.put("sendAndCommit", new ConnectionLostException("lost", true));
    second.outcome = BranchState.ACTIVE;
    assertThatThrownBy(transaction::commit).isInstanceOf(TransactionRolledBackException.class);
    assertThat(second.requests).containsExactly("outcome", "rollback", "close");
  }
}
