package io.moiety.jms;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.TransactionRolledBackException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import javax.transaction.xa.XAException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Producers and consumers of all kinds over a network that breaks at random. Longer with {@code
 * -Dmoiety.reconnect.seconds=600}, otherwise with {@code -Dmoiety.reconnect.seed=7}.
 */
class ReconnectRunTest {

  private static final int SECONDS_OF_FAULTS = Integer.getInteger("moiety.reconnect.seconds", 5);
  private static final int LINES = 4;
  private static final long SEED = Long.getLong("moiety.reconnect.seed", 1);

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  private final FaultyNetwork network = FaultyNetwork.before(BROKER::port, SEED);
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();

  /** A first connection is tried once. */
  private final CountDownLatch connecting = new CountDownLatch(2 * LINES);

  private volatile boolean sending = true;
  private volatile boolean receiving = true;

  private interface Step {
    void run() throws JMSException;
  }

  /** One queue with its producer and its consumer, each by a connection of its own. */
  private final class Line {

    private final Queue queue = new MoietyQueue(EmbeddedBroker.uniqueName("run"));
    private final int sendMode;
    private final int receiveMode;
    private final List<String> sent = Collections.synchronizedList(new ArrayList<>());
    private final List<String> unclear = Collections.synchronizedList(new ArrayList<>());
    private final List<String> received = Collections.synchronizedList(new ArrayList<>());
    private final Set<String> done = Collections.synchronizedSet(new HashSet<>());

    Line(int sendMode, int receiveMode) {
      this.sendMode = sendMode;
      this.receiveMode = receiveMode;
    }

    List<Thread> start() {
      return List.of(thread(this::produce), thread(this::consume));
    }

    private void produce() throws JMSException {
      try (Connection connection = factory().createConnection();
          Session session = connection.createSession(sendMode)) {
        MessageProducer producer = session.createProducer(queue);
        connecting.countDown();
        for (int i = 0; sending; i++) {
          List<String> texts = List.of(i + "a", i + "b");
          try {
            for (String text : texts) {
              producer.send(session.createTextMessage(text));
              if (sendMode != Session.SESSION_TRANSACTED) {
                sent.add(text);
              }
            }
            if (sendMode == Session.SESSION_TRANSACTED) {
              session.commit();
              sent.addAll(texts);
            }
          } catch (TransactionRolledBackException undone) {
            session.rollback();
          } catch (JMSException failure) {
            unclear.addAll(texts);
            if (!isUndecidedCommit(failure)) {
              failures.add(failure);
            }
          }
        }
      }
    }

    private void consume() throws JMSException {
      try (Connection connection = factory().createConnection();
          Session session = connection.createSession(receiveMode)) {
        connection.start();
        MessageConsumer consumer = session.createConsumer(queue);
        connecting.countDown();
        while (receiving) {
          Message message = consumer.receive(100);
          if (message != null) {
            receive(session, message);
          }
        }
      }
    }

    /** Otherwise a message may come again that was being acknowledged as the network broke. */
    private boolean isAcknowledgedByTheApplication() {
      return receiveMode == Session.CLIENT_ACKNOWLEDGE || receiveMode == Session.SESSION_TRANSACTED;
    }

    private void receive(Session session, Message message) throws JMSException {
      String text = ((TextMessage) message).getText();
      if (done.contains(text) && isAcknowledgedByTheApplication()) {
        failures.add(new AssertionError(text + " came again although it was done with"));
      }
      if (done.contains(text) && !message.getJMSRedelivered()) {
        failures.add(new AssertionError(text + " came again and is not marked"));
      }
      try {
        switch (receiveMode) {
          case Session.CLIENT_ACKNOWLEDGE -> message.acknowledge();
          case Session.SESSION_TRANSACTED -> session.commit();
          default -> {}
        }
      } catch (TransactionRolledBackException comesAgain) {
        return;
      } catch (JMSException unknown) {
        if (receiveMode == Session.SESSION_TRANSACTED && !isUndecidedCommit(unknown)) {
          throw unknown;
        }
        // It comes again, or was acknowledged and the answer is lost: the exception says so.
        unclear.add(text);
        return;
      }
      if (done.add(text)) {
        received.add(text);
      }
    }

    /** The store does not know the transaction any more, so neither outcome may be claimed. */
    private boolean isUndecidedCommit(JMSException failure) {
      return Integer.toString(XAException.XAER_RMFAIL).equals(failure.getErrorCode());
    }

    boolean isDrained() {
      List<String> left = new ArrayList<>(sent);
      left.removeAll(done);
      left.removeAll(new HashSet<>(unclear));
      return left.isEmpty();
    }

    void check() {
      List<String> missing = new ArrayList<>(sent);
      missing.removeAll(new HashSet<>(received));
      missing.removeAll(new HashSet<>(unclear));
      assertThat(missing).as("lost").isEmpty();
      List<String> clear = new ArrayList<>(received);
      clear.removeAll(new HashSet<>(unclear));
      List<String> expected = new ArrayList<>(sent);
      expected.removeAll(new HashSet<>(unclear));
      assertThat(clear).as("received, in order").containsExactlyElementsOf(expected);
    }
  }

  private MoietyConnectionFactory factory() {
    MoietyConnectionFactory factory = new MoietyConnectionFactory(network.address());
    factory.setReconnectTimeoutMillis(60_000);
    factory.setRequestTimeoutMillis(30_000);
    return factory;
  }

  private Thread thread(Step step) {
    Thread thread =
        new Thread(
            () -> {
              try {
                step.run();
              } catch (JMSException | RuntimeException failure) {
                // Whatever it is, it fails the test.
                failures.add(failure);
              }
            });
    thread.start();
    return thread;
  }

  private void breakTheNetwork() {
    Random random = new Random(SEED);
    long untilNanos = System.nanoTime() + SECONDS.toNanos(SECONDS_OF_FAULTS);
    while (System.nanoTime() - untilNanos < 0) {
      LockSupport.parkNanos(MILLISECONDS.toNanos(20 + random.nextInt(200)));
      switch (random.nextInt(6)) {
        case 0 -> network.cut();
        case 1 -> network.cutAfterRequests(1 + random.nextInt(3_000));
        case 2 -> network.cutAfterAnswers(1 + random.nextInt(3_000));
        case 3 -> network.halfClose();
        case 4 -> network.reorder(random.nextBoolean());
        default -> network.delay(random.nextInt(3));
      }
    }
    network.delay(0);
    network.reorder(false);
  }

  @Test
  void nothingIsLostNorDoneTwiceWhileTheNetworkBreaks() throws Exception {
    List<Line> lines =
        List.of(
            new Line(Session.AUTO_ACKNOWLEDGE, Session.SESSION_TRANSACTED),
            new Line(Session.SESSION_TRANSACTED, Session.CLIENT_ACKNOWLEDGE),
            new Line(Session.SESSION_TRANSACTED, Session.AUTO_ACKNOWLEDGE),
            new Line(Session.AUTO_ACKNOWLEDGE, Session.DUPS_OK_ACKNOWLEDGE));
    List<Thread> threads = lines.stream().flatMap(line -> line.start().stream()).toList();
    assertThat(connecting.await(60, SECONDS)).as("connected; failures: %s", failures).isTrue();
    breakTheNetwork();
    sending = false;
    await()
        .atMost(60, SECONDS)
        .until(() -> failures.size() > 0 || lines.stream().allMatch(Line::isDrained));
    receiving = false;
    for (Thread thread : threads) {
      thread.join(SECONDS.toMillis(60));
      assertThat(thread.isAlive()).isFalse();
    }
    network.close();
    assertThat(failures).isEmpty();
    for (Line line : lines) {
      assertThat(line.sent).as("seed %s", SEED).isNotEmpty();
      line.check();
    }
    assertThat(network.connections()).isGreaterThan(10);
  }
}
