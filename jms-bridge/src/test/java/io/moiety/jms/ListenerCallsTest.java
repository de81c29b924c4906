package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What may be called in a listener and beside one, what waits for it, and what is refused. */
class ListenerCallsTest extends ListenedQueue {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  ListenerCallsTest() {
    super(BROKER);
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

  private static String refused(RefusedCalls.Call call) {
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
              RefusedCalls.add(connection::stop, refused);
              RefusedCalls.add(connection::close, refused);
              RefusedCalls.add(session::close, refused);
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
}
