package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.Connection;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What comes again comes first, in its order, marked and counted; for queues, durable and other
 * subscriptions alike.
 */
@Timeout(60)
class RedeliveryTest {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  enum Source {
    QUEUE,
    TOPIC,
    DURABLE,
    SHARED
  }

  private Connection connection;
  private Session sending;

  @BeforeEach
  void connect() throws Exception {
    connection = BROKER.factory().createConnection();
    connection.setClientID(EmbeddedBroker.uniqueName("client"));
    connection.start();
    sending = connection.createSession();
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
  }

  private static Destination destination(Source source) {
    String name = EmbeddedBroker.uniqueName("again");
    return source == Source.QUEUE ? new MoietyQueue(name) : new MoietyTopic(name);
  }

  private static MessageConsumer consumer(Session session, Source source, Destination destination)
      throws JMSException {
    return switch (source) {
      case QUEUE, TOPIC -> session.createConsumer(destination);
      case DURABLE -> session.createDurableConsumer((Topic) destination, "durable");
      case SHARED -> session.createSharedConsumer((Topic) destination, "shared");
    };
  }

  private void send(Destination destination, int first, int last) throws JMSException {
    try (MessageProducer producer = sending.createProducer(destination)) {
      for (int i = first; i <= last; i++) {
        producer.send(sending.createTextMessage(Integer.toString(i)));
      }
    }
  }

  /** Text, how often delivered, and "again" for those that say so. */
  private static List<String> receive(MessageConsumer consumer, int count) throws JMSException {
    List<String> received = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Message message = consumer.receive(20_000);
      String again = message.getJMSRedelivered() ? " again" : "";
      received.add(
          ((TextMessage) message).getText()
              + " x"
              + message.getIntProperty("JMSXDeliveryCount")
              + again);
    }
    return received;
  }

  @ParameterizedTest
  @EnumSource
  void rolledBackMessagesComeFirstInTheirOrder(Source source) throws Exception {
    Session session = connection.createSession(Session.SESSION_TRANSACTED);
    Destination destination = destination(source);
    MessageConsumer consumer = consumer(session, source, destination);
    send(destination, 1, 5);
    assertThat(receive(consumer, 3)).containsExactly("1 x1", "2 x1", "3 x1");
    send(destination, 6, 6);
    session.rollback();
    assertThat(receive(consumer, 2)).containsExactly("1 x2 again", "2 x2 again");
    session.rollback();
    assertThat(receive(consumer, 6))
        .containsExactly("1 x3 again", "2 x3 again", "3 x2 again", "4 x1", "5 x1", "6 x1");
    session.commit();
    assertThat(consumer.receiveNoWait()).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void recoveredMessagesComeFirstInTheirOrder(Source source) throws Exception {
    Session session = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
    Destination destination = destination(source);
    MessageConsumer consumer = consumer(session, source, destination);
    send(destination, 1, 4);
    Message first = consumer.receive(20_000);
    first.acknowledge();
    assertThat(receive(consumer, 2)).containsExactly("2 x1", "3 x1");
    session.recover();
    assertThat(receive(consumer, 3)).containsExactly("2 x2 again", "3 x2 again", "4 x1");
    first.acknowledge();
    session.recover();
    assertThat(consumer.receiveNoWait()).isNull();
  }

  @ParameterizedTest
  @EnumSource(names = {"QUEUE", "DURABLE"})
  void messagesOfClosedSessionComeToTheNextOne(Source source) throws Exception {
    Destination destination = destination(source);
    Session session = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
    MessageConsumer consumer = consumer(session, source, destination);
    send(destination, 1, 3);
    assertThat(receive(consumer, 2)).containsExactly("1 x1", "2 x1");
    session.close();
    MessageConsumer next = consumer(sending, source, destination);
    assertThat(receive(next, 3)).containsExactly("1 x2 again", "2 x2 again", "3 x1");
  }

  @ParameterizedTest
  @EnumSource
  void messagesOfConsumerThatClosedBeforeTheCommitAreGone(Source source) throws Exception {
    Session session = connection.createSession(Session.SESSION_TRANSACTED);
    Destination destination = destination(source);
    MessageConsumer consumer = consumer(session, source, destination);
    send(destination, 1, 2);
    assertThat(receive(consumer, 1)).containsExactly("1 x1");
    consumer.close();
    session.commit();
    if (source == Source.QUEUE || source == Source.DURABLE) {
      assertThat(receive(consumer(session, source, destination), 1)).containsExactly("2 x1");
    }
  }
}
