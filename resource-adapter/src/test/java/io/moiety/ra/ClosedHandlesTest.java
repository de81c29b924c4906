package io.moiety.ra;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSProducer;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import jakarta.jms.TopicSubscriber;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls every method of what an application has closed; the connections beneath live on. */
@Timeout(60)
final class ClosedHandlesTest {

  private TestServer server;
  private ConnectionFactory factory;
  private Connection connection;
  private Session session;
  private Queue queue;
  private Topic topic;
  private InterfaceCalls calls;

  @BeforeEach
  void connect(@TempDir Path store) throws Exception {
    server = TestServer.start(store);
    var managed = server.managedConnectionFactory();
    managed.setClientId("shop");
    factory = server.connectionFactory(managed);
    connection = factory.createConnection();
    session = connection.createSession();
    queue = session.createQueue("orders");
    topic = session.createTopic("news");
    calls = new InterfaceCalls(queue, topic, session.createTextMessage("1"));
  }

  @AfterEach
  void stop() throws Exception {
    connection.close();
    server.close();
  }

  private void assertClosed(Class<?> type, Object closed, String... harmless) throws Exception {
    assertThat(calls.notThrowing(IllegalStateException.class, type, closed))
        .containsExactlyInAnyOrder(harmless);
  }

  private void assertClosedContext(Class<?> type, Object closed, String... harmless)
      throws Exception {
    assertThat(calls.notThrowing(IllegalStateRuntimeException.class, type, closed))
        .containsExactlyInAnyOrder(harmless);
  }

  @Test
  void connectionAndAllOfItAreOfNoUse() throws Exception {
    MessageProducer producer = session.createProducer(null);
    MessageConsumer consumer = session.createConsumer(queue);
    QueueBrowser browser = session.createBrowser(queue);
    TopicSubscriber subscriber = session.createDurableSubscriber(topic, "reader");
    connection.close();
    connection.close();

    assertClosed(Connection.class, connection);
    assertClosed(Session.class, session, "run()");
    assertClosed(MessageProducer.class, producer);
    assertClosed(MessageConsumer.class, consumer);
    assertClosed(QueueBrowser.class, browser);
    assertClosed(TopicSubscriber.class, subscriber);
  }

  @Test
  void eachIsClosedOnItsOwn() throws Exception {
    MessageProducer producer = session.createProducer(null);
    producer.close();
    assertClosed(MessageProducer.class, producer);
    MessageConsumer consumer = session.createConsumer(queue);
    consumer.close();
    assertClosed(MessageConsumer.class, consumer);
    QueueBrowser browser = session.createBrowser(queue);
    browser.close();
    assertClosed(QueueBrowser.class, browser);
    TopicSubscriber subscriber = session.createDurableSubscriber(topic, "reader");
    subscriber.close();
    assertClosed(TopicSubscriber.class, subscriber);

    session.close();
    assertClosed(Session.class, session, "run()");
    assertThat(connection.createSession()).isNotNull();
  }

  @Test
  void contextAndAllOfItAreOfNoUse() throws Exception {
    JMSContext context = factory.createContext();
    JMSConsumer consumer = context.createConsumer(queue);
    JMSProducer producer = context.createProducer();
    context.close();
    context.close();

    assertClosedContext(
        JMSContext.class, context, "createContext(int)", "getAutoStart()", "setAutoStart(boolean)");
    assertClosedContext(JMSConsumer.class, consumer);
    assertThat(calls.notThrowing(IllegalStateRuntimeException.class, JMSProducer.class, producer))
        .noneMatch(call -> call.startsWith("send("));
  }
}
