package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.arjuna.ats.arjuna.common.arjPropertyManager;
import jakarta.jms.Connection;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import jakarta.transaction.RollbackException;
import jakarta.transaction.TransactionManager;
import java.nio.file.Path;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Messages decided by a real transaction manager, with a second resource beside them. */
@Timeout(60)
class NarayanaTest {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  private static TransactionManager manager;

  private XAConnection connection;
  private XASession session;
  private Queue queue;

  @BeforeAll
  static void keepRecordsInTemporaryDirectory(@TempDir Path directory) {
    arjPropertyManager.getObjectStoreEnvironmentBean().setObjectStoreDir(directory.toString());
    manager = com.arjuna.ats.jta.TransactionManager.transactionManager();
  }

  @BeforeEach
  void connect() throws Exception {
    connection = BROKER.xaFactory().createXAConnection();
    connection.start();
    session = connection.createXASession();
    queue = new MoietyQueue(EmbeddedBroker.uniqueName("jta"));
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
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
  void twoConnectionsCommitTogether() throws Exception {
    try (XAConnection second = BROKER.xaFactory().createXAConnection()) {
      XASession other = second.createXASession();
      Queue otherQueue = new MoietyQueue(EmbeddedBroker.uniqueName("jta"));
      manager.begin();
      manager.getTransaction().enlistResource(session.getXAResource());
      manager.getTransaction().enlistResource(other.getXAResource());
      send("a");
      other.createProducer(otherQueue).send(other.createTextMessage("b"));
      assertThat(next()).isNull();
      manager.commit();
      assertThat(next()).isEqualTo("a");
      queue = otherQueue;
      assertThat(next()).isEqualTo("b");
    }
  }

  @Test
  void rollbackTakesBackSendsAndReceives() throws Exception {
    send("received");
    MessageConsumer consumer = session.createConsumer(queue);
    manager.begin();
    manager.getTransaction().enlistResource(session.getXAResource());
    assertThat(consumer.receive(5_000)).isNotNull();
    send("sent");
    manager.rollback();
    assertThat(next()).isEqualTo("received");
    assertThat(next()).isNull();
  }

  @Test
  void resourceThatFailsPrepareTakesTheMessagesWithIt() throws Exception {
    FailingResource failing = new FailingResource();
    manager.begin();
    manager.getTransaction().enlistResource(session.getXAResource());
    manager.getTransaction().enlistResource(failing);
    send("never");
    assertThatThrownBy(() -> manager.commit()).isInstanceOf(RollbackException.class);
    assertThat(next()).isNull();
    assertThat(failing.prepared).isTrue();
  }

  @Test
  void singleResourceIsCommittedInOnePhase() throws Exception {
    manager.begin();
    manager.getTransaction().enlistResource(session.getXAResource());
    send("a");
    manager.commit();
    assertThat(next()).isEqualTo("a");
  }

  @Test
  void sessionWorksInOneTransactionAfterAnother() throws Exception {
    MessageConsumer consumer = session.createConsumer(queue);
    for (int i = 0; i < 20; i++) {
      manager.begin();
      manager.getTransaction().enlistResource(session.getXAResource());
      manager.getTransaction().enlistResource(new AgreeingResource());
      if (i > 0) {
        assertThat(((TextMessage) consumer.receive(5_000)).getText())
            .isEqualTo(Integer.toString(i - 1));
      }
      send(Integer.toString(i));
      manager.commit();
    }
    assertThat(next()).isEqualTo("19");
    assertThat(next()).isNull();
  }

  /** Takes part and always agrees. */
  private static class AgreeingResource implements XAResource {

    @Override
    public void commit(Xid xid, boolean onePhase) {}

    @Override
    public void end(Xid xid, int flags) {}

    @Override
    public void forget(Xid xid) {}

    @Override
    public int getTransactionTimeout() {
      return 0;
    }

    @Override
    public boolean isSameRM(XAResource other) {
      return other == this;
    }

    @Override
    public int prepare(Xid xid) throws XAException {
      return XA_OK;
    }

    @Override
    public Xid[] recover(int flag) {
      return new Xid[0];
    }

    @Override
    public void rollback(Xid xid) {}

    @Override
    public boolean setTransactionTimeout(int seconds) {
      return false;
    }

    @Override
    public void start(Xid xid, int flags) {}
  }

  /** Votes for rollback. */
  private static final class FailingResource extends AgreeingResource {

    private boolean prepared;

    @Override
    public int prepare(Xid xid) throws XAException {
      prepared = true;
      throw new XAException(XAException.XA_RBROLLBACK);
    }
  }
}
