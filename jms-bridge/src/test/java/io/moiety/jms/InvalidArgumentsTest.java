package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.Destination;
import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidClientIDException;
import jakarta.jms.InvalidClientIDRuntimeException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.InvalidDestinationRuntimeException;
import jakarta.jms.InvalidSelectorException;
import jakarta.jms.InvalidSelectorRuntimeException;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageFormatRuntimeException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueConnection;
import jakarta.jms.QueueSession;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.Topic;
import jakarta.jms.TopicConnection;
import jakarta.jms.TopicSession;
import jakarta.jms.TransactionInProgressException;
import jakarta.jms.TransactionInProgressRuntimeException;
import jakarta.jms.XAConnection;
import jakarta.jms.XAJMSContext;
import jakarta.jms.XASession;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every method that makes something, with arguments that the specification has refused. */
@Timeout(60)
@AlsoOverABreakingNetwork
class InvalidArgumentsTest {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  /** Producers without a destination of their own are made so. */
  private static final Set<String> NULL_IS_ALLOWED =
      Set.of("createProducer", "createSender", "createPublisher");

  /** Another provider's. */
  private record ForeignQueue(String name) implements Queue {
    @Override
    public String getQueueName() {
      return name;
    }
  }

  /** Another provider's. */
  private record ForeignTopic(String name) implements Topic {
    @Override
    public String getTopicName() {
      return name;
    }
  }

  private final Queue queue = new MoietyQueue(EmbeddedBroker.uniqueName("arguments"));
  private final Topic topic = new MoietyTopic(EmbeddedBroker.uniqueName("arguments-topic"));
  private String clientId;
  private Connection connection;
  private Session session;
  private QueueSession queueSession;
  private TopicSession topicSession;
  private JMSContext context;
  private final List<AutoCloseable> opened = new ArrayList<>();

  @BeforeEach
  void connect() throws Exception {
    clientId = UUID.randomUUID().toString();
    connection = BROKER.factory().createConnection();
    connection.setClientID(clientId);
    session = connection.createSession();
    QueueConnection queues = BROKER.factory().createQueueConnection();
    queueSession = queues.createQueueSession(false, Session.AUTO_ACKNOWLEDGE);
    TopicConnection topics = BROKER.factory().createTopicConnection();
    topics.setClientID("topics-" + clientId);
    topicSession = topics.createTopicSession(false, Session.AUTO_ACKNOWLEDGE);
    context = BROKER.factory().createContext();
    context.setClientID("context-" + clientId);
    opened.addAll(List.of(connection, queues, topics, context));
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  private static Object thrownBy(Object target, Method method, Object... arguments) {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException thrown) {
      return thrown.getCause();
    } catch (IllegalAccessException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private Object argument(Class<?> type, String name) {
    if (type == boolean.class) {
      return false;
    }
    if (type == String.class) {
      return name;
    }
    return type == Topic.class ? topic : queue;
  }

  private Object[] arguments(Method method, String selector) {
    Class<?>[] types = method.getParameterTypes();
    Object[] arguments = new Object[types.length];
    int lastText = -1;
    for (int i = 0; i < types.length; i++) {
      arguments[i] = argument(types[i], "name-" + method.getName());
      lastText = types[i] == String.class ? i : lastText;
    }
    if (selector != null) {
      arguments[lastText] = selector;
    }
    return arguments;
  }

  private static boolean makesFromDestination(Method method) {
    Class<?>[] types = method.getParameterTypes();
    return method.getName().startsWith("create")
        && types.length > 0
        && Destination.class.isAssignableFrom(types[0]);
  }

  private List<String> notRefused(
      Class<?> type, Object target, Destination invalid, Class<?> expected) {
    List<String> wrong = new ArrayList<>();
    for (Method method : type.getMethods()) {
      boolean allowed = invalid == null && NULL_IS_ALLOWED.contains(method.getName());
      boolean fits =
          makesFromDestination(method)
              && (invalid == null || method.getParameterTypes()[0].isInstance(invalid));
      if (allowed || !fits) {
        continue;
      }
      Object[] arguments = arguments(method, null);
      arguments[0] = invalid;
      for (int i = 1; i < arguments.length; i++) {
        boolean isSelector = arguments[i] instanceof String && i > 1;
        arguments[i] = isSelector ? null : arguments[i];
      }
      Object outcome = thrownBy(target, method, arguments);
      if (!expected.isInstance(outcome)) {
        wrong.add(method + " -> " + outcome);
      }
    }
    return wrong;
  }

  @Test
  void everyMethodRefusesDestinationsOfNobody() {
    Class<?> checked = InvalidDestinationException.class;
    for (Destination invalid :
        new Destination[] {null, new ForeignQueue("foreign"), new ForeignTopic("foreign")}) {
      assertThat(notRefused(Session.class, session, invalid, checked)).isEmpty();
      assertThat(
              notRefused(
                  JMSContext.class, context, invalid, InvalidDestinationRuntimeException.class))
          .isEmpty();
      if (!(invalid instanceof Topic)) {
        assertThat(notRefused(QueueSession.class, queueSession, invalid, JMSException.class))
            .isEmpty();
      }
      if (!(invalid instanceof Queue)) {
        assertThat(notRefused(TopicSession.class, topicSession, invalid, JMSException.class))
            .isEmpty();
      }
    }
  }

  @Test
  void destinationsOfNobodyAreRefusedAsSuchAlsoWithoutClientId() throws Exception {
    try (Connection anonymous = BROKER.factory().createConnection();
        JMSContext anonymousContext = BROKER.factory().createContext()) {
      Session ofNobody = anonymous.createSession();
      Class<?> unchecked = InvalidDestinationRuntimeException.class;
      for (Destination invalid : new Destination[] {null, new ForeignTopic("foreign")}) {
        assertThat(notRefused(Session.class, ofNobody, invalid, InvalidDestinationException.class))
            .isEmpty();
        assertThat(notRefused(JMSContext.class, anonymousContext, invalid, unchecked)).isEmpty();
      }
      assertThatThrownBy(() -> anonymousContext.unsubscribe("nobody's"))
          .isInstanceOf(InvalidDestinationRuntimeException.class);
    }
  }

  private static boolean takesSelector(Method method) {
    int texts =
        (int)
            java.util.Arrays.stream(method.getParameterTypes())
                .filter(type -> type == String.class)
                .count();
    boolean named = method.getName().matches(".*(Durable|Shared).*");
    return makesFromDestination(method) && texts == (named ? 2 : 1);
  }

  private List<String> selectorsNotRefused(Class<?> type, Object target, Class<?> expected) {
    List<String> wrong = new ArrayList<>();
    int tried = 0;
    for (Method method : type.getMethods()) {
      if (takesSelector(method)) {
        tried++;
        for (String selector :
            new String[] {"a = ", "= 1", "a IN ()", "BETWEEN", "a LIKE 5", "'", "TRUE + 1 = 2"}) {
          Object outcome = thrownBy(target, method, arguments(method, selector));
          if (!expected.isInstance(outcome)) {
            wrong.add(method + " with " + selector + " -> " + outcome);
          }
        }
        Object afterwards = thrownBy(target, method, arguments(method, "a = 1"));
        if (afterwards instanceof Exception) {
          wrong.add(method + " afterwards -> " + afterwards);
        } else {
          closeQuietly(afterwards);
        }
      }
    }
    assertThat(tried).isGreaterThanOrEqualTo(3);
    return wrong;
  }

  private static void closeQuietly(Object made) {
    try {
      ((AutoCloseable) made).close();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void everyMethodRefusesWrongSelectorsAndLeavesNothingBehind() {
    assertThat(selectorsNotRefused(Session.class, session, InvalidSelectorException.class))
        .isEmpty();
    assertThat(
            selectorsNotRefused(JMSContext.class, context, InvalidSelectorRuntimeException.class))
        .isEmpty();
    assertThat(selectorsNotRefused(TopicSession.class, session, InvalidSelectorException.class))
        .isEmpty();
  }

  @Test
  void sessionsOfOneDomainRefuseEveryMethodOfTheOther() throws Exception {
    List<String> wrong = new ArrayList<>();
    for (Method method : Session.class.getMethods()) {
      boolean ofTopics =
          method
              .getName()
              .matches("create(Temporary)?Topic|unsubscribe|create.*(Durable|Shared).*");
      boolean ofQueues = method.getName().matches("create(Temporary)?Queue|createBrowser");
      if (ofTopics || ofQueues) {
        Session refusing = ofTopics ? queueSession : topicSession;
        Object outcome = thrownBy(refusing, method, arguments(method, null));
        if (!(outcome instanceof IllegalStateException)) {
          wrong.add(method + " -> " + outcome);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void subscriptionsNeedNamesInEveryMethod() {
    List<String> wrong = new ArrayList<>();
    for (Method method : Session.class.getMethods()) {
      if (method.getName().matches("create.*(Durable|Shared).*")) {
        for (String nameless : new String[] {null, ""}) {
          Object[] arguments = arguments(method, null);
          arguments[1] = nameless;
          if (arguments.length > 2) {
            arguments[2] = null;
          }
          Object outcome = thrownBy(session, method, arguments);
          if (!(outcome instanceof JMSException)) {
            wrong.add(method + " -> " + outcome);
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void producersRefuseWhatTheyCannotSend() throws Exception {
    MessageProducer ofQueue = session.createProducer(queue);
    MessageProducer ofNone = session.createProducer(null);
    Message message = session.createMessage();
    assertThatThrownBy(() -> ofQueue.send(null)).isInstanceOf(MessageFormatException.class);
    assertThatThrownBy(() -> ofNone.send(queue, null)).isInstanceOf(MessageFormatException.class);
    assertThatThrownBy(() -> ofNone.send(null, message))
        .isInstanceOf(InvalidDestinationException.class);
    assertThatThrownBy(() -> ofNone.send(new ForeignQueue("x"), message))
        .isInstanceOf(InvalidDestinationException.class);
    assertThatThrownBy(() -> ofNone.send(message))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> ofQueue.send(queue, message))
        .isInstanceOf(UnsupportedOperationException.class);
    for (int mode : new int[] {-1, 0, 3}) {
      assertThatThrownBy(() -> ofQueue.setDeliveryMode(mode)).isInstanceOf(JMSException.class);
      assertThatThrownBy(() -> ofQueue.send(message, mode, 4, 0)).isInstanceOf(JMSException.class);
    }
    for (int priority : new int[] {-1, 10}) {
      assertThatThrownBy(() -> ofQueue.setPriority(priority)).isInstanceOf(JMSException.class);
      assertThatThrownBy(() -> ofQueue.send(message, DeliveryMode.PERSISTENT, priority, 0))
          .isInstanceOf(JMSException.class);
    }
    assertThatThrownBy(() -> ofQueue.setTimeToLive(-1)).isInstanceOf(JMSException.class);
    assertThatThrownBy(() -> ofQueue.setDeliveryDelay(-1)).isInstanceOf(JMSException.class);
  }

  @Test
  void simplifiedProducersRefuseWhatTheyCannotSend() {
    JMSProducer producer = context.createProducer();
    assertThatThrownBy(() -> producer.send(queue, (Message) null))
        .isInstanceOf(MessageFormatRuntimeException.class);
    assertThatThrownBy(() -> producer.send(null, "text"))
        .isInstanceOf(InvalidDestinationRuntimeException.class);
    assertThatThrownBy(() -> producer.send(new ForeignTopic("x"), "text"))
        .isInstanceOf(InvalidDestinationRuntimeException.class);
    assertThatThrownBy(() -> producer.send(queue, java.util.Map.of("k", new Object())))
        .isInstanceOf(MessageFormatRuntimeException.class);
    assertThatThrownBy(() -> producer.setDeliveryMode(5)).isInstanceOf(JMSRuntimeException.class);
    assertThatThrownBy(() -> producer.setPriority(10)).isInstanceOf(JMSRuntimeException.class);
    assertThatThrownBy(() -> producer.setTimeToLive(-1)).isInstanceOf(JMSRuntimeException.class);
    assertThatThrownBy(() -> producer.setDeliveryDelay(-1)).isInstanceOf(JMSRuntimeException.class);
    assertThatThrownBy(() -> producer.setProperty("p", new Object()))
        .isInstanceOf(MessageFormatRuntimeException.class);
    assertThatThrownBy(() -> producer.setProperty("not-a-name", 1))
        .isInstanceOf(JMSRuntimeException.class);
  }

  @Test
  void deletedTemporaryDestinationsAreNoDestinations() throws Exception {
    TemporaryQueue temporary = session.createTemporaryQueue();
    MessageProducer producer = session.createProducer(temporary);
    producer.send(session.createMessage());
    temporary.delete();
    assertThatThrownBy(() -> producer.send(session.createMessage()))
        .isInstanceOf(InvalidDestinationException.class);
    assertThatThrownBy(() -> session.createConsumer(temporary))
        .isInstanceOf(InvalidDestinationException.class);
    assertThatThrownBy(() -> session.createBrowser(temporary))
        .isInstanceOf(InvalidDestinationException.class);
    assertThatThrownBy(() -> session.createProducer(temporary))
        .isInstanceOf(InvalidDestinationException.class);
  }

  @Test
  void sessionModesAndClientIdsAreChecked() throws Exception {
    for (int mode : new int[] {-1, 4, 42}) {
      assertThatThrownBy(() -> connection.createSession(mode)).isInstanceOf(JMSException.class);
      assertThatThrownBy(() -> connection.createSession(false, mode))
          .isInstanceOf(JMSException.class);
      assertThatThrownBy(() -> context.createContext(mode)).isInstanceOf(JMSRuntimeException.class);
      assertThatThrownBy(() -> BROKER.factory().createContext(mode))
          .isInstanceOf(JMSRuntimeException.class);
    }
    assertThat(connection.createSession(true, 42).getAcknowledgeMode())
        .isEqualTo(Session.SESSION_TRANSACTED);
    assertThatThrownBy(() -> connection.setClientID("another"))
        .isInstanceOf(IllegalStateException.class);
    try (Connection fresh = BROKER.factory().createConnection();
        JMSContext freshContext = BROKER.factory().createContext()) {
      for (String invalid : new String[] {null, ""}) {
        assertThatThrownBy(() -> fresh.setClientID(invalid))
            .isInstanceOf(InvalidClientIDException.class);
        assertThatThrownBy(() -> freshContext.setClientID(invalid))
            .isInstanceOf(InvalidClientIDRuntimeException.class);
      }
      assertThatThrownBy(() -> fresh.setClientID(clientId))
          .isInstanceOf(InvalidClientIDException.class);
      fresh.createSession();
      assertThatThrownBy(() -> fresh.setClientID("too-late-" + clientId))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void transactionsOfAManagerAreNotTheApplications() throws Exception {
    try (XAConnection xa = BROKER.xaFactory().createXAConnection();
        XAJMSContext xaContext = BROKER.xaFactory().createXAContext()) {
      XASession xaSession = xa.createXASession();
      assertThat(xaSession.getTransacted()).isTrue();
      assertThat(xaContext.getTransacted()).isTrue();
      assertThatThrownBy(xaSession::commit).isInstanceOf(TransactionInProgressException.class);
      assertThatThrownBy(xaSession::rollback).isInstanceOf(TransactionInProgressException.class);
      assertThatThrownBy(xaSession::recover).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(xaContext::commit)
          .isInstanceOf(TransactionInProgressRuntimeException.class);
      assertThatThrownBy(xaContext::rollback)
          .isInstanceOf(TransactionInProgressRuntimeException.class);
    }
  }
}
