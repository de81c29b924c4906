package io.moiety.jms;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * Tests of one connection with a reconnect timeout, to a broker behind a network that is as bad as
 * they want it.
 */
@Timeout(120)
abstract class OverABadNetwork {

  final FaultyNetwork network;

  /** What the exception listeners of {@link #connect} heard. */
  final List<JMSException> told = new CopyOnWriteArrayList<>();

  private final EmbeddedBroker broker;
  Connection connection;
  Queue queue;

  OverABadNetwork(EmbeddedBroker broker) {
    this.broker = broker;
    this.network = FaultyNetwork.before(broker);
  }

  @BeforeEach
  void connect() throws Exception {
    connection = connect(factory());
    queue = new MoietyQueue(EmbeddedBroker.uniqueName("reconnect"));
  }

  Connection connect(MoietyConnectionFactory factory) throws JMSException {
    Connection made = factory.createConnection();
    made.setExceptionListener(told::add);
    made.start();
    return made;
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
    network.close();
  }

  MoietyConnectionFactory factory() {
    MoietyConnectionFactory factory = new MoietyConnectionFactory(network.address());
    factory.setReconnectTimeoutMillis(60_000);
    return factory;
  }

  static void send(Session session, Queue to, String... texts) throws JMSException {
    try (MessageProducer producer = session.createProducer(to)) {
      for (String text : texts) {
        producer.send(session.createTextMessage(text));
      }
    }
  }

  static String receive(MessageConsumer consumer) throws JMSException {
    Message message = consumer.receive(10_000);
    return message == null ? "nothing" : ((TextMessage) message).getText();
  }

  /** What is in the queue, by a connection of its own. */
  List<String> left() throws JMSException {
    List<String> texts = new ArrayList<>();
    try (Connection direct = broker.factory().createConnection();
        Session session = direct.createSession();
        MessageConsumer consumer = session.createConsumer(queue)) {
      direct.start();
      for (Message m = consumer.receiveNoWait(); m != null; m = consumer.receiveNoWait()) {
        texts.add(((TextMessage) m).getText());
      }
    }
    return texts;
  }

  static void awaitLoss(Connection of) {
    Link link = ((JmsConnection) of).parts().link();
    await().atMost(30, SECONDS).until(() -> link.connectionNumber() > 0);
  }
}
