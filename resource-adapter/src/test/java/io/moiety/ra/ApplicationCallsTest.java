package io.moiety.ra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.Destination;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageFormatRuntimeException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import jakarta.jms.TopicSubscriber;
import jakarta.jms.TransactionInProgressException;
import jakarta.jms.TransactionInProgressRuntimeException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Calls every method of every interface that an application in a web or EJB container gets from the
 * adapter: exactly those which Jakarta Messaging forbids there are refused.
 */
@Timeout(60)
final class ApplicationCallsTest {

  private static TestServer server;
  private static ConnectionFactory factory;

  private final String name = UUID.randomUUID().toString();
  private Connection connection;
  private Session session;
  private Queue queue;
  private Topic topic;
  private InterfaceCalls calls;

  @BeforeAll
  static void startServer(@TempDir Path store) throws Exception {
    server = TestServer.start(store);
    var managed = server.managedConnectionFactory();
    managed.setClientId("shop");
    factory = server.connectionFactory(managed);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void connect() throws Exception {
    connection = factory.createConnection();
    session = connection.createSession();
    queue = session.createQueue(name);
    topic = session.createTopic(name + "-topic");
    calls = new InterfaceCalls(queue, topic, session.createTextMessage("1"));
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
  }

  /** Enough for all ways to receive, which would wait for ever else. */
  private void fill(Destination destination) throws JMSException {
    MessageProducer producer = session.createProducer(destination);
    for (int i = 0; i < 10; i++) {
      producer.send(session.createTextMessage("1"));
    }
  }

  @Test
  void connectionsRefuseWhatWouldDisturbTheServersPoolOrThreads() throws Exception {
    assertThat(calls.refused(Connection.class, connection))
        .containsExactlyInAnyOrder(
            "createSession()",
            "createSession(int)",
            "createSession(boolean,int)",
            "setClientID(String)",
            "setExceptionListener(ExceptionListener)",
            "stop()",
            "createConnectionConsumer(Destination,String,ServerSessionPool,int)",
            "createSharedConnectionConsumer(Topic,String,String,ServerSessionPool,int)",
            "createDurableConnectionConsumer(Topic,String,String,ServerSessionPool,int)",
            "createSharedDurableConnectionConsumer(Topic,String,String,ServerSessionPool,int)");
  }

  @Test
  void sessionsRefuseListenersAndTransactionsOfTheirOwn() throws Exception {
    assertThat(calls.refused(Session.class, session))
        .containsExactlyInAnyOrder(
            "setMessageListener(MessageListener)",
            "getMessageListener()",
            "run()",
            "commit()",
            "rollback()");
  }

  @Test
  void consumersRefuseListeners() throws Exception {
    connection.start();
    fill(queue);
    assertThat(calls.refused(MessageConsumer.class, session.createConsumer(queue)))
        .containsExactlyInAnyOrder("setMessageListener(MessageListener)", "getMessageListener()");
  }

  @Test
  void subscribersRefuseListeners() throws Exception {
    connection.start();
    try (TopicSubscriber subscriber = session.createDurableSubscriber(topic, name)) {
      fill(topic);
      assertThat(calls.refused(TopicSubscriber.class, subscriber))
          .containsExactlyInAnyOrder("setMessageListener(MessageListener)", "getMessageListener()");
    }
    session.unsubscribe(name);
  }

  @Test
  void producersRefuseToSendAsynchronously() throws Exception {
    List<Method> asynchronous =
        InterfaceCalls.methods(MessageProducer.class)
            .filter(
                method ->
                    Arrays.asList(method.getParameterTypes()).contains(CompletionListener.class))
            .toList();
    assertThat(asynchronous).hasSize(4);

    assertThat(calls.refused(MessageProducer.class, session.createProducer(null)))
        .containsExactlyInAnyOrderElementsOf(
            asynchronous.stream().map(InterfaceCalls::named).toList());
  }

  @Test
  void contextsRefuseWhatTheirConnectionsAndSessionsDo() throws Exception {
    try (JMSContext context = factory.createContext()) {
      assertThat(calls.refused(JMSContext.class, context))
          .containsExactlyInAnyOrder(
              "createContext(int)",
              "setClientID(String)",
              "setExceptionListener(ExceptionListener)",
              "stop()",
              "commit()",
              "rollback()");
    }
  }

  @Test
  void consumersAndProducersOfContextsRefuseListeners() throws Exception {
    fill(queue);
    try (JMSContext context = factory.createContext()) {
      assertThat(calls.refused(JMSConsumer.class, context.createConsumer(queue)))
          .containsExactlyInAnyOrder("setMessageListener(MessageListener)", "getMessageListener()");
      assertThat(calls.refused(JMSProducer.class, context.createProducer()))
          .containsExactly("setAsync(CompletionListener)");
    }
  }

  @Test
  void onlyTheServerEndsItsTransaction() throws Exception {
    server.transactions().begin();
    try (Connection inTransaction = factory.createConnection();
        Session transacted = inTransaction.createSession();
        JMSContext context = factory.createContext()) {
      assertThatThrownBy(transacted::commit).isInstanceOf(TransactionInProgressException.class);
      assertThatThrownBy(transacted::rollback).isInstanceOf(TransactionInProgressException.class);
      assertThatThrownBy(transacted::recover).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(context::commit).isInstanceOf(TransactionInProgressRuntimeException.class);
      assertThatThrownBy(context::rollback)
          .isInstanceOf(TransactionInProgressRuntimeException.class);
      assertThatThrownBy(context::recover).isInstanceOf(IllegalStateRuntimeException.class);
    } finally {
      server.transactions().rollback();
    }
  }

  @Test
  void aClosedSessionMakesRoomForAnother() throws Exception {
    session.close();
    session = connection.createSession();

    assertThatThrownBy(connection::createSession).hasMessageContaining("close the first one");
  }

  @Test
  void outsideOfTransactionsAllModesButOneAreAutoAcknowledge() throws Exception {
    session.close();
    assertThat(modeOf(connection.createSession(true, Session.SESSION_TRANSACTED)))
        .isEqualTo(Session.AUTO_ACKNOWLEDGE);
    assertThat(modeOf(connection.createSession(false, Session.CLIENT_ACKNOWLEDGE)))
        .isEqualTo(Session.AUTO_ACKNOWLEDGE);
    assertThat(modeOf(connection.createSession(false, Session.DUPS_OK_ACKNOWLEDGE)))
        .isEqualTo(Session.DUPS_OK_ACKNOWLEDGE);
    assertThatThrownBy(() -> connection.createSession(99)).isInstanceOf(JMSException.class);
    for (int mode : List.of(JMSContext.SESSION_TRANSACTED, JMSContext.CLIENT_ACKNOWLEDGE)) {
      try (JMSContext context = factory.createContext(mode)) {
        assertThat(context.getSessionMode()).isEqualTo(JMSContext.AUTO_ACKNOWLEDGE);
        assertThat(context.getTransacted()).isFalse();
      }
    }
    assertThatThrownBy(() -> factory.createContext(99)).isInstanceOf(JMSRuntimeException.class);
  }

  private static int modeOf(Session closing) throws JMSException {
    try (closing) {
      assertThat(closing.getTransacted()).isFalse();
      return closing.getAcknowledgeMode();
    }
  }

  @Test
  void transactionsIgnoreAllModes() throws Exception {
    server.transactions().begin();
    try (Connection inTransaction = factory.createConnection()) {
      for (int mode : List.of(0, 1, 2, 3, 99)) {
        try (Session transacted = inTransaction.createSession(false, mode);
            JMSContext context = factory.createContext(mode)) {
          assertThat(transacted.getTransacted()).isTrue();
          assertThat(transacted.getAcknowledgeMode()).isEqualTo(Session.SESSION_TRANSACTED);
          assertThat(context.getSessionMode()).isEqualTo(JMSContext.SESSION_TRANSACTED);
        }
      }
    } finally {
      server.transactions().rollback();
    }
  }

  @Test
  void aFactoryOutsideOfTransactionsKeepsItsModesInsideThem() throws Exception {
    var managed = server.managedConnectionFactory();
    managed.setTransactionMode("NONE");
    server.transactions().begin();
    try (JMSContext context =
        server.connectionFactory(managed).createContext(JMSContext.DUPS_OK_ACKNOWLEDGE)) {
      assertThat(context.getSessionMode()).isEqualTo(JMSContext.DUPS_OK_ACKNOWLEDGE);
      assertThat(context.getTransacted()).isFalse();
      context.recover();
    } finally {
      server.transactions().rollback();
    }
  }

  @Test
  void acknowledgingIsIgnoredInTransactionsAndOutside() throws Exception {
    fill(queue);
    try (JMSContext context = factory.createContext(JMSContext.CLIENT_ACKNOWLEDGE)) {
      context.createConsumer(queue).receive(5_000).acknowledge();
      context.acknowledge();
    }
    server.transactions().begin();
    try (JMSContext context = factory.createContext(JMSContext.CLIENT_ACKNOWLEDGE)) {
      context.createConsumer(queue).receive(5_000).acknowledge();
      context.acknowledge();
    } finally {
      server.transactions().rollback();
    }

    assertThat(countOf(queue)).isEqualTo(9);
  }

  @Test
  void aBodyThatIsOfAnotherTypeLeavesItsMessageInTheQueue() throws Exception {
    session.createProducer(queue).send(session.createTextMessage("1"));
    try (JMSContext context = factory.createContext();
        JMSConsumer consumer = context.createConsumer(queue)) {
      assertThatThrownBy(() -> consumer.receiveBody(Map.class, 5_000))
          .isInstanceOf(MessageFormatRuntimeException.class);

      assertThat(consumer.receiveBody(String.class, 5_000)).isEqualTo("1");
    }
  }

  @Test
  void aMessageThatIsNoneIsRefused() throws Exception {
    MessageProducer producer = session.createProducer(queue);
    assertThatThrownBy(() -> producer.send(null)).isInstanceOf(MessageFormatException.class);
    try (JMSContext context = factory.createContext()) {
      JMSProducer simplified = context.createProducer();
      assertThatThrownBy(() -> simplified.send(queue, (Message) null))
          .isInstanceOf(MessageFormatRuntimeException.class);
    }
    assertThat(countOf(queue)).isZero();
  }

  private int countOf(Queue counted) throws JMSException {
    try (QueueBrowser browser = session.createBrowser(counted)) {
      int count = 0;
      for (var left = browser.getEnumeration(); left.hasMoreElements(); left.nextElement()) {
        count++;
      }
      return count;
    }
  }
}
