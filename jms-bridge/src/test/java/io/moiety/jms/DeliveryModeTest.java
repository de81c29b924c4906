package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the delivery mode does not change. */
class DeliveryModeTest {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  private static final int MESSAGES = 50;

  private Connection connection;
  private Session session;
  private Queue queue;
  private MessageProducer producer;

  @BeforeEach
  void connect() throws Exception {
    connection = BROKER.factory().createConnection();
    connection.start();
    session = connection.createSession();
    queue = session.createQueue(EmbeddedBroker.uniqueName("modes"));
    producer = session.createProducer(queue);
    send(DeliveryMode.PERSISTENT, "0");
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
  }

  private void send(int mode, String text) throws Exception {
    producer.setDeliveryMode(mode);
    producer.send(session.createTextMessage(text));
  }

  private List<String> received(int count) throws Exception {
    List<String> texts = new ArrayList<>();
    try (MessageConsumer consumer = session.createConsumer(queue)) {
      for (int i = 0; i < count; i++) {
        texts.add(((TextMessage) consumer.receive(10_000)).getText());
      }
    }
    return texts;
  }

  @Test
  void messagesOfBothModesStayInOrder() throws Exception {
    for (int i = 1; i <= MESSAGES; i++) {
      send(i % 3 == 0 ? DeliveryMode.PERSISTENT : DeliveryMode.NON_PERSISTENT, Integer.toString(i));
    }
    assertThat(received(MESSAGES + 1).stream().map(Integer::parseInt)).isSorted();
  }

  @Test
  void nonPersistentMessageOfTransactionIsSeenOnlyAfterItsCommit() throws Exception {
    try (Session transacted = connection.createSession(Session.SESSION_TRANSACTED);
        MessageConsumer observer = session.createConsumer(queue)) {
      assertThat(observer.receive(10_000)).isNotNull();
      MessageProducer inTransaction = transacted.createProducer(queue);
      inTransaction.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
      inTransaction.send(transacted.createTextMessage("committed"));
      assertThat(observer.receiveNoWait()).isNull();
      transacted.commit();
      assertThat(((TextMessage) observer.receive(10_000)).getText()).isEqualTo("committed");
    }
  }
}
