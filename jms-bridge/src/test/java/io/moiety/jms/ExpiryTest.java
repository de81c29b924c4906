package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
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
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever happens to a message before its end, after it nobody gets it. */
@Timeout(60)
@AlsoOverABreakingNetwork
class ExpiryTest {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  private Connection connection;
  private Session session;
  private Queue queue;
  private MessageProducer producer;

  @BeforeEach
  void connect() throws Exception {
    connection = BROKER.factory().createConnection();
    connection.start();
    session = connection.createSession();
    queue = session.createQueue(EmbeddedBroker.uniqueName("expiry"));
    producer = session.createProducer(queue);
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
  }

  private Message send(String text, long timeToLiveMillis) throws Exception {
    Message message = session.createTextMessage(text);
    producer.setTimeToLive(timeToLiveMillis);
    producer.send(message);
    return message;
  }

  private static void awaitEndOf(Message message) throws Exception {
    long expiration = message.getJMSExpiration();
    assertThat(expiration).isPositive();
    await().until(() -> System.currentTimeMillis() > expiration);
  }

  private static String text(Message message) throws JMSException {
    return ((TextMessage) message).getText();
  }

  @Test
  void messageThatExpiresWhileDelayedIsNotDelivered() throws Exception {
    producer.setDeliveryDelay(300);
    send("expires before it is due", 100);
    producer.setDeliveryDelay(600);
    send("lasts", 0);
    assertThat(text(session.createConsumer(queue).receive(20_000))).isEqualTo("lasts");
  }

  @Test
  void messageThatExpiresWhileFetchedAheadIsNotDelivered() throws Exception {
    Message expiring;
    List<String> seen = new CopyOnWriteArrayList<>();
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch mayReturn = new CountDownLatch(1);
    send("first", 0);
    expiring = send("expires behind the first", 1_000);
    send("third", 0);
    Session listening = connection.createSession();
    listening
        .createConsumer(queue)
        .setMessageListener(
            message -> {
              try {
                seen.add(text(message));
                entered.countDown();
                assertThat(mayReturn.await(20, TimeUnit.SECONDS)).isTrue();
              } catch (JMSException | InterruptedException failure) {
                seen.add(failure.toString());
              }
            });
    assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
    awaitEndOf(expiring);
    mayReturn.countDown();
    await().until(() -> seen.contains("third"));
    assertThat(seen).containsExactly("first", "third");
  }

  @Test
  void messageThatExpiresBetweenDeliveriesDoesNotComeAgain() throws Exception {
    Message expiring = send("expires", 1_000);
    Session transacted = connection.createSession(Session.SESSION_TRANSACTED);
    MessageConsumer consumer = transacted.createConsumer(queue);
    assertThat(text(consumer.receive(20_000))).isEqualTo("expires");
    awaitEndOf(expiring);
    transacted.rollback();
    send("lasts", 0);
    assertThat(text(consumer.receive(20_000))).isEqualTo("lasts");
  }

  @Test
  void browserDoesNotShowWhatHasExpired() throws Exception {
    Message expiring = send("expires", 300);
    send("lasts", 0);
    awaitEndOf(expiring);
    try (QueueBrowser browser = session.createBrowser(queue)) {
      var messages = browser.getEnumeration();
      assertThat(text((Message) messages.nextElement())).isEqualTo("lasts");
      assertThat(messages.hasMoreElements()).isFalse();
    }
  }

  @Test
  void timeToLiveAsLongAsCanBeNeverEnds() throws Exception {
    Message message = send("lasts", Long.MAX_VALUE);
    assertThat(message.getJMSExpiration()).isEqualTo(Long.MAX_VALUE);
    Message received = session.createConsumer(queue).receive(20_000);
    assertThat(received.getJMSExpiration()).isEqualTo(Long.MAX_VALUE);
  }
}
