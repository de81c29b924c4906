package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.Connection;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@AlsoOverABreakingNetwork
class DeliveryTimeTest {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  private Connection connection;
  private Session session;
  private Queue queue;

  @BeforeEach
  void connect() throws Exception {
    connection = BROKER.factory().createConnection();
    connection.start();
    session = connection.createSession();
    queue = session.createQueue(EmbeddedBroker.uniqueName("timed"));
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
  }

  @Test
  void delayedMessageIsNeverEarly() throws Exception {
    MessageConsumer consumer = session.createConsumer(queue);
    MessageProducer producer = session.createProducer(queue);
    producer.setDeliveryDelay(700);
    Message sent = session.createTextMessage("later");
    producer.send(sent);
    assertThat(sent.getJMSDeliveryTime()).isEqualTo(sent.getJMSTimestamp() + 700);
    assertThat(consumer.receiveNoWait()).isNull();
    Message received = consumer.receive(10_000);
    assertThat(System.currentTimeMillis()).isGreaterThanOrEqualTo(sent.getJMSDeliveryTime());
    assertThat(received.getJMSMessageID()).isEqualTo(sent.getJMSMessageID());
    assertThat(received.getJMSDeliveryTime()).isEqualTo(sent.getJMSDeliveryTime());
    assertThat(received.propertyExists("TIMER_DELIVER_MS")).isFalse();
  }

  @Test
  void delayInTransactionStartsAtTheSend() throws Exception {
    Session transacted = connection.createSession(Session.SESSION_TRANSACTED);
    MessageProducer producer = transacted.createProducer(queue);
    producer.setDeliveryDelay(500);
    Message sent = transacted.createTextMessage("later");
    producer.send(sent);
    transacted.commit();
    MessageConsumer consumer = session.createConsumer(queue);
    assertThat(consumer.receive(10_000)).isNotNull();
    assertThat(System.currentTimeMillis()).isGreaterThanOrEqualTo(sent.getJMSDeliveryTime());
  }

  @Test
  void expiredMessageIsNeitherReceivedNorBrowsed() throws Exception {
    MessageProducer producer = session.createProducer(queue);
    producer.setTimeToLive(1);
    Message sent = session.createTextMessage("short");
    producer.send(sent);
    while (System.currentTimeMillis() <= sent.getJMSExpiration()) {
      Thread.onSpinWait();
    }
    try (QueueBrowser browser = session.createBrowser(queue)) {
      assertThat(browser.getEnumeration().hasMoreElements()).isFalse();
    }
    assertThat(session.createConsumer(queue).receiveNoWait()).isNull();
  }

  @Test
  void aMessageThatExpiresBeforeItsDeliveryTimeIsReceivedByNobody() throws Exception {
    MessageProducer producer = session.createProducer(queue);
    producer.setDeliveryDelay(400);
    producer.setTimeToLive(100);
    producer.send(session.createTextMessage("short"));
    producer.setDeliveryDelay(500);
    producer.setTimeToLive(0);
    Message lasting = session.createTextMessage("lasting");
    producer.send(lasting);
    MessageConsumer consumer = session.createConsumer(queue);
    assertThat(consumer.receive(10_000).getJMSMessageID()).isEqualTo(lasting.getJMSMessageID());
    assertThat(consumer.receiveNoWait()).isNull();
  }

  @Test
  void delayLevelOfRocketMqIsAProperty() throws Exception {
    Message sent = session.createTextMessage("level 1");
    sent.setIntProperty("JMS_MOIETY_DelayLevel", 1);
    session.createProducer(queue).send(sent);
    MessageConsumer consumer = session.createConsumer(queue);
    assertThat(consumer.receiveNoWait()).isNull();
    assertThat(consumer.receive(10_000)).isNotNull();
    assertThat(System.currentTimeMillis()).isGreaterThanOrEqualTo(sent.getJMSTimestamp() + 1_000);
  }
}
