package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.client.Branch;
import io.moiety.client.BrokerException;
import io.moiety.client.SendReceipt;
import io.moiety.client.SendStatus;
import io.moiety.jms.AlsoOverABreakingNetwork.Excepted;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.ResponseCode;
import jakarta.jms.BytesMessage;
import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
@AlsoOverABreakingNetwork
class AsynchronousSendTest {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  private Connection connection;
  private Queue queue;
  private final List<String> completed = new CopyOnWriteArrayList<>();

  @BeforeEach
  void connect() throws Exception {
    connection = BROKER.factory().createConnection();
    connection.start();
    queue = new MoietyQueue(EmbeddedBroker.uniqueName("async"));
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
  }

  private class Recording implements CompletionListener {
    @Override
    public void onCompletion(Message message) {
      try {
        completed.add(((TextMessage) message).getText());
      } catch (JMSException failure) {
        completed.add(failure.toString());
      }
    }

    @Override
    public void onException(Message message, Exception exception) {
      completed.add("failed: " + exception);
    }
  }

  @Test
  void completionsComeInTheOrderOfTheSendsAndCloseWaitsForThem() throws Exception {
    try (Session session = connection.createSession()) {
      MessageProducer producer = session.createProducer(queue);
      for (int i = 0; i < 200; i++) {
        producer.send(session.createTextMessage(Integer.toString(i)), new Recording());
      }
    }
    assertThat(completed).hasSize(200);
    for (int i = 0; i < 200; i++) {
      assertThat(completed.get(i)).isEqualTo(Integer.toString(i));
    }
  }

  @Test
  void commitWaitsForCompletionsAndDecidesAboutTheMessages() throws Exception {
    try (Session session = connection.createSession(Session.SESSION_TRANSACTED)) {
      MessageProducer producer = session.createProducer(queue);
      producer.send(session.createTextMessage("rolled back"), new Recording());
      session.rollback();
      producer.send(session.createTextMessage("committed"), new Recording());
      session.commit();
      assertThat(completed).containsExactly("rolled back", "committed");
    }
    MessageConsumer consumer = connection.createSession().createConsumer(queue);
    assertThat(((TextMessage) consumer.receive(5_000)).getText()).isEqualTo("committed");
    assertThat(consumer.receiveNoWait()).isNull();
  }

  @Test
  void callsThatWouldWaitForThemselvesAreRefused() throws Exception {
    List<Exception> refused = new CopyOnWriteArrayList<>();
    Session session = connection.createSession(Session.SESSION_TRANSACTED);
    MessageProducer producer = session.createProducer(queue);
    producer.send(
        session.createTextMessage("x"),
        new CompletionListener() {
          @Override
          public void onCompletion(Message message) {
            RefusedCalls.add(session::close, refused);
            RefusedCalls.add(session::commit, refused);
            RefusedCalls.add(session::rollback, refused);
            RefusedCalls.add(connection::close, refused);
            RefusedCalls.add(producer::close, refused);
          }

          @Override
          public void onException(Message message, Exception exception) {}
        });
    session.commit();
    assertThat(refused).hasSize(5).allMatch(IllegalStateException.class::isInstance);
  }

  @Test
  void contextMayBeStoppedByItsCompletionListenersButNotEnded() throws Exception {
    List<Exception> refused = new CopyOnWriteArrayList<>();
    CountDownLatch over = new CountDownLatch(1);
    try (JMSContext context = BROKER.factory().createContext()) {
      JMSProducer producer = context.createProducer();
      producer.setAsync(
          new Recording() {
            @Override
            public void onCompletion(Message message) {
              context.stop();
              for (Runnable call :
                  List.<Runnable>of(context::close, context::commit, context::rollback)) {
                try {
                  call.run();
                } catch (IllegalStateRuntimeException refusal) {
                  refused.add(refusal);
                }
              }
              over.countDown();
            }
          });
      producer.send(queue, "x");
      assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(refused).hasSize(3);
      producer.setAsync(null).send(queue, "still open");
    }
  }

  @Test
  void listenerReadsTheBodyThatWasReadyToBeReadAtTheSend() throws Exception {
    try (Session session = connection.createSession()) {
      BytesMessage bytes = session.createBytesMessage();
      bytes.writeInt(7);
      bytes.reset();
      session
          .createProducer(queue)
          .send(
              bytes,
              new Recording() {
                @Override
                public void onCompletion(Message message) {
                  try {
                    completed.add(Integer.toString(((BytesMessage) message).readInt()));
                  } catch (JMSException failure) {
                    completed.add(failure.toString());
                  }
                }
              });
    }
    assertThat(completed).containsExactly("7");
  }

  @Test
  void listenerIsRequired() throws Exception {
    Session session = connection.createSession();
    MessageProducer producer = session.createProducer(queue);
    assertThatThrownBy(() -> producer.send(session.createMessage(), null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Sends again from each completion, up to a number of messages in all. */
  private final class Chain extends Recording {
    private final Session session;
    private final MessageProducer producer;
    private final int until;

    Chain(Session session, MessageProducer producer, int until) {
      this.session = session;
      this.producer = producer;
      this.until = until;
    }

    @Override
    public void onCompletion(Message message) {
      completed.add("x");
      if (completed.size() <= until) {
        try {
          producer.send(session.createTextMessage("again"), new Recording());
        } catch (JMSException failure) {
          completed.add(failure.toString());
        }
      }
    }
  }

  @Excepted(because = "no connection lives until thousands of sends are decided")
  @Test
  void completionListenerSendsWhileAllRoomIsTaken() throws Exception {
    try (Session session = connection.createSession()) {
      MessageProducer producer = session.createProducer(queue);
      Chain chain = new Chain(session, producer, 1_000);
      for (int i = 0; i < 3_000; i++) {
        producer.send(session.createMessage(), chain);
      }
    }
    assertThat(completed).hasSizeGreaterThan(3_000).noneMatch(text -> text.startsWith("failed"));
  }

  @Test
  void sessionsCloseWaitsForTheCompletionsOfWhatItsListenerSends() throws Exception {
    Session session = connection.createSession();
    Queue listened = session.createQueue(EmbeddedBroker.uniqueName("async"));
    MessageProducer producer = session.createProducer(queue);
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch mayGoOn = new CountDownLatch(1);
    session
        .createConsumer(listened)
        .setMessageListener(
            message -> {
              entered.countDown();
              try {
                assertThat(mayGoOn.await(10, TimeUnit.SECONDS)).isTrue();
                producer.send(session.createTextMessage("by the listener"), new Recording());
              } catch (JMSException | InterruptedException failure) {
                completed.add(failure.toString());
              }
            });
    try (Session sending = connection.createSession()) {
      sending.createProducer(listened).send(sending.createMessage());
    }
    assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<List<String>> closed =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                session.close();
                return List.copyOf(completed);
              } catch (JMSException failure) {
                throw new AssertionError(failure);
              }
            });
    mayGoOn.countDown();
    assertThat(closed.get(10, TimeUnit.SECONDS)).containsExactly("by the listener");
  }

  @Test
  void failureIsToldToTheListenerOfItsSend() throws Exception {
    CompletionQueue queueOfCompletions = new CompletionQueue("completions-under-test");
    RuntimeException refused = new BrokerException(ResponseCode.SYSTEM_BUSY, "too much");
    for (RuntimeException failure : new RuntimeException[] {refused, null}) {
      CompletableFuture<SendReceipt> answer =
          failure == null
              ? CompletableFuture.completedFuture(new SendReceipt(SendStatus.OK, "i", 0, 0, "k"))
              : CompletableFuture.failedFuture(failure);
      queueOfCompletions.add(
          new JmsTextMessage("sent"), answer, new Recording(), queueOfCompletions.reserve());
    }
    queueOfCompletions.awaitAll();
    queueOfCompletions.close();
    assertThat(completed).hasSize(2);
    assertThat(completed.get(0)).contains("ResourceAllocationException", "too much");
    assertThat(completed.get(1)).isEqualTo("sent");
  }

  @Test
  void failureOfAnEarlierSendIsNotThrownByAnAsynchronousOne() throws Exception {
    BranchWork work =
        new BranchWork(new Branch(new BranchXid(1, new byte[] {1}, new byte[] {1}), 1));
    CompletableFuture<SendReceipt> failed =
        CompletableFuture.failedFuture(new BrokerException(ResponseCode.SYSTEM_ERROR, "broken"));
    work.sent(failed, 1);
    for (int i = 0; i < 300; i++) {
      work.sentAsynchronously(
          CompletableFuture.completedFuture(new SendReceipt(SendStatus.OK, "id", 0, 0, "key")), 1);
    }
    assertThatThrownBy(work::awaitSends).hasRootCauseInstanceOf(BrokerException.class);
    work.awaitSends();
  }
}
