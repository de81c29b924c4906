package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.jms.AlsoOverABreakingNetwork.Excepted;
import jakarta.jms.Connection;
import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.QueueConnection;
import jakarta.jms.QueueSession;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TemporaryTopic;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import jakarta.jms.TopicConnection;
import jakarta.jms.TopicSession;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@AlsoOverABreakingNetwork
class DestinationTest {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  private Connection connection;
  private Session session;
  private Queue queue;

  @BeforeEach
  void connect() throws Exception {
    connection = BROKER.factory().createConnection();
    connection.start();
    session = connection.createSession();
    queue = session.createQueue(EmbeddedBroker.uniqueName("queue"));
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
  }

  private static List<Message> browsed(QueueBrowser browser) throws Exception {
    List<Message> messages = new ArrayList<>();
    Enumeration<?> all = browser.getEnumeration();
    while (all.hasMoreElements()) {
      messages.add((Message) all.nextElement());
    }
    return messages;
  }

  @Excepted(because = "temporary queues are made again empty")
  @Test
  void requestIsAnsweredOverTemporaryQueue() throws Exception {
    TemporaryQueue replies = session.createTemporaryQueue();
    TextMessage request = session.createTextMessage("question");
    request.setJMSReplyTo(replies);
    session.createProducer(queue).send(request);
    try (Connection other = BROKER.factory().createConnection()) {
      other.start();
      Session replier = other.createSession();
      Message received = replier.createConsumer(queue).receive(5_000);
      TextMessage reply = replier.createTextMessage("answer");
      reply.setJMSCorrelationID(received.getJMSMessageID());
      replier.createProducer(null).send(received.getJMSReplyTo(), reply);
    }
    Message reply = session.createConsumer(replies).receive(5_000);
    assertThat(((TextMessage) reply).getText()).isEqualTo("answer");
    assertThat(reply.getJMSCorrelationID()).isEqualTo(request.getJMSMessageID());
  }

  @Test
  void temporaryDestinationIsItsConnectionsAlone() throws Exception {
    TemporaryQueue temporary = session.createTemporaryQueue();
    try (Connection other = BROKER.factory().createConnection()) {
      Session otherSession = other.createSession();
      assertThatThrownBy(() -> otherSession.createConsumer(temporary))
          .isInstanceOf(InvalidDestinationException.class);
    }
  }

  @Test
  void temporaryDestinationIsDeletedWhenNobodyConsumes() throws Exception {
    TemporaryTopic temporary = session.createTemporaryTopic();
    MessageConsumer consumer = session.createConsumer(temporary);
    assertThatThrownBy(temporary::delete).isInstanceOf(IllegalStateException.class);
    consumer.close();
    temporary.delete();
    assertThatThrownBy(() -> session.createConsumer(temporary))
        .isInstanceOf(InvalidDestinationException.class);
  }

  @Test
  void temporaryQueueEndsWithItsConnection() throws Exception {
    TemporaryQueue temporary;
    try (Connection other = BROKER.factory().createConnection()) {
      temporary = other.createSession().createTemporaryQueue();
    }
    MessageProducer producer = session.createProducer(null);
    assertThatThrownBy(() -> producer.send(temporary, session.createMessage()))
        .isInstanceOf(InvalidDestinationException.class);
    Session transacted = connection.createSession(Session.SESSION_TRANSACTED);
    MessageProducer inTransaction = transacted.createProducer(null);
    assertThatThrownBy(() -> inTransaction.send(temporary, transacted.createMessage()))
        .as("before the commit")
        .isInstanceOf(InvalidDestinationException.class);
  }

  @Test
  void browserOfAnEmptyQueueLooksAgainWhenItIsAsked() throws Exception {
    try (QueueBrowser browser = session.createBrowser(queue)) {
      Enumeration<?> messages = browser.getEnumeration();
      session.createProducer(queue).send(session.createTextMessage("late"));
      assertThat(((TextMessage) messages.nextElement()).getText()).isEqualTo("late");
      assertThat(messages.hasMoreElements()).isFalse();
    }
  }

  @Test
  void browserShowsMessagesInOrderAndTakesNone() throws Exception {
    MessageProducer producer = session.createProducer(queue);
    for (int i = 0; i < 250; i++) {
      Message message = session.createTextMessage(Integer.toString(i));
      message.setIntProperty("number", i);
      producer.send(message);
    }
    try (QueueBrowser browser = session.createBrowser(queue)) {
      List<Message> seen = browsed(browser);
      assertThat(seen).hasSize(250);
      assertThat(((TextMessage) seen.get(249)).getText()).isEqualTo("249");
      assertThat(browsed(browser)).hasSize(250);
    }
    try (QueueBrowser browser = session.createBrowser(queue, "number >= 240")) {
      assertThat(browsed(browser)).hasSize(10);
    }
    assertThat(session.createConsumer(queue).receive(5_000)).isNotNull();
  }

  @Test
  void receiversWithDifferentSelectorsEachGetTheirs() throws Exception {
    MessageProducer producer = session.createProducer(queue);
    for (int i = 0; i < 10; i++) {
      Message message = session.createTextMessage(Integer.toString(i));
      message.setIntProperty("number", i);
      producer.send(message);
    }
    MessageConsumer even = session.createConsumer(queue, "number = 0 OR number = 2 OR number > 8");
    assertThatThrownBy(() -> session.createConsumer(queue, "number ="))
        .isInstanceOf(JMSException.class);
    assertThat(((TextMessage) even.receive(5_000)).getText()).isEqualTo("0");
    assertThat(((TextMessage) even.receive(5_000)).getText()).isEqualTo("2");
    assertThat(((TextMessage) even.receive(5_000)).getText()).isEqualTo("9");
    assertThat(even.receiveNoWait()).isNull();
    assertThat(((TextMessage) session.createConsumer(queue).receive(5_000)).getText())
        .isEqualTo("1");
  }

  @Test
  void headersAreSelectedByTheirNamesInTheSpecification() throws Exception {
    MessageProducer producer = session.createProducer(queue);
    TextMessage message = session.createTextMessage("x");
    message.setJMSType("kind");
    message.setJMSCorrelationID("c1");
    producer.send(message, 1, 6, 0);
    for (String selector :
        List.of(
            "JMSType = 'kind'",
            "JMSCorrelationID = 'c1'",
            "JMSPriority = 6",
            "JMSDeliveryMode = 'NON_PERSISTENT'",
            "JMSMessageID = '" + message.getJMSMessageID() + "'",
            "JMSTimestamp = " + message.getJMSTimestamp())) {
      try (QueueBrowser browser = session.createBrowser(queue, selector)) {
        assertThat(browsed(browser)).as(selector).hasSize(1);
      }
    }
  }

  @Test
  void expirationAndDeliveryTimeAreSelectedToo() throws Exception {
    MessageProducer producer = session.createProducer(queue);
    producer.send(session.createTextMessage("endless"));
    TextMessage ending = session.createTextMessage("ending");
    producer.send(ending, 2, 4, 600_000);
    producer.setDeliveryDelay(100);
    producer.send(session.createTextMessage("delayed"));
    try (MessageConsumer consumer =
        session.createConsumer(queue, "JMSDeliveryTime > JMSTimestamp")) {
      assertThat(consumer.receive(20_000).getBody(String.class)).isEqualTo("delayed");
    }
    assertSelects("JMSExpiration = 0", "endless");
    assertSelects("JMSExpiration = " + ending.getJMSExpiration(), "ending");
    assertSelects("JMSExpiration - JMSTimestamp = 600000 AND JMSRedelivered IS NULL", "ending");
    assertSelects("JMSExpiration > JMSDeliveryTime AND JMSDeliveryTime = JMSTimestamp", "ending");
  }

  private void assertSelects(String selector, String onlyText) throws Exception {
    try (QueueBrowser browser = session.createBrowser(queue, selector)) {
      List<Message> selected = browsed(browser);
      assertThat(selected).as(selector).hasSize(1);
      assertThat(selected.get(0).getBody(String.class)).as(selector).isEqualTo(onlyText);
    }
  }

  @Test
  void destinationsOfNobodyAreRefused() {
    assertThatThrownBy(() -> session.createConsumer(null))
        .isInstanceOf(InvalidDestinationException.class);
    assertThatThrownBy(() -> session.createQueue("")).isInstanceOf(JMSException.class);
    assertThatThrownBy(() -> session.createProducer(null).send(null, session.createMessage()))
        .isInstanceOf(InvalidDestinationException.class);
    assertThatThrownBy(() -> session.createProducer(new MoietyQueue("SCHEDULE_TOPIC_XXXX")))
        .isInstanceOf(InvalidDestinationException.class);
  }

  @Test
  void sessionsOfOneDomainRefuseTheOther() throws Exception {
    try (QueueConnection queues = BROKER.factory().createQueueConnection();
        TopicConnection topics = BROKER.factory().createTopicConnection()) {
      QueueSession queueSession = queues.createQueueSession(false, Session.AUTO_ACKNOWLEDGE);
      TopicSession topicSession = topics.createTopicSession(false, Session.AUTO_ACKNOWLEDGE);
      assertThatThrownBy(() -> queueSession.createTopic("t"))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> queueSession.createDurableSubscriber(new MoietyTopic("t"), "s"))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(topicSession::createTemporaryQueue)
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> topicSession.createBrowser(queue))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void noSelectorIsToldAsNull() throws Exception {
    Topic topic = session.createTopic(EmbeddedBroker.uniqueName("selected"));
    for (String none : new String[] {null, "", " "}) {
      assertThat(session.createConsumer(queue, none).getMessageSelector()).isNull();
      assertThat(session.createConsumer(topic, none).getMessageSelector()).isNull();
      assertThat(session.createBrowser(queue, none).getMessageSelector()).isNull();
    }
    assertThat(session.createConsumer(queue, "a = 1").getMessageSelector()).isEqualTo("a = 1");
    assertThat(session.createBrowser(queue, "a = 1").getMessageSelector()).isEqualTo("a = 1");
  }
}
