package io.moiety.jms;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What consumers of a connection with a reconnect timeout are given after a loss, and when it is
 * gone.
 */
class ReconnectDeliveryTest extends OverABadNetwork {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  ReconnectDeliveryTest() {
    super(BROKER);
  }

  @Test
  void unacknowledgedMessagesComeAgainFirstInOrderAndMarked() throws Exception {
    Session session = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
    send(session, queue, "a", "b", "c", "d");
    MessageConsumer consumer = session.createConsumer(queue);
    Message a = consumer.receive(10_000);
    assertThat(receive(consumer)).isEqualTo("b");
    network.cut();
    awaitLoss(connection);
    assertThatThrownBy(a::acknowledge)
        .isInstanceOf(JMSException.class)
        .hasMessageContaining("come again");
    for (String text : List.of("a", "b")) {
      Message again = consumer.receive(10_000);
      assertThat(((TextMessage) again).getText()).isEqualTo(text);
      assertThat(again.getJMSRedelivered()).isTrue();
      assertThat(again.getIntProperty("JMSXDeliveryCount")).isGreaterThanOrEqualTo(2);
    }
    Message c = consumer.receive(10_000);
    assertThat(c.getJMSRedelivered()).isFalse();
    c.acknowledge();
    session.close();
    assertThat(left()).containsExactly("d");
  }

  @Test
  void acknowledgeDoesNotPassOverWhatHasNotComeAgainYet() throws Exception {
    Session session = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
    send(session, queue, "a", "b");
    MessageConsumer consumer = session.createConsumer(queue);
    assertThat(receive(consumer)).isEqualTo("a");
    assertThat(receive(consumer)).isEqualTo("b");
    network.cut();
    awaitLoss(connection);
    Message a = consumer.receive(10_000);
    assertThatThrownBy(a::acknowledge)
        .isInstanceOf(JMSException.class)
        .hasMessageContaining("the others are acknowledged");
    Message b = consumer.receive(10_000);
    assertThat(((TextMessage) b).getText()).isEqualTo("b");
    b.acknowledge();
    session.close();
    assertThat(left()).isEmpty();
  }

  @Test
  void acknowledgeSucceedsOnceAllHasComeAgain() throws Exception {
    Session session = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
    send(session, queue, "a", "b");
    MessageConsumer consumer = session.createConsumer(queue);
    assertThat(receive(consumer)).isEqualTo("a");
    assertThat(receive(consumer)).isEqualTo("b");
    network.cut();
    awaitLoss(connection);
    assertThat(receive(consumer)).isEqualTo("a");
    consumer.receive(10_000).acknowledge();
    session.close();
    assertThat(left()).isEmpty();
  }

  /**
   * Up to 16 messages are fetched ahead, and are received although their connection is lost by
   * then. So the last of them are received over one that lives: otherwise the close acknowledges
   * nothing.
   */
  @Test
  void lazilyAcknowledgedMessagesAreNotLostAndOnlyThoseThatAreMarkedComeAgain() throws Exception {
    Session session = connection.createSession(Session.DUPS_OK_ACKNOWLEDGE);
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      sent.add("m" + i);
    }
    send(session, queue, sent.toArray(new String[0]));
    MessageConsumer consumer = session.createConsumer(queue);
    List<String> first = new ArrayList<>();
    for (int i = 0; first.size() < 100; i++) {
      if (i % 30 == 17 && first.size() < 80) {
        network.cut();
      }
      Message message = consumer.receive(10_000);
      String text = ((TextMessage) message).getText();
      assertThat(first.contains(text)).isEqualTo(message.getJMSRedelivered());
      if (!first.contains(text)) {
        first.add(text);
      }
    }
    assertThat(first).containsExactlyElementsOf(sent);
    session.close();
    assertThat(left()).isEmpty();
  }

  @Test
  void listenerGoesOn() throws Exception {
    Session session = connection.createSession();
    List<String> heard = new CopyOnWriteArrayList<>();
    session
        .createConsumer(queue)
        .setMessageListener(
            message -> {
              try {
                heard.add(((TextMessage) message).getText());
              } catch (JMSException unreadable) {
                heard.add(unreadable.toString());
              }
            });
    Session sending = connection.createSession();
    for (int i = 0; i < 3; i++) {
      String text = "m" + i;
      send(sending, queue, text);
      await().atMost(30, SECONDS).until(() -> heard.contains(text));
      network.cut();
    }
    assertThat(told).isEmpty();
  }

  @Test
  void messagesOfAListenerThatALossInterruptsComeAgainMarkedAndInOrder() throws Exception {
    Session sending = connection.createSession();
    Session session = connection.createSession();
    List<String> heard = new CopyOnWriteArrayList<>();
    List<String> unmarked = new CopyOnWriteArrayList<>();
    session
        .createConsumer(queue)
        .setMessageListener(
            message -> {
              try {
                String text = ((TextMessage) message).getText();
                if (heard.contains(text)) {
                  if (!message.getJMSRedelivered()) {
                    unmarked.add(text);
                  }
                } else {
                  heard.add(text);
                }
                if (Integer.parseInt(text) % 50 == 25 && !message.getJMSRedelivered()) {
                  network.cut();
                }
              } catch (JMSException unreadable) {
                heard.add(unreadable.toString());
              }
            });
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      sent.add(Integer.toString(i));
      send(sending, queue, Integer.toString(i));
    }
    await().atMost(60, SECONDS).until(() -> heard.size() >= sent.size());
    assertThat(heard).containsExactlyElementsOf(sent);
    assertThat(unmarked).isEmpty();
    session.close();
    assertThat(left()).isEmpty();
  }

  @Test
  void messageOfATemporaryQueueThatBeganAnewIsNotTakenForTheOneBefore() throws Exception {
    Link link = ((JmsConnection) connection).parts().link();
    for (int bytes = 50; bytes <= 1_000; bytes += 50) { // The acknowledgement is cut at one.
      Session session = connection.createSession();
      Queue replies = session.createTemporaryQueue();
      MessageConsumer consumer = session.createConsumer(replies);
      send(session, replies, "a");
      int connectionNumber = link.connectionNumber();
      network.cutAfterRequests(bytes);
      Message first = consumer.receive(500);
      network.cut();
      await().atMost(30, SECONDS).until(() -> link.connectionNumber() > connectionNumber);
      network.cutAfterRequests(Long.MAX_VALUE);
      send(session, replies, "b");
      assertThat(receive(consumer)).as("cut after %d bytes, %s", bytes, first).isEqualTo("b");
      session.close();
    }
  }

  @Test
  void receiveWithTimeoutEndsInTimeWhileThereIsNoConnection() throws Exception {
    MessageConsumer consumer = connection.createSession().createConsumer(queue);
    network.down(true);
    awaitLoss(connection);
    assertThat(consumer.receive(200)).isNull();
    network.down(false);
    send(connection.createSession(), queue, "a");
    assertThat(receive(consumer)).isEqualTo("a");
  }

  @Test
  void browserGoesOn() throws Exception {
    Session session = connection.createSession();
    send(session, queue, "a", "b");
    try (QueueBrowser browser = session.createBrowser(queue)) {
      network.cut();
      Enumeration<?> messages = browser.getEnumeration();
      assertThat(Collections.list(messages)).hasSize(2);
    }
  }

  @Test
  void ownDeadConnectionKeepsNobodyOutOfItsDurableSubscription() throws Exception {
    MoietyConnectionFactory factory = factory();
    factory.setClientId(EmbeddedBroker.uniqueName("client"));
    factory.setRequestTimeoutMillis(2_000);
    Topic topic = new MoietyTopic(EmbeddedBroker.uniqueName("topic"));
    try (Connection durable = connect(factory)) {
      Session session = durable.createSession();
      MessageConsumer subscriber = session.createDurableConsumer(topic, "s");
      assertThat(subscriber.receiveNoWait()).isNull();
      // The broker hears of nothing, so that for it the older connection is there.
      network.hang();
      assertThatThrownBy(() -> session.createProducer(topic).send(session.createMessage()))
          .isInstanceOf(JMSException.class);
      network.cutClients();
      session.createProducer(topic).send(session.createTextMessage("a"));
      assertThat(receive(subscriber)).isEqualTo("a");
    }
  }

  @Test
  void durableSubscriptionLosesNothingThatIsPublishedMeanwhile() throws Exception {
    MoietyConnectionFactory factory = factory();
    factory.setClientId(EmbeddedBroker.uniqueName("client"));
    Topic topic = new MoietyTopic(EmbeddedBroker.uniqueName("topic"));
    try (Connection durable = connect(factory);
        Connection direct = BROKER.factory().createConnection();
        Session publishing = direct.createSession()) {
      MessageConsumer subscriber = durable.createSession().createDurableConsumer(topic, "s");
      MessageProducer publisher = publishing.createProducer(topic);
      publisher.send(publishing.createTextMessage("a"));
      assertThat(receive(subscriber)).isEqualTo("a");
      assertThat(subscriber.receiveNoWait()).isNull();
      network.down(true);
      publisher.send(publishing.createTextMessage("b"));
      network.down(false);
      publisher.send(publishing.createTextMessage("c"));
      assertThat(receive(subscriber)).isEqualTo("b");
      assertThat(receive(subscriber)).isEqualTo("c");
      assertThat(subscriber.receiveNoWait()).isNull();
    }
  }
}
