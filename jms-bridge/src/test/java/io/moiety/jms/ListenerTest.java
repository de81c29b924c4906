package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What listeners are given, in which order and on which thread. */
class ListenerTest extends ListenedQueue {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  ListenerTest() {
    super(BROKER);
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
}
