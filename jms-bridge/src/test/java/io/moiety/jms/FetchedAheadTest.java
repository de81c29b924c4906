package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What a consumer holds ahead and does not take is not kept from others, and does not come before
 * what went back.
 */
class FetchedAheadTest extends ListenedQueue {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  /** So many receives in a row hold the rest of {@link #ALL} ahead. */
  private static final int MANY = 15;

  private static final int ALL = 22;

  /** So many are fetched for a listener at first. */
  private static final int FETCHED = 16;

  FetchedAheadTest() {
    super(BROKER);
  }

  private static List<String> deliveries(int from, int to, int delivery) {
    return IntStream.range(from, to).mapToObj(i -> i + "x" + delivery).toList();
  }

  private void receive(MessageConsumer consumer, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      Message message = consumer.receive(10_000);
      assertThat(message).describedAs("the one after " + seen).isNotNull();
      see(message);
    }
  }

  private void receiveByAnother(int count) throws Exception {
    try (Connection other = BROKER.factory().createConnection()) {
      other.start();
      receive(other.createSession().createConsumer(queue), count);
    }
  }

  @Test
  void whatNoReceiveTakesComesToOthersInOrderAndUncounted() throws Exception {
    connection.start();
    while (!receivesManyWithoutPause()) {
      seen.clear();
    }
    receiveByAnother(ALL - MANY);
    assertThat(seen).containsExactlyElementsOf(deliveries(0, ALL, 1));
  }

  /**
   * On a new queue. False when the machine made a pause that receives ahead may take for the
   * application's: the rest is not held ahead then.
   */
  private boolean receivesManyWithoutPause() throws Exception {
    queue = session.createQueue(EmbeddedBroker.uniqueName("ahead"));
    send(ALL);
    MessageConsumer consumer = session.createConsumer(queue);
    boolean paused = false;
    for (int i = 0; i < MANY; i++) {
      long beginNanos = System.nanoTime();
      receive(consumer, 1);
      paused |= System.nanoTime() - beginNanos > ReceiveAhead.PAUSE_NANOS / 2;
    }
    return !paused;
  }

  @Test
  void whatAListenerHeldComesToOthersWhenItIsTakenAway() throws Exception {
    send(FETCHED);
    CountDownLatch called = new CountDownLatch(1);
    CountDownLatch takenAway = new CountDownLatch(1);
    MessageConsumer consumer = session.createConsumer(queue);
    consumer.setMessageListener(
        message -> {
          see(message);
          called.countDown();
          awaitLatch(takenAway);
        });
    connection.start();
    awaitLatch(called);
    consumer.setMessageListener(null);
    takenAway.countDown();
    receiveByAnother(FETCHED - 1);
    assertThat(seen).containsExactlyElementsOf(deliveries(0, FETCHED, 1));
  }

  @Test
  void whatComesForAListenerThatWasTakenAwayGoesToOthers() throws Exception {
    MessageConsumer consumer = session.createConsumer(queue);
    listenToOne(consumer);
    consumer.setMessageListener(null);
    send(1);
    receiveByAnother(1);
    assertThat(seen).containsExactly("0x1", "0x1");
  }

  /** When the listener has its message, the broker is asked for the next ones. */
  private void listenToOne(MessageConsumer consumer) throws Exception {
    consumer.setMessageListener(this::see);
    connection.start();
    send(1);
    awaitSeen(1);
  }

  @Test
  void receivesBehindAListenerEndInTheirTime() throws Exception {
    MessageConsumer consumer = session.createConsumer(queue);
    listenToOne(consumer);
    consumer.setMessageListener(null);
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          assertThat(consumer.receiveNoWait()).isNull();
          assertThat(consumer.receive(1)).isNull();
        });
    send(1);
    receive(consumer, 1);
    assertThat(seen).containsExactly("0x1", "0x1");
  }

  @Test
  void whatAListenerHeldComesToOthersWhenItsConnectionIsStopped() throws Exception {
    send(FETCHED);
    CountDownLatch called = new CountDownLatch(1);
    session
        .createConsumer(queue)
        .setMessageListener(
            message -> {
              see(message);
              if (seen.size() == 1) {
                called.countDown();
                awaitStopping();
              }
            });
    connection.start();
    awaitLatch(called);
    connection.stop();
    receiveByAnother(FETCHED - 1);
    assertThat(seen).containsExactlyElementsOf(deliveries(0, FETCHED, 1));
  }

  /** The stop waits for the listener, which gets no other message. */
  private void awaitStopping() {
    DeliveryGate gate = ((JmsSession) session).gate();
    await()
        .until(
            () -> {
              gate.lock();
              try {
                return !gate.isStarted();
              } finally {
                gate.unlock();
              }
            });
  }

  @Test
  void whatComesForAReceiveThatIsStoppedGoesToOthers() throws Exception {
    MessageConsumer consumer = session.createConsumer(queue);
    connection.start();
    CompletableFuture<Message> received = receiving(consumer);
    connection.stop();
    send(1);
    receiveByAnother(1);
    connection.start();
    send(1);
    see(received.get(10, TimeUnit.SECONDS));
    assertThat(seen).containsExactly("0x1", "0x1");
  }

  /** When it returns, the broker is asked. */
  private static CompletableFuture<Message> receiving(MessageConsumer consumer) {
    CompletableFuture<Message> received =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return consumer.receive(60_000);
              } catch (JMSException failure) {
                throw new CompletionException(failure);
              }
            });
    await().until(() -> ((JmsConsumer) consumer).inbox().isAwaited());
    return received;
  }

  @Test
  void whatIsRolledBackComesBeforeIt() throws Exception {
    send(ALL);
    connection.start();
    try (Session transacted = connection.createSession(Session.SESSION_TRANSACTED)) {
      MessageConsumer consumer = transacted.createConsumer(queue);
      for (int i = 0; i < MANY; i++) {
        receive(consumer, 1);
        transacted.commit();
      }
      receive(consumer, 2);
      transacted.rollback();
      receive(consumer, ALL - MANY);
      transacted.commit();
    }
    assertThat(seen.subList(0, MANY + 2)).isEqualTo(deliveries(0, MANY + 2, 1));
    assertThat(seen.subList(MANY + 2, MANY + 4)).isEqualTo(deliveries(MANY, MANY + 2, 2));
    assertThat(seen.subList(MANY + 4, ALL + 2)).isEqualTo(deliveries(MANY + 2, ALL, 1));
  }
}
