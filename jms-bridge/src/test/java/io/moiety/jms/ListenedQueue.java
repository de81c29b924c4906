package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** Tests of listeners to a queue of their own, on a connection that is not started yet. */
@Timeout(60)
abstract class ListenedQueue {

  private final EmbeddedBroker broker;
  Connection connection;
  Session session;
  Queue queue;

  /** What {@link #see} saw: text, {@code x} and which delivery it was. */
  final List<String> seen = new CopyOnWriteArrayList<>();

  ListenedQueue(EmbeddedBroker broker) {
    this.broker = broker;
  }

  @BeforeEach
  void connect() throws Exception {
    connection = broker.factory().createConnection();
    session = connection.createSession();
    queue = session.createQueue(EmbeddedBroker.uniqueName("listened"));
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
  }

  void send(int count) throws Exception {
    try (Session sending = connection.createSession();
        MessageProducer producer = sending.createProducer(queue)) {
      for (int i = 0; i < count; i++) {
        producer.send(sending.createTextMessage(Integer.toString(i)));
      }
    }
  }

  void see(Message message) {
    try {
      seen.add(
          ((TextMessage) message).getText() + "x" + message.getIntProperty("JMSXDeliveryCount"));
    } catch (JMSException unexpected) {
      seen.add(unexpected.toString());
    }
  }

  void awaitSeen(int count) {
    await().atMost(Duration.ofSeconds(20)).until(() -> seen.size() >= count);
  }

  static void awaitLatch(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }
}
