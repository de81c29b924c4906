package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.Destination;
import jakarta.jms.ExceptionListener;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSProducer;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageListener;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.QueueConnection;
import jakarta.jms.QueueReceiver;
import jakarta.jms.QueueSender;
import jakarta.jms.QueueSession;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import jakarta.jms.TopicConnection;
import jakarta.jms.TopicPublisher;
import jakarta.jms.TopicSession;
import jakarta.jms.TopicSubscriber;
import jakarta.jms.XAConnection;
import jakarta.jms.XAJMSContext;
import jakarta.jms.XASession;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Calls every method of every interface on objects that are closed, with arguments that fit and
 * with others: that it is closed is said before anything else.
 */
@Timeout(60)
@AlsoOverABreakingNetwork
class ClosedObjectsTest {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  /** What the specification lets closed objects do. */
  private static final Set<String> ALLOWED =
      Set.of(
          "close",
          "Session.run",
          "JMSContext.getAutoStart",
          "JMSContext.setAutoStart",
          "XASession.getXAResource",
          "XAJMSContext.getContext");

  private final Queue queue = new MoietyQueue(EmbeddedBroker.uniqueName("closed"));
  private final Topic topic = new MoietyTopic(EmbeddedBroker.uniqueName("closed"));
  private final CompletionListener completions =
      new CompletionListener() {
        @Override
        public void onCompletion(Message message) {}

        @Override
        public void onException(Message message, Exception failure) {}
      };
  private Connection connection;
  private Session session;

  @BeforeEach
  void connect() throws Exception {
    connection = BROKER.factory().createConnection();
    session = connection.createSession();
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
  }

  private Object argument(Class<?> type) {
    Map<Class<?>, Object> arguments =
        Map.ofEntries(
            Map.entry(Destination.class, queue),
            Map.entry(Queue.class, queue),
            Map.entry(Topic.class, topic),
            Map.entry(Message.class, new JmsTextMessage("x")),
            Map.entry(String.class, "name"),
            Map.entry(Map.class, Map.of("k", 1)),
            Map.entry(byte[].class, new byte[1]),
            Map.entry(java.io.Serializable.class, 1),
            Map.entry(boolean.class, false),
            Map.entry(int.class, Session.AUTO_ACKNOWLEDGE),
            Map.entry(long.class, 1L),
            Map.entry(Class.class, String.class),
            Map.entry(CompletionListener.class, completions),
            Map.entry(MessageListener.class, (MessageListener) message -> {}),
            Map.entry(ExceptionListener.class, (ExceptionListener) failure -> {}));
    return arguments.get(type);
  }

  /** What no method takes, so that it would be refused of open objects too. */
  private static @Nullable Object unfit(Class<?> type) {
    Map<Class<?>, Object> arguments =
        Map.of(
            boolean.class, false, int.class, -1, long.class, -1L, Map.class, Map.of("", List.of()));
    return arguments.get(type);
  }

  /** Those of the interface and all that it extends. */
  private List<String> notRefused(Class<?> type, Object closed, Class<?> expected) {
    List<String> wrong = notRefused(type, closed, expected, this::argument);
    wrong.addAll(notRefused(type, closed, expected, ClosedObjectsTest::unfit));
    return wrong;
  }

  private static List<String> notRefused(
      Class<?> type,
      Object closed,
      Class<?> expected,
      Function<Class<?>, @Nullable Object> toArgument) {
    List<String> wrong = new ArrayList<>();
    for (Method method : type.getMethods()) {
      String name = method.getDeclaringClass().getSimpleName() + "." + method.getName();
      boolean setting = type == JMSProducer.class && !method.getName().equals("send");
      if (ALLOWED.contains(method.getName()) || ALLOWED.contains(name) || setting) {
        continue;
      }
      Object[] arguments = new Object[method.getParameterCount()];
      for (int i = 0; i < arguments.length; i++) {
        arguments[i] = toArgument.apply(method.getParameterTypes()[i]);
      }
      try {
        method.invoke(closed, arguments);
        wrong.add(method + " returned");
      } catch (InvocationTargetException thrown) {
        if (!expected.isInstance(thrown.getCause())) {
          wrong.add(method + Arrays.toString(arguments) + " threw " + thrown.getCause());
        }
      } catch (IllegalAccessException impossible) {
        throw new AssertionError(impossible);
      }
    }
    return wrong;
  }

  private void assertClosed(Class<?> type, Object closed) {
    assertThat(notRefused(type, closed, IllegalStateException.class)).isEmpty();
  }

  private void assertClosedContext(Class<?> type, Object closed) {
    assertThat(notRefused(type, closed, IllegalStateRuntimeException.class)).isEmpty();
  }

  @Test
  void everyCallOfClosedConnectionIsRefused() throws Exception {
    connection.close();
    connection.close();
    assertClosed(Connection.class, connection);
    QueueConnection queues = BROKER.factory().createQueueConnection();
    queues.close();
    assertClosed(Connection.class, queues);
    XAConnection xa = BROKER.xaFactory().createXAConnection();
    xa.close();
    assertClosed(XAConnection.class, xa);
  }

  @Test
  void everyCallOfClosedSessionIsRefused() throws Exception {
    session.close();
    session.close();
    assertClosed(Session.class, session);
    assertClosed(QueueSession.class, session);
    assertClosed(TopicSession.class, session);
    try (XAConnection xa = BROKER.xaFactory().createXAConnection()) {
      XASession xaSession = xa.createXASession();
      Session inner = xaSession.getSession();
      xaSession.close();
      assertClosed(Session.class, inner);
    }
  }

  @Test
  void sessionOfClosedConnectionIsClosed() throws Exception {
    connection.close();
    assertClosed(Session.class, session);
  }

  @Test
  void everyCallOfClosedProducerIsRefused() throws Exception {
    for (Destination destination : new Destination[] {queue, null}) {
      MessageProducer producer = session.createProducer(destination);
      producer.close();
      producer.close();
      assertClosed(MessageProducer.class, producer);
      assertClosed(QueueSender.class, producer);
    }
    MessageProducer publisher = session.createProducer(topic);
    session.close();
    assertClosed(TopicPublisher.class, publisher);
    publisher.close();
  }

  @Test
  void everyCallOfClosedConsumerIsRefused() throws Exception {
    MessageConsumer receiver = session.createConsumer(queue);
    receiver.close();
    receiver.close();
    assertClosed(QueueReceiver.class, receiver);
    MessageConsumer subscriber = session.createConsumer(topic);
    connection.close();
    assertClosed(TopicSubscriber.class, subscriber);
    subscriber.close();
  }

  @Test
  void everyCallOfClosedBrowserIsRefused() throws Exception {
    QueueBrowser browser = session.createBrowser(queue);
    QueueBrowser ofTheSession = session.createBrowser(queue);
    browser.close();
    browser.close();
    assertClosed(QueueBrowser.class, browser);
    session.close();
    assertClosed(QueueBrowser.class, ofTheSession);
    ofTheSession.close();
  }

  @Test
  void everyCallOfClosedContextIsRefused() {
    JMSContext context = BROKER.factory().createContext();
    JMSConsumer consumer = context.createConsumer(queue);
    JMSConsumer closedBefore = context.createConsumer(queue);
    JMSProducer producer = context.createProducer();
    JMSProducer asynchronous = context.createProducer().setAsync(completions);
    closedBefore.close();
    assertClosedContext(JMSConsumer.class, closedBefore);
    context.close();
    context.close();
    assertClosedContext(JMSContext.class, context);
    assertClosedContext(JMSConsumer.class, consumer);
    consumer.close();
    for (JMSProducer closed : List.of(producer, asynchronous)) {
      assertClosedContext(JMSProducer.class, closed);
    }
    XAJMSContext xa = BROKER.xaFactory().createXAContext();
    xa.close();
    assertClosedContext(XAJMSContext.class, xa);
  }

  @Test
  void messageOfClosedSessionCannotBeAcknowledged() throws Exception {
    connection.start();
    for (int mode : new int[] {Session.AUTO_ACKNOWLEDGE, Session.CLIENT_ACKNOWLEDGE}) {
      Session receiving = connection.createSession(mode);
      receiving.createProducer(queue).send(receiving.createMessage());
      Message message = receiving.createConsumer(queue).receive(10_000);
      receiving.close();
      assertThatThrownBy(message::acknowledge).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void connectionsOfOneDomainAreClosedToo() throws Exception {
    TopicConnection topics = BROKER.factory().createTopicConnection();
    TopicSession topicSession = topics.createTopicSession(false, Session.AUTO_ACKNOWLEDGE);
    topics.close();
    assertClosed(Connection.class, topics);
    assertClosed(Session.class, topicSession);
  }
}
