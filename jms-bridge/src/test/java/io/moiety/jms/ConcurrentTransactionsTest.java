package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Several sessions move messages from queue to queue; some of their transactions and connections
 * come to nothing.
 */
@Timeout(120)
class ConcurrentTransactionsTest {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  private static final int MESSAGES = 400;
  private static final int MOVERS = 4;

  private final Queue from = new MoietyQueue(EmbeddedBroker.uniqueName("from"));
  private final Queue to = new MoietyQueue(EmbeddedBroker.uniqueName("to"));
  private final Set<String> moved = ConcurrentHashMap.newKeySet();
  private final MoietyConnectionFactory factory = BROKER.factory();

  @BeforeEach
  void fill() throws Exception {
    factory.setMaxDeliveries(0);
    try (Connection connection = factory.createConnection()) {
      Session session = connection.createSession(Session.SESSION_TRANSACTED);
      MessageProducer producer = session.createProducer(from);
      for (int i = 0; i < MESSAGES; i++) {
        producer.send(session.createTextMessage(Integer.toString(i)));
      }
      session.commit();
    }
  }

  private void move(long seed) throws JMSException {
    Random random = new Random(seed);
    while (moved.size() < MESSAGES) {
      try (Connection connection = factory.createConnection()) {
        connection.start();
        Session session = connection.createSession(Session.SESSION_TRANSACTED);
        moveUntilTired(session, random);
      }
    }
  }

  /**
   * Commits most transactions, rolls some back, and at times leaves one open as the connection
   * closes.
   */
  private void moveUntilTired(Session session, Random random) throws JMSException {
    MessageConsumer consumer = session.createConsumer(from);
    MessageProducer producer = session.createProducer(to);
    while (moved.size() < MESSAGES) {
      List<String> texts = new ArrayList<>();
      for (int i = random.nextInt(4); i >= 0; i--) {
        Message message = consumer.receive(100);
        if (message != null) {
          texts.add(((TextMessage) message).getText());
          producer.send(session.createTextMessage(((TextMessage) message).getText()));
        }
      }
      int fate = random.nextInt(20);
      if (fate == 0) {
        return;
      } else if (fate < 6) {
        session.rollback();
      } else {
        session.commit();
        moved.addAll(texts);
      }
    }
  }

  @Test
  void everyMessageArrivesOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(MOVERS);
    List<Future<?>> movers = new ArrayList<>();
    for (int i = 0; i < MOVERS; i++) {
      long seed = i;
      movers.add(
          threads.submit(
              () -> {
                move(seed);
                return null;
              }));
    }
    for (Future<?> mover : movers) {
      mover.get(100, TimeUnit.SECONDS);
    }
    threads.shutdown();
    List<String> arrived = new ArrayList<>();
    try (Connection connection = factory.createConnection()) {
      connection.start();
      Session session = connection.createSession();
      MessageConsumer consumer = session.createConsumer(to);
      for (Message m = consumer.receiveNoWait(); m != null; m = consumer.receiveNoWait()) {
        arrived.add(((TextMessage) m).getText());
      }
      assertThat(session.createConsumer(from).receiveNoWait()).isNull();
    }
    assertThat(arrived).hasSize(MESSAGES);
    assertThat(new HashSet<>(arrived)).hasSize(MESSAGES);
  }
}
