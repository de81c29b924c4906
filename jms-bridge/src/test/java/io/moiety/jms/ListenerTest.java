package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.jms.Connection;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class ListenerTest {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  private Connection connection;
  private Session session;
  private Queue queue;
  private final List<String> seen = new CopyOnWriteArrayList<>();

  @BeforeEach
  void connect() throws Exception {
    connection = BROKER.factory().createConnection();
    session = connection.createSession();
    queue = session.createQueue(EmbeddedBroker.uniqueName("listened"));
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
  }

  private void send(int count) throws Exception {
    try (Session sending = connection.createSession();
        MessageProducer producer = sending.createProducer(queue)) {
      for (int i = 0; i < count; i++) {
        producer.send(sending.createTextMessage(Integer.toString(i)));
      }
    }
  }

  private void see(Message message) {
    try {
      seen.add(
          ((TextMessage) message).getText() + "x" + message.getIntProperty("JMSXDeliveryCount"));
    } catch (JMSException unexpected) {
      seen.add(unexpected.toString());
    }
  }

  private void awaitSeen(int count) {
    await().atMost(Duration.ofSeconds(20)).until(() -> seen.size() >= count);
  }

  @Test
  void allListenersOfSessionRunInOrderOnOneThread() throws Exception {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    Queue second = session.createQueue(EmbeddedBroker.uniqueName("listened"));
    session
        .createConsumer(queue)
        .setMessageListener(
            message -> {
              threads.add(Thread.currentThread());
              see(message);
            });
    session
        .createConsumer(second)
        .setMessageListener(message -> threads.add(Thread.currentThread()));
    session.createProducer(second).send(session.createMessage());
    connection.start();
    send(50);
    awaitSeen(50);
    assertThat(seen).hasSize(50).startsWith("0x1", "1x1").endsWith("48x1", "49x1");
    assertThat(threads).hasSize(1);
  }

  @Test
  void listenerThatThrowsAnErrorOrLeavesAnInterruptIsCalledAgain() throws Exception {
    session
        .createConsumer(queue)
        .setMessageListener(
            message -> {
              see(message);
              Thread.currentThread().interrupt();
              if (seen.size() == 1) {
                throw new AssertionError("once");
              }
            });
    connection.start();
    send(2);
    awaitSeen(3);
    assertThat(seen).containsExactly("0x1", "0x2", "1x1");
  }

  @Test
  void nothingIsDeliveredBeforeStartAndAfterStop() throws Exception {
    session.createConsumer(queue).setMessageListener(this::see);
    send(1);
    try (Session other = connection.createSession()) {
      assertThat(other.createConsumer(queue).receive(100)).isNull();
    }
    assertThat(seen).isEmpty();
    connection.start();
    awaitSeen(1);
    connection.stop();
    send(3);
    assertThat(seen).hasSize(1);
    connection.start();
    awaitSeen(4);
    assertThat(seen).containsExactly("0x1", "0x1", "1x1", "2x1");
  }

  @Test
  void stopWaitsForTheListenerToReturn() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch mayReturn = new CountDownLatch(1);
    session
        .createConsumer(queue)
        .setMessageListener(
            message -> {
              entered.countDown();
              awaitLatch(mayReturn);
              see(message);
            });
    connection.start();
    send(1);
    assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<Void> stopped =
        CompletableFuture.runAsync(
            () -> {
              try {
                connection.stop();
              } catch (JMSException failure) {
                throw new AssertionError(failure);
              }
            });
    assertThat(stopped).isNotDone();
    mayReturn.countDown();
    stopped.get(10, TimeUnit.SECONDS);
    assertThat(seen).containsExactly("0x1");
  }

  @Test
  void throwingListenerGetsTheMessageAgainFirst() throws Exception {
    session
        .createConsumer(queue)
        .setMessageListener(
            message -> {
              see(message);
              if (seen.size() == 2) {
                throw new IllegalArgumentException("on purpose");
              }
            });
    send(4);
    connection.start();
    awaitSeen(5);
    assertThat(seen).containsExactly("0x1", "1x1", "1x2", "2x1", "3x1");
  }

  @Test
  void rollbackInListenerBringsTheMessageAgainInOrder() throws Exception {
    Session transacted = connection.createSession(Session.SESSION_TRANSACTED);
    transacted
        .createConsumer(queue)
        .setMessageListener(
            message -> {
              see(message);
              try {
                if (seen.size() == 3) {
                  transacted.rollback();
                } else if (seen.size() % 2 == 0 || seen.size() > 3) {
                  transacted.commit();
                }
              } catch (JMSException failure) {
                seen.add(failure.toString());
              }
            });
    send(5);
    connection.start();
    awaitSeen(6);
    assertThat(seen).containsExactly("0x1", "1x1", "2x1", "2x2", "3x1", "4x1");
  }

  @Test
  void closedConsumerGivesBackWhatItHadFetched() throws Exception {
    send(10);
    CountDownLatch first = new CountDownLatch(1);
    MessageConsumer consumer = session.createConsumer(queue);
    consumer.setMessageListener(
        message -> {
          see(message);
          try {
            consumer.close();
          } catch (JMSException failure) {
            seen.add(failure.toString());
          }
          first.countDown();
        });
    connection.start();
    assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
    Session other = connection.createSession();
    TextMessage next = (TextMessage) other.createConsumer(queue).receive(5_000);
    assertThat(next.getText()).isEqualTo("1");
    assertThat(next.getIntProperty("JMSXDeliveryCount")).isEqualTo(1);
    assertThat(seen).containsExactly("0x1");
  }

  @Test
  void closeOfConsumerWaitsForItsListener() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch mayReturn = new CountDownLatch(1);
    MessageConsumer consumer = session.createConsumer(queue);
    consumer.setMessageListener(
        message -> {
          entered.countDown();
          awaitLatch(mayReturn);
          see(message);
        });
    connection.start();
    send(2);
    assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<List<String>> closed =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                consumer.close();
                return List.copyOf(seen);
              } catch (JMSException failure) {
                throw new AssertionError(failure);
              }
            });
    await()
        .until(
            () -> closed.isDone() || refused(consumer::getMessageListener).contains("is closed"));
    assertThat(closed).isNotDone();
    mayReturn.countDown();
    assertThat(closed.get(10, TimeUnit.SECONDS)).containsExactly("0x1");
    TextMessage next =
        (TextMessage) connection.createSession().createConsumer(queue).receive(5_000);
    assertThat(next.getText()).isEqualTo("1");
    assertThat(next.getJMSRedelivered()).isFalse();
    assertThat(seen).containsExactly("0x1");
  }

  @Test
  void messageWhoseListenerReceivesAnotherAndThrowsComesAgain() throws Exception {
    Queue second = session.createQueue(EmbeddedBroker.uniqueName("listened"));
    MessageConsumer other = session.createConsumer(second);
    session
        .createConsumer(queue)
        .setMessageListener(
            message -> {
              see(message);
              try {
                Message inside = other.receive(5_000);
                if (inside != null && seen.size() == 1) {
                  throw new IllegalArgumentException("on purpose");
                }
              } catch (JMSException failure) {
                seen.add(failure.toString());
              }
            });
    try (Session sending = connection.createSession()) {
      MessageProducer producer = sending.createProducer(second);
      producer.send(sending.createMessage());
      producer.send(sending.createMessage());
    }
    connection.start();
    send(1);
    awaitSeen(2);
    assertThat(seen).containsExactly("0x1", "0x2");
  }

  @Test
  void contextIsClosedWhileItsListenerUsesIt() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch mayGoOn = new CountDownLatch(1);
    JMSContext context = BROKER.factory().createContext(JMSContext.SESSION_TRANSACTED);
    context
        .createConsumer(queue)
        .setMessageListener(
            message -> {
              entered.countDown();
              awaitLatch(mayGoOn);
              context.createTextMessage("made while closing");
              context.commit();
              see(message);
            });
    send(1);
    assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
    Thread closer = new Thread(context::close);
    closer.start();
    await().until(() -> closer.getState() == Thread.State.WAITING);
    mayGoOn.countDown();
    closer.join(10_000);
    assertThat(closer.isAlive()).isFalse();
    assertThat(seen).containsExactly("0x1");
  }

  @Test
  void contextCannotBeClosedByItsOwnListenerAndGoesOn() throws Exception {
    List<Exception> refused = new CopyOnWriteArrayList<>();
    try (JMSContext context = BROKER.factory().createContext()) {
      context
          .createConsumer(queue)
          .setMessageListener(
              message -> {
                try {
                  context.close();
                } catch (IllegalStateRuntimeException refusal) {
                  refused.add(refusal);
                }
                see(message);
              });
      send(2);
      awaitSeen(2);
      assertThat(refused).hasSize(2);
      assertThat(context.createTextMessage()).isNotNull();
    }
  }

  private static String refused(Call call) {
    try {
      call.run();
      return "";
    } catch (JMSException refusal) {
      return refusal.getMessage();
    }
  }

  @Test
  void callsThatWouldWaitForThemselvesAreRefused() throws Exception {
    List<Exception> refused = new CopyOnWriteArrayList<>();
    session
        .createConsumer(queue)
        .setMessageListener(
            message -> {
              refusedBy(connection::stop, refused);
              refusedBy(connection::close, refused);
              refusedBy(session::close, refused);
              see(message);
            });
    connection.start();
    send(1);
    awaitSeen(1);
    assertThat(refused).hasSize(3).allMatch(IllegalStateException.class::isInstance);
  }

  @Test
  void receiveOfConsumerWithListenerIsRefused() throws Exception {
    MessageConsumer consumer = session.createConsumer(queue);
    consumer.setMessageListener(this::see);
    assertThatThrownBy(consumer::receiveNoWait).isInstanceOf(IllegalStateException.class);
    consumer.setMessageListener(null);
    connection.start();
    send(1);
    assertThat(consumer.receive(5_000)).isNotNull();
  }

  @Test
  void listenerIsRefusedWhileAReceiveWaits() throws Exception {
    connection.start();
    MessageConsumer consumer = session.createConsumer(queue);
    CompletableFuture<Message> received = new CompletableFuture<>();
    Thread receiver =
        new Thread(
            () -> {
              try {
                received.complete(consumer.receive());
              } catch (JMSException failed) {
                received.completeExceptionally(failed);
              }
            });
    receiver.start();
    await()
        .until(
            () ->
                receiver.getState() == Thread.State.TIMED_WAITING
                    || receiver.getState() == Thread.State.WAITING);
    assertThatThrownBy(() -> consumer.setMessageListener(this::see))
        .isInstanceOf(IllegalStateException.class);
    send(1);
    assertThat(received.get(20, TimeUnit.SECONDS)).isNotNull();
    receiver.join();
    consumer.setMessageListener(this::see);
    send(1);
    awaitSeen(1);
  }

  @Test
  void closingEndsWaitingReceives() throws Exception {
    connection.start();
    MessageConsumer consumer = session.createConsumer(queue);
    CompletableFuture<Message> received =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return consumer.receive();
              } catch (JMSException failure) {
                throw new AssertionError(failure);
              }
            });
    await().pollDelay(Duration.ofMillis(100)).until(() -> !received.isDone());
    session.close();
    assertThat(received.get(10, TimeUnit.SECONDS)).isNull();
  }

  @Test
  void lostConnectionIsToldToTheExceptionListenerOnce() throws Exception {
    List<JMSException> told = new CopyOnWriteArrayList<>();
    connection.setExceptionListener(told::add);
    connection.start();
    MessageConsumer consumer = session.createConsumer(queue);
    consumer.setMessageListener(this::see);
    BROKER.restart();
    await().atMost(Duration.ofSeconds(10)).until(() -> !told.isEmpty());
    assertThat(told).hasSize(1);
    assertThat(told.get(0)).hasMessageContaining("make a new one");
    assertThatThrownBy(() -> session.createProducer(new MoietyQueue("anything")))
        .isInstanceOf(JMSException.class);
    consumer.close();
    session.close();
    connection.close();
  }

  private interface Call {
    void run() throws JMSException;
  }

  private static void refusedBy(Call call, List<Exception> refused) {
    try {
      call.run();
    } catch (JMSException refusal) {
      refused.add(refusal);
    }
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }
}
