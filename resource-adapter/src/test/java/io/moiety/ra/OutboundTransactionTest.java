package io.moiety.ra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moiety.ra.outbound.MoietyManagedConnectionFactory;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TransactionRolledBackException;
import jakarta.transaction.Status;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sending and receiving in an application's transactions, with a real broker and a real manager.
 */
@Timeout(120)
final class OutboundTransactionTest {

  private TestServer server;
  private ConnectionFactory factory;

  @BeforeEach
  void start(@TempDir Path store) throws Exception {
    server = TestServer.start(store);
    factory = server.connectionFactory();
  }

  @AfterEach
  void stop() throws Exception {
    if (server.transactions().getStatus() != Status.STATUS_NO_TRANSACTION) {
      server.transactions().rollback();
    }
    server.close();
  }

  private void send(String queue, String text) throws JMSException {
    try (Connection connection = factory.createConnection();
        Session session = connection.createSession()) {
      MessageProducer producer = session.createProducer(session.createQueue(queue));
      producer.send(session.createTextMessage(text));
    }
  }

  private String receive(String queue) {
    try (JMSContext context = factory.createContext()) {
      return context.createConsumer(context.createQueue(queue)).receiveBodyNoWait(String.class);
    }
  }

  @Test
  void nothingIsVisibleBeforeTheCommitAndAllOfItAfter() throws Exception {
    server.transactions().begin();
    send("orders", "1");
    send("audit", "1");
    var suspended = server.transactions().suspend();
    assertThat(receive("orders")).isNull();
    assertThat(receive("audit")).isNull();
    server.transactions().resume(suspended);
    server.transactions().commit();

    assertThat(receive("orders")).isEqualTo("1");
    assertThat(receive("audit")).isEqualTo("1");
    assertThat(receive("orders")).isNull();
  }

  @Test
  void rollbackDeliversNothing() throws Exception {
    server.transactions().begin();
    send("orders", "1");
    server.transactions().rollback();
    send("orders", "2");

    assertThat(receive("orders")).isEqualTo("2");
    assertThat(receive("orders")).isNull();
  }

  @Test
  void sendsAtOnceWithoutATransaction() throws Exception {
    send("orders", "1");

    assertThat(receive("orders")).isEqualTo("1");
  }

  @Test
  void whatWasReceivedComesAgainAfterARollback() throws Exception {
    send("orders", "1");
    server.transactions().begin();
    assertThat(receive("orders")).isEqualTo("1");
    server.transactions().rollback();

    server.transactions().begin();
    try (JMSContext context = factory.createContext()) {
      var again = context.createConsumer(context.createQueue("orders")).receive(5_000);
      assertThat(again.getIntProperty("JMSXDeliveryCount")).isEqualTo(2);
      assertThat(again.getJMSRedelivered()).isTrue();
    }
    server.transactions().commit();
    assertThat(receive("orders")).isNull();
  }

  @Test
  void handlesOfOneTransactionShareAConnection() throws Exception {
    EnlistingConnections pool = server.pool(server.managedConnectionFactory());
    ConnectionFactory pooled =
        (ConnectionFactory) server.managedConnectionFactory().createConnectionFactory(pool);
    server.transactions().begin();
    try (Connection first = pooled.createConnection();
        Connection second = pooled.createConnection()) {
      assertThat(first.createSession()).isNotSameAs(second.createSession());
    }
    server.transactions().commit();

    assertThat(pool.size()).isEqualTo(1);
  }

  /** Else its message would be sent at once, while the application believes in its transaction. */
  @Test
  void refusesWorkInATransactionThatTheConnectionIsNotPartOf() throws Exception {
    try (Connection connection = factory.createConnection();
        Session session = connection.createSession()) {
      Queue queue = session.createQueue("orders");
      MessageProducer producer = session.createProducer(queue);
      MessageConsumer consumer = session.createConsumer(queue);
      server.transactions().begin();

      assertThatThrownBy(() -> producer.send(session.createTextMessage("1")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("takes no part");
      assertThatThrownBy(consumer::receiveNoWait).isInstanceOf(IllegalStateException.class);

      server.transactions().rollback();
      producer.send(session.createTextMessage("2"));
    }
    assertThat(receive("orders")).isEqualTo("2");
    assertThat(receive("orders")).isNull();
  }

  @Test
  void refusesToSendAfterTheTransactionTimedOut() throws Exception {
    server.transactions().setTransactionTimeout(1);
    server.transactions().begin();
    server.transactions().setTransactionTimeout(0);
    try (Connection connection = factory.createConnection();
        Session session = connection.createSession()) {
      MessageProducer producer = session.createProducer(session.createQueue("orders"));
      producer.send(session.createTextMessage("1"));
      await()
          .pollInSameThread()
          .until(() -> server.transactions().getStatus() == Status.STATUS_ROLLEDBACK);

      assertThatThrownBy(() -> producer.send(session.createTextMessage("2")))
          .isInstanceOf(TransactionRolledBackException.class);
      assertThat(session.getAcknowledgeMode()).isEqualTo(Session.SESSION_TRANSACTED);
    }
    server.transactions().rollback();

    assertThat(receive("orders")).isNull();
  }

  @Test
  void modeNoneSendsAtOnceInsideATransaction() throws Exception {
    MoietyManagedConnectionFactory managed = server.managedConnectionFactory();
    managed.setTransactionMode("NONE");
    factory = server.connectionFactory(managed);
    server.transactions().begin();
    send("orders", "1");
    server.transactions().rollback();

    assertThat(receive("orders")).isEqualTo("1");
  }

  @Test
  void aClosedHandleIsOfNoUse() throws Exception {
    Connection connection = factory.createConnection();
    Session session = connection.createSession();
    MessageProducer producer = session.createProducer(session.createQueue("orders"));
    connection.close();
    connection.close();

    assertThatThrownBy(connection::createSession).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(session::createTextMessage).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> producer.setPriority(1)).isInstanceOf(IllegalStateException.class);
  }
}
