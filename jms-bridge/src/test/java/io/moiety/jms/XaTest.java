package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moiety.jms.spi.AdapterConnection;
import io.moiety.jms.spi.EnlistedSession;
import io.moiety.protocol.BranchXid;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.TransactionInProgressException;
import jakarta.jms.TransactionRolledBackException;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The XA resource, driven step by step as a transaction manager would. */
@Timeout(60)
@AlsoOverABreakingNetwork
class XaTest {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  private XAConnection connection;
  private XASession session;
  private XAResource resource;
  private Queue queue;

  @BeforeEach
  void connect() throws Exception {
    connection = BROKER.xaFactory().createXAConnection();
    session = connection.createXASession();
    resource = session.getXAResource();
    queue = new MoietyQueue(EmbeddedBroker.uniqueName("xa"));
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
  }

  private static Xid newXid() {
    byte[] global = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
    return new BranchXid(4711, global, new byte[] {1, 2});
  }

  private void send(String text) throws Exception {
    session.createProducer(queue).send(session.createTextMessage(text));
  }

  private String next() throws Exception {
    try (Connection other = BROKER.factory().createConnection()) {
      other.start();
      Session observing = other.createSession();
      MessageConsumer consumer = observing.createConsumer(queue);
      TextMessage message = (TextMessage) consumer.receiveNoWait();
      return message == null ? null : message.getText();
    }
  }

  @Test
  void preparedMessagesAreDeliveredByCommitOnly() throws Exception {
    Xid xid = newXid();
    resource.start(xid, XAResource.TMNOFLAGS);
    send("a");
    resource.end(xid, XAResource.TMSUCCESS);
    assertThat(resource.prepare(xid)).isEqualTo(XAResource.XA_OK);
    assertThat(next()).isNull();
    resource.commit(xid, false);
    assertThat(next()).isEqualTo("a");
  }

  @Test
  void workForABranchThatEndedBeforeItBeganIsRefused() throws Exception {
    MessageConsumer consumer = session.createConsumer(queue);
    connection.start();
    ((EnlistedSession) session).requireBranch(true);
    Xid xid = newXid();
    resource.start(xid, XAResource.TMNOFLAGS);
    send("a");
    resource.rollback(xid);

    assertThatThrownBy(() -> send("b")).isInstanceOf(TransactionRolledBackException.class);
    assertThatThrownBy(consumer::receiveNoWait).isInstanceOf(TransactionRolledBackException.class);
    assertThat(next()).isNull();

    ((EnlistedSession) session).requireBranch(false);
    send("c");
    assertThat(((TextMessage) consumer.receive(5_000)).getText()).isEqualTo("c");
  }

  @Test
  void branchesHaveTheFactorysTimeoutUntilTheManagerSetsAnother() throws Exception {
    MoietyXAConnectionFactory factory = BROKER.xaFactory();
    factory.setBranchTimeoutSeconds(3_600);
    try (XAConnection patient = factory.createXAConnection()) {
      XAResource theirs = patient.createXASession().getXAResource();
      assertThat(theirs.getTransactionTimeout()).isEqualTo(3_600);

      theirs.setTransactionTimeout(60);
      assertThat(theirs.getTransactionTimeout()).isEqualTo(60);
      theirs.setTransactionTimeout(0);
      assertThat(theirs.getTransactionTimeout()).isEqualTo(3_600);
    }
  }

  @Test
  void whatIsRolledBackComesBeforeWhatIsBehindIt() throws Exception {
    for (int i = 0; i < 60; i++) {
      send(Integer.toString(i));
    }
    connection.start();
    MessageConsumer consumer = session.createConsumer(queue);
    for (int i = 0; i < 40; i++) {
      assertThat(((TextMessage) consumer.receive(5_000)).getText()).isEqualTo("" + i);
    }
    Xid xid = newXid();
    resource.start(xid, XAResource.TMNOFLAGS);
    assertThat(((TextMessage) consumer.receive(5_000)).getText()).isEqualTo("40");
    resource.end(xid, XAResource.TMSUCCESS);
    resource.rollback(xid);
    assertThat(((TextMessage) consumer.receive(5_000)).getText()).isEqualTo("40");
  }

  @Test
  void rolledBackMessagesAreNeverDelivered() throws Exception {
    Xid xid = newXid();
    resource.start(xid, XAResource.TMNOFLAGS);
    send("a");
    resource.end(xid, XAResource.TMSUCCESS);
    resource.prepare(xid);
    resource.rollback(xid);
    assertThat(next()).isNull();
  }

  @Test
  void onePhaseCommitDelivers() throws Exception {
    Xid xid = newXid();
    resource.start(xid, XAResource.TMNOFLAGS);
    send("a");
    resource.end(xid, XAResource.TMSUCCESS);
    resource.commit(xid, true);
    assertThat(next()).isEqualTo("a");
  }

  @Test
  void branchWithoutWorkVotesReadOnly() throws Exception {
    Xid xid = newXid();
    resource.start(xid, XAResource.TMNOFLAGS);
    resource.end(xid, XAResource.TMSUCCESS);
    assertThat(resource.prepare(xid)).isEqualTo(XAResource.XA_RDONLY);
  }

  @Test
  void receivedMessagesComeAgainAfterRollbackAndAreGoneAfterCommit() throws Exception {
    send("a");
    connection.start();
    MessageConsumer consumer = session.createConsumer(queue);
    Xid first = newXid();
    resource.start(first, XAResource.TMNOFLAGS);
    assertThat(consumer.receive(5_000)).isNotNull();
    resource.end(first, XAResource.TMSUCCESS);
    resource.prepare(first);
    assertThat(next()).isNull();
    resource.rollback(first);

    Xid second = newXid();
    resource.start(second, XAResource.TMNOFLAGS);
    assertThat(consumer.receive(5_000).getIntProperty("JMSXDeliveryCount")).isEqualTo(2);
    resource.end(second, XAResource.TMSUCCESS);
    resource.prepare(second);
    resource.commit(second, false);
    assertThat(next()).isNull();
  }

  @Test
  void messageThatComesAfterTheTransactionTimedOutDuringReceiveIsNotLost() throws Exception {
    connection.start();
    MessageConsumer consumer = session.createConsumer(queue);
    Xid xid = newXid();
    resource.start(xid, XAResource.TMNOFLAGS);
    CompletableFuture<Message> received = new CompletableFuture<>();
    Thread receiving =
        new Thread(
            () -> {
              try {
                received.complete(consumer.receive(20_000));
              } catch (JMSException failure) {
                received.completeExceptionally(failure);
              }
            });
    receiving.start();
    await().until(() -> receiving.getState() == Thread.State.WAITING);
    resource.rollback(xid);
    try (Connection other = BROKER.factory().createConnection();
        Session sending = other.createSession()) {
      sending.createProducer(queue).send(sending.createTextMessage("a"));
    }
    assertThatThrownBy(received::join).hasCauseInstanceOf(TransactionRolledBackException.class);
    consumer.close();
    assertThat(next()).isEqualTo("a");
  }

  @Test
  void workOfClosedSessionIsStillTheTransactionManagersToDecide() throws Exception {
    send("a");
    connection.start();
    XASession closing = connection.createXASession();
    Xid xid = newXid();
    closing.getXAResource().start(xid, XAResource.TMNOFLAGS);
    assertThat(closing.createConsumer(queue).receive(5_000)).isNotNull();
    closing.createProducer(queue).send(closing.createTextMessage("b"));
    closing.close();
    resource.end(xid, XAResource.TMSUCCESS);
    resource.commit(xid, true);
    assertThat(next()).isEqualTo("b");
    assertThat(next()).isNull();
  }

  @Test
  void failedEndGivesBackWhatWasReceived() throws Exception {
    send("a");
    connection.start();
    Xid xid = newXid();
    resource.start(xid, XAResource.TMNOFLAGS);
    assertThat(session.createConsumer(queue).receive(5_000)).isNotNull();
    resource.end(xid, XAResource.TMFAIL);
    resource.rollback(xid);
    assertThat(next()).isEqualTo("a");
  }

  @Test
  void workOutsideOfBranchTakesEffectAtOnce() throws Exception {
    send("a");
    assertThat(next()).isEqualTo("a");
    assertThatThrownBy(session::commit).isInstanceOf(TransactionInProgressException.class);
    assertThatThrownBy(session::rollback).isInstanceOf(TransactionInProgressException.class);
  }

  @Test
  void suspendedBranchIsResumed() throws Exception {
    Xid xid = newXid();
    resource.start(xid, XAResource.TMNOFLAGS);
    send("inside");
    resource.end(xid, XAResource.TMSUSPEND);
    send("outside");
    assertThat(next()).isEqualTo("outside");
    resource.start(xid, XAResource.TMRESUME);
    send("inside too");
    resource.end(xid, XAResource.TMSUCCESS);
    assertThat(next()).isNull();
    resource.commit(xid, true);
    assertThat(next()).isEqualTo("inside");
    assertThat(next()).isEqualTo("inside too");
  }

  @Test
  void sessionsOfOneConnectionJoinInOneBranch() throws Exception {
    XASession second = connection.createXASession();
    XAResource joining = second.getXAResource();
    assertThat(resource.isSameRM(joining)).isTrue();
    Xid xid = newXid();
    resource.start(xid, XAResource.TMNOFLAGS);
    send("first");
    joining.start(xid, XAResource.TMJOIN);
    second.createProducer(queue).send(second.createTextMessage("second"));
    send("third");
    joining.end(xid, XAResource.TMSUCCESS);
    resource.end(xid, XAResource.TMSUCCESS);
    assertThat(resource.prepare(xid)).isEqualTo(XAResource.XA_OK);
    joining.commit(xid, false);
    assertThat(next()).isEqualTo("first");
    assertThat(next()).isEqualTo("second");
    assertThat(next()).isEqualTo("third");
  }

  @Test
  void anotherConnectionFindsAndCompletesPreparedBranch() throws Exception {
    Xid xid = newXid();
    resource.start(xid, XAResource.TMNOFLAGS);
    send("a");
    resource.end(xid, XAResource.TMSUCCESS);
    resource.prepare(xid);
    connection.close();

    connection = BROKER.xaFactory().createXAConnection();
    resource = connection.createXASession().getXAResource();
    assertThat(resource.recover(XAResource.TMSTARTRSCAN)).contains(xid);
    assertThat(resource.recover(XAResource.TMNOFLAGS)).isEmpty();
    assertThat(resource.recover(XAResource.TMENDRSCAN)).isEmpty();
    resource.commit(xid, false);
    resource.commit(xid, false);
    assertThat(resource.recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN))
        .doesNotContain(xid);
    assertThat(next()).isEqualTo("a");
    assertThat(next()).isNull();
  }

  @Test
  void branchOfLostConnectionIsNotPrepared() throws Exception {
    Xid xid = newXid();
    resource.start(xid, XAResource.TMNOFLAGS);
    send("a");
    resource.end(xid, XAResource.TMSUCCESS);
    connection.close();
    connection = BROKER.xaFactory().createXAConnection();
    XAResource other = connection.createXASession().getXAResource();
    assertThatThrownBy(() -> other.prepare(xid)).isInstanceOf(XAException.class);
    assertThat(next()).isNull();
  }

  @Test
  void unknownBranchIsNotACompletedOne() {
    assertThatThrownBy(() -> resource.commit(newXid(), false))
        .isInstanceOfSatisfying(
            XAException.class,
            failure -> assertThat(failure.errorCode).isEqualTo(XAException.XAER_NOTA));
  }

  @Test
  void connectionSaysWhetherItLives() throws Exception {
    AdapterConnection adapter = (AdapterConnection) connection;
    assertThat(adapter.isOpen()).isTrue();
    assertThat(adapter.storeUuid()).isNotEmpty();
    connection.close();
    assertThat(adapter.isOpen()).isFalse();
  }
}
