package io.moiety.jms;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sends of a connection with a reconnect timeout, wherever the network breaks. */
class ReconnectSendTest extends OverABadNetwork {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  ReconnectSendTest() {
    super(BROKER);
  }

  @Test
  void everySendThatReturnsIsStoredOnceWhereverTheConnectionBreaks() throws Exception {
    Session session = connection.createSession();
    MessageProducer producer = session.createProducer(queue);
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      if (i % 2 == 0) {
        network.cutAfterRequests(1 + 37L * i % 900);
      } else {
        network.cutAfterAnswers(1 + 23L * i % 400);
      }
      producer.send(session.createTextMessage("m" + i));
      sent.add("m" + i);
    }
    assertThat(network.connections()).isGreaterThan(20);
    assertThat(left()).containsExactlyElementsOf(sent);
  }

  @Test
  void asynchronousSendsAreStoredOnceAndInOrder() throws Exception {
    Session session = connection.createSession();
    MessageProducer producer = session.createProducer(queue);
    List<String> sent = new ArrayList<>();
    List<String> completed = Collections.synchronizedList(new ArrayList<>());
    Completions completions = new Completions(completed);
    for (int i = 0; i < 2_000; i++) {
      if (i % 200 == 100) {
        network.cutAfterAnswers(500);
      }
      producer.send(session.createTextMessage("m" + i), completions);
      sent.add("m" + i);
    }
    await().atMost(60, SECONDS).until(() -> completed.size() == sent.size());
    assertThat(completions.failures).isEmpty();
    assertThat(completed).containsExactlyElementsOf(sent);
    assertThat(left()).containsExactlyElementsOf(sent);
  }

  private static final class Completions implements jakarta.jms.CompletionListener {

    private final List<String> completed;
    private final List<Exception> failures = new CopyOnWriteArrayList<>();

    Completions(List<String> completed) {
      this.completed = completed;
    }

    @Override
    public void onCompletion(Message message) {
      try {
        completed.add(((TextMessage) message).getText());
      } catch (JMSException unreadable) {
        failures.add(unreadable);
      }
    }

    @Override
    public void onException(Message message, Exception exception) {
      failures.add(exception);
      completed.add("failed");
    }
  }

  @Test
  void sendThatNoConnectionComesForFailsAndSaysThatItWasNotSent() throws Exception {
    MoietyConnectionFactory factory = factory();
    factory.setRequestTimeoutMillis(500);
    try (Connection impatient = connect(factory)) {
      Session session = impatient.createSession();
      MessageProducer producer = session.createProducer(queue);
      network.down(true);
      awaitLoss(impatient);
      assertThatThrownBy(() -> producer.send(session.createTextMessage("a")))
          .isInstanceOf(JMSException.class)
          .hasMessageContaining("was not sent");
      network.down(false);
      await()
          .atMost(30, SECONDS)
          .ignoreExceptions()
          .until(() -> session.createTemporaryQueue() != null);
      producer.send(session.createTextMessage("b"));
    }
    assertThat(left()).containsExactly("b");
  }
}
