package io.moiety.ra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.ra.outbound.MoietyManagedConnectionFactory;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TransactionInProgressException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.LazyEnlistableConnectionManager;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.ResourceAllocationException;
import jakarta.transaction.Status;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** In a container that leaves it to the connection when to take part in a transaction. */
@Timeout(120)
final class LazyEnlistmentTest {

  private final AtomicInteger enlisted = new AtomicInteger();
  private TestServer server;
  private ManagedConnection managed;
  private ConnectionFactory factory;

  @BeforeEach
  void start(@TempDir Path store) throws Exception {
    server = TestServer.start(store);
    MoietyManagedConnectionFactory connections = server.managedConnectionFactory();
    managed = connections.createManagedConnection(null, null);
    factory = (ConnectionFactory) connections.createConnectionFactory(new LazyConnections());
  }

  @AfterEach
  void stop() throws Exception {
    if (server.transactions().getStatus() != Status.STATUS_NO_TRANSACTION) {
      server.transactions().rollback(); // That a failed test left behind on this thread.
    }
    managed.destroy();
    server.close();
  }

  /** Has one connection for everybody and enlists it when it asks for that. */
  private final class LazyConnections
      implements ConnectionManager, LazyEnlistableConnectionManager {

    private static final long serialVersionUID = 1L;

    @Override
    public Object allocateConnection(ManagedConnectionFactory asked, ConnectionRequestInfo info)
        throws ResourceException {
      return managed.getConnection(null, info);
    }

    @Override
    public void lazyEnlist(ManagedConnection connection) throws ResourceException {
      try {
        server.transactions().getTransaction().enlistResource(connection.getXAResource());
        enlisted.incrementAndGet();
      } catch (Exception failure) {
        throw new ResourceAllocationException("not enlisted", failure);
      }
    }
  }

  private String receive() {
    try (JMSContext context = factory.createContext()) {
      return context.createConsumer(context.createQueue("orders")).receiveBodyNoWait(String.class);
    }
  }

  @Test
  void aConnectionFromBeforeTheTransactionTakesPartWhenItIsUsed() throws Exception {
    try (Connection connection = factory.createConnection()) {
      Session session = connection.createSession();
      Queue orders = session.createQueue("orders");
      server.transactions().begin();
      assertThat(enlisted).hasValue(0);
      session.createProducer(orders).send(session.createTextMessage("1"));
      session.createProducer(orders).send(session.createTextMessage("2"));
      assertThat(session.getTransacted()).isTrue();
      assertThat(enlisted).hasValue(1);
      server.transactions().rollback();
    }

    assertThat(receive()).isNull();
  }

  @Test
  void aConnectionThatIsNotUsedDoesNotTakePart() throws Exception {
    server.transactions().begin();
    try (JMSContext context = factory.createContext()) {
      assertThat(context.createQueue("orders")).isNotNull();
    }
    server.transactions().commit();

    assertThat(enlisted).hasValue(0);
  }

  @Test
  void receivingTakesPartToo() throws Exception {
    try (JMSContext context = factory.createContext()) {
      context.createProducer().send(context.createQueue("orders"), "1");
    }
    server.transactions().begin();
    try (Connection connection = factory.createConnection()) {
      connection.start();
      Session session = connection.createSession();
      MessageConsumer consumer = session.createConsumer(session.createQueue("orders"));
      assertThat(consumer.receive(5_000).getBody(String.class)).isEqualTo("1");
      server.transactions().rollback();
    }

    assertThat(enlisted).hasValue(1);
    assertThat(receive()).isEqualTo("1");
  }

  @Test
  void aTransactionThatCanOnlyBeRolledBackIsToldAsOne() throws Exception {
    server.transactions().begin();
    server.transactions().setRollbackOnly();
    try (Connection connection = factory.createConnection();
        JMSContext context = factory.createContext(JMSContext.DUPS_OK_ACKNOWLEDGE)) {
      Session session = connection.createSession();

      assertThat(session.getTransacted()).isTrue();
      assertThat(session.getAcknowledgeMode()).isEqualTo(Session.SESSION_TRANSACTED);
      assertThat(context.getTransacted()).isTrue();
      assertThat(context.getSessionMode()).isEqualTo(JMSContext.SESSION_TRANSACTED);
      assertThatThrownBy(session::rollback).isInstanceOf(TransactionInProgressException.class);
      server.transactions().rollback();
      assertThat(session.getTransacted()).isFalse();
      assertThat(context.getSessionMode()).isEqualTo(JMSContext.AUTO_ACKNOWLEDGE);
    }
    assertThat(enlisted).hasValue(0);
  }

  @Test
  void nothingIsSentInATransactionThatCanOnlyBeRolledBack() throws Exception {
    server.transactions().begin();
    server.transactions().setRollbackOnly();
    try (Connection connection = factory.createConnection()) {
      Session session = connection.createSession();
      Queue orders = session.createQueue("orders");
      assertThatThrownBy(() -> session.createProducer(orders).send(session.createTextMessage("1")))
          .isInstanceOf(jakarta.jms.TransactionRolledBackException.class);
    } finally {
      server.transactions().rollback();
    }
    assertThat(enlisted).hasValue(0);
  }
}
