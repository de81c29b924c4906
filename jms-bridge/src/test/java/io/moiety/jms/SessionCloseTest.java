package io.moiety.jms;

import static java.lang.Thread.State.NEW;
import static java.lang.Thread.State.RUNNABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moiety.client.BrokerException;
import io.moiety.protocol.ResponseCode;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.ResourceAllocationException;
import jakarta.jms.Session;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A session leaves nothing behind at the broker, whatever fails while it closes. */
class SessionCloseTest {

  private final FakeLink link = new FakeLink();

  private JmsConnection connect() throws JMSException {
    JmsConnection connection =
        new JmsConnection(
            new MoietyConnectionFactory().settings(),
            Domain.COMMON,
            (name, instance, events) -> CompletableFuture.completedFuture(link),
            Clock.systemUTC());
    connection.start();
    return connection;
  }

  @Test
  void closesTheBrokersSessionAlsoWhenItsTransactionCannotBeRolledBack() throws Exception {
    JmsConnection connection = connect();
    Session session = connection.createSession(Session.SESSION_TRANSACTED);
    session.createConsumer(session.createQueue("orders"));
    session
        .createProducer(session.createQueue("orders"))
        .send(session.createTextMessage("part of a transaction"));
    link.failures.put("rollback", new BrokerException(ResponseCode.SYSTEM_ERROR, "broken"));

    assertThatThrownBy(session::close).isInstanceOf(JMSException.class);

    assertThat(link.requests).containsSubsequence("rollback", "closeSession");
    assertThatThrownBy(session::createTextMessage)
        .isInstanceOf(jakarta.jms.IllegalStateException.class);
    connection.close();
  }

  @Test
  void connectionThatIsLostWhileItClosesIsClosedWithoutFailure() throws Exception {
    JmsConnection connection = connect();
    Session session = connection.createSession();
    session.createConsumer(session.createQueue("orders"));
    link.lostAtClose = true;
    link.failures.put("closeSession", new LinkLostException("the broker was stopped"));

    connection.close();

    assertThat(link.requests).contains("closeSession");
    assertThatThrownBy(connection::getMetaData)
        .isInstanceOf(jakarta.jms.IllegalStateException.class);
  }

  @Test
  void connectionThatCannotBeClosedAsItShouldSaysWhy() throws Exception {
    JmsConnection connection = connect();
    Session session = connection.createSession();
    session.createConsumer(session.createQueue("orders"));
    link.failures.put("closeSession", new BrokerException(ResponseCode.SYSTEM_ERROR, "broken"));

    assertThatThrownBy(connection::close)
        .isInstanceOf(JMSException.class)
        .hasMessageContaining("broken");
  }

  /** Has received a message whose acknowledgement the broker refuses. */
  private MessageConsumer consumerWhoseAcknowledgementIsRefused(Session session) throws Exception {
    MessageConsumer consumer = session.createConsumer(session.createQueue("orders"));
    link.consumers.get(0).answeredAtOnce = List.of(Records.delivery(5, "x", 0));
    link.refuseNext("acknowledge", new BrokerException(ResponseCode.SYSTEM_BUSY, "too much"));
    assertThat(consumer.receive()).isNotNull();
    return consumer;
  }

  @Test
  void sessionIsClosedBehindItsLastAcknowledgementAndTellsItsRefusal() throws Exception {
    JmsConnection connection = connect();
    Session session = connection.createSession();
    consumerWhoseAcknowledgementIsRefused(session);

    assertThatThrownBy(session::close).isInstanceOf(ResourceAllocationException.class);

    assertThat(link.requests).containsSubsequence("acknowledge", "closeSession");
    connection.close();
  }

  @Test
  void closeOfSessionWaitsForTheAnswerToItsLastAcknowledgement() throws Exception {
    JmsConnection connection = connect();
    Session session = connection.createSession();
    MessageConsumer consumer = session.createConsumer(session.createQueue("orders"));
    link.consumers.get(0).answeredAtOnce = List.of(Records.delivery(5, "x", 0));
    link.acknowledgementsAnswered = new CompletableFuture<>();
    assertThat(consumer.receive()).isNotNull();

    Thread closing = new Thread(() -> close(session));
    closing.start();
    await().until(() -> closing.getState() != NEW && closing.getState() != RUNNABLE);
    assertThat(link.requests).doesNotContain("closeSession");
    link.acknowledgementsAnswered.complete(null);
    closing.join();

    assertThat(link.requests).containsSubsequence("acknowledge", "closeSession");
    connection.close();
  }

  private static void close(Session session) {
    try {
      session.close();
    } catch (JMSException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Test
  void closeOfConsumerGivesBackWhatTheBrokerDidNotLetItAcknowledge() throws Exception {
    JmsConnection connection = connect();
    Session session = connection.createSession();
    MessageConsumer consumer = consumerWhoseAcknowledgementIsRefused(session);

    assertThatThrownBy(consumer::close).isInstanceOf(ResourceAllocationException.class);

    assertThat(link.requests).endsWith("acknowledge", "closeConsumer", "recoverSession");
    connection.close();
  }

  @Test
  void listenerIsSetBehindTheLastAcknowledgement() throws Exception {
    JmsConnection connection = connect();
    Session session = connection.createSession();
    MessageConsumer consumer = consumerWhoseAcknowledgementIsRefused(session);

    assertThatThrownBy(() -> consumer.setMessageListener(message -> {}))
        .isInstanceOf(ResourceAllocationException.class);

    assertThat(consumer.getMessageListener()).isNull();
    connection.close();
  }
}
