package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
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

  private final class Recording implements CompletionListener {
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
            refusedBy(session::close, refused);
            refusedBy(session::commit, refused);
            refusedBy(session::rollback, refused);
            refusedBy(connection::close, refused);
            refusedBy(producer::close, refused);
          }

          @Override
          public void onException(Message message, Exception exception) {}
        });
    session.commit();
    assertThat(refused).hasSize(5).allMatch(IllegalStateException.class::isInstance);
  }

  @Test
  void listenerIsRequired() throws Exception {
    Session session = connection.createSession();
    MessageProducer producer = session.createProducer(queue);
    assertThatThrownBy(() -> producer.send(session.createMessage(), null))
        .isInstanceOf(IllegalArgumentException.class);
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
}
