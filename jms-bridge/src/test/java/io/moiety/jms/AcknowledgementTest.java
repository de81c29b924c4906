package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moiety.jms.AlsoOverABreakingNetwork.Excepted;
import jakarta.jms.Connection;
import jakarta.jms.IllegalStateException;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@AlsoOverABreakingNetwork
class AcknowledgementTest {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  private Connection connection;
  private Queue queue;

  @BeforeEach
  void connect() throws Exception {
    connection = BROKER.factory().createConnection();
    connection.start();
    queue = new MoietyQueue(EmbeddedBroker.uniqueName("acks"));
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
  }

  private void send(String... texts) throws Exception {
    try (Session session = connection.createSession();
        MessageProducer producer = session.createProducer(queue)) {
      for (String text : texts) {
        producer.send(session.createTextMessage(text));
      }
    }
  }

  private static List<String> receive(MessageConsumer consumer, int count) throws Exception {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Message message = consumer.receive(5_000);
      texts.add(message == null ? "nothing" : ((TextMessage) message).getText());
    }
    return texts;
  }

  private List<String> left() throws Exception {
    List<String> texts = new ArrayList<>();
    try (Session session = connection.createSession();
        MessageConsumer consumer = session.createConsumer(queue)) {
      for (Message m = consumer.receiveNoWait(); m != null; m = consumer.receiveNoWait()) {
        texts.add(((TextMessage) m).getText() + "x" + m.getIntProperty("JMSXDeliveryCount"));
      }
    }
    return texts;
  }

  @Test
  void autoAcknowledgedMessagesAreGone() throws Exception {
    send("a", "b");
    try (Session session = connection.createSession()) {
      assertThat(receive(session.createConsumer(queue), 1)).containsExactly("a");
    }
    assertThat(left()).containsExactly("bx1");
  }

  @Excepted(because = "a loss between the receipts brings them again")
  @Test
  void clientAcknowledgementCoversAllThatTheSessionReceived() throws Exception {
    send("a", "b", "c");
    try (Session session = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
        MessageConsumer consumer = session.createConsumer(queue)) {
      consumer.receive(5_000);
      consumer.receive(5_000).acknowledge();
      consumer.receive(5_000);
    }
    assertThat(left()).containsExactly("cx2");
  }

  @Excepted(because = "a loss between the receipts brings them again")
  @Test
  void recoverBringsMessagesAgainFirstAndInOrder() throws Exception {
    send("a", "b", "c");
    try (Session session = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
        MessageConsumer consumer = session.createConsumer(queue)) {
      assertThat(receive(consumer, 2)).containsExactly("a", "b");
      session.recover();
      Message again = consumer.receive(5_000);
      assertThat(((TextMessage) again).getText()).isEqualTo("a");
      assertThat(again.getJMSRedelivered()).isTrue();
      assertThat(again.getIntProperty("JMSXDeliveryCount")).isEqualTo(2);
      assertThat(receive(consumer, 2)).containsExactly("b", "c");
    }
  }

  @Test
  void lazyAcknowledgementComesWithTheSessionsEnd() throws Exception {
    send("a", "b");
    try (Session session = connection.createSession(Session.DUPS_OK_ACKNOWLEDGE)) {
      assertThat(receive(session.createConsumer(queue), 2)).containsExactly("a", "b");
    }
    assertThat(left()).isEmpty();
  }

  @Test
  void lazilyAcknowledgedMessagesDoNotComeAgainAfterRecover() throws Exception {
    send("a", "b", "c");
    try (Session session = connection.createSession(Session.DUPS_OK_ACKNOWLEDGE)) {
      MessageConsumer consumer = session.createConsumer(queue);
      assertThat(receive(consumer, 2)).containsExactly("a", "b");
      session.recover();
      assertThat(receive(consumer, 1)).containsExactly("c");
    }
    assertThat(left()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {Session.AUTO_ACKNOWLEDGE, Session.DUPS_OK_ACKNOWLEDGE})
  void recoverInAListenerBringsItsOwnMessageAgain(int mode) throws Exception {
    send("a", "b", "c");
    List<String> seen = new CopyOnWriteArrayList<>();
    try (Session session = connection.createSession(mode)) {
      session
          .createConsumer(queue)
          .setMessageListener(
              message -> {
                try {
                  String text = ((TextMessage) message).getText();
                  seen.add(text + "x" + message.getIntProperty("JMSXDeliveryCount"));
                  if (text.equals("b") && !message.getJMSRedelivered()) {
                    session.recover();
                  }
                } catch (JMSException failed) {
                  seen.add(failed.toString());
                }
              });
      await().until(() -> seen.size() >= 4);
    }
    assertThat(seen).containsExactly("ax1", "bx1", "bx2", "cx1");
    assertThat(left()).isEmpty();
  }

  @Test
  void messagesOfClosedConsumerCanStillBeAcknowledged() throws Exception {
    send("a");
    try (Session session = connection.createSession(Session.CLIENT_ACKNOWLEDGE)) {
      MessageConsumer consumer = session.createConsumer(queue);
      Message message = consumer.receive(5_000);
      consumer.close();
      message.acknowledge();
    }
    assertThat(left()).isEmpty();
  }

  @Test
  void acknowledgeAfterTheSessionIsClosedIsRefused() throws Exception {
    send("a");
    Session session = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
    Message message = session.createConsumer(queue).receive(5_000);
    session.close();
    assertThatThrownBy(message::acknowledge).isInstanceOf(IllegalStateException.class);
    assertThat(left()).containsExactly("ax2");
  }

  @Test
  void lostConnectionGivesBackWhatWasNotAcknowledged() throws Exception {
    send("a");
    try (Connection other = BROKER.factory().createConnection()) {
      other.start();
      Session session = other.createSession(Session.CLIENT_ACKNOWLEDGE);
      assertThat(receive(session.createConsumer(queue), 1)).containsExactly("a");
    }
    assertThat(left()).containsExactly("ax2");
  }

  @Test
  void poisonedMessageGoesToTheDeadLettersAfterItsLastDelivery() throws Exception {
    MoietyConnectionFactory factory = BROKER.factory();
    factory.setMaxDeliveries(2);
    send("poison");
    try (Connection other = factory.createConnection()) {
      other.start();
      Session session = other.createSession(Session.CLIENT_ACKNOWLEDGE);
      MessageConsumer consumer = session.createConsumer(queue);
      assertThat(receive(consumer, 1)).containsExactly("poison");
      session.recover();
      assertThat(receive(consumer, 1)).containsExactly("poison");
      session.recover();
      assertThat(consumer.receive(500)).isNull();
      MessageConsumer dead =
          session.createConsumer(session.createQueue("%DLQ%" + queue.getQueueName()));
      assertThat(receive(dead, 1)).containsExactly("poison");
    }
  }

  @Test
  void transactedReceiveIsGivenBackByRollbackAndTakenByCommit() throws Exception {
    send("a", "b");
    try (Session session = connection.createSession(Session.SESSION_TRANSACTED);
        MessageConsumer consumer = session.createConsumer(queue)) {
      assertThat(receive(consumer, 2)).containsExactly("a", "b");
      session.rollback();
      assertThat(receive(consumer, 2)).containsExactly("a", "b");
      session.commit();
    }
    assertThat(left()).isEmpty();
  }
}
