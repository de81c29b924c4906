package io.moiety.jms;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What a connection with a reconnect timeout keeps when the network is bad, and when it gives up.
 */
class ReconnectTest extends OverABadNetwork {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  ReconnectTest() {
    super(BROKER);
  }

  @Test
  void sessionsProducersAndConsumersGoOnAfterCuts() throws Exception {
    Session session = connection.createSession();
    MessageProducer producer = session.createProducer(queue);
    MessageConsumer consumer = session.createConsumer(queue);
    for (int i = 0; i < 5; i++) {
      producer.send(session.createTextMessage("m" + i));
      assertThat(receive(consumer)).isEqualTo("m" + i);
      // Until another receive has returned, the last message may come again.
      assertThat(consumer.receiveNoWait()).isNull();
      network.cut();
    }
    assertThat(left()).isEmpty();
  }

  @Test
  void exceptionListenerIsNotToldOfWhatIsMadeGoodAgain() throws Exception {
    network.cut();
    awaitLoss(connection);
    send(connection.createSession(), queue, "a");
    assertThat(told).isEmpty();
  }

  @Test
  void withoutTheTimeoutALossIsFinal() throws Exception {
    MoietyConnectionFactory factory = factory();
    factory.setReconnectTimeoutMillis(0);
    try (Connection once = connect(factory)) {
      Session session = once.createSession();
      network.cut();
      await().atMost(30, SECONDS).until(() -> told.size() == 1);
      assertThatThrownBy(() -> send(session, queue, "a")).isInstanceOf(JMSException.class);
    }
  }

  @Test
  void temporaryQueueIsThereAgain() throws Exception {
    Session session = connection.createSession();
    TemporaryQueue replies = session.createTemporaryQueue();
    MessageConsumer consumer = session.createConsumer(replies);
    network.cut();
    awaitLoss(connection);
    send(session, replies, "reply");
    assertThat(receive(consumer)).isEqualTo("reply");
    consumer.close();
    replies.delete();
  }

  @Test
  void theNextAddressServesWhenTheFirstDoesNot() throws Exception {
    try (FaultyNetwork second = FaultyNetwork.before(BROKER)) {
      MoietyConnectionFactory factory = factory();
      factory.setAddresses(network.address() + "," + second.address());
      try (Connection both = connect(factory)) {
        Session session = both.createSession();
        send(session, queue, "a");
        network.down(true);
        send(session, queue, "b");
        assertThat(second.connections()).isPositive();
      }
    }
    assertThat(left()).containsExactly("a", "b");
  }

  @Test
  void brokerThatStartsAgainIsFound() throws Exception {
    Session session = connection.createSession();
    TemporaryQueue replies = session.createTemporaryQueue();
    MessageConsumer consumer = session.createConsumer(queue);
    send(session, queue, "a");
    BROKER.restart();
    send(session, queue, "b");
    assertThat(receive(consumer)).isEqualTo("a");
    assertThat(receive(consumer)).isEqualTo("b");
    assertThatCode(() -> send(session, replies, "reply")).doesNotThrowAnyException();
  }

  @Test
  void closeDoesNotWaitForTheConnectionThatIsLost() throws Exception {
    Session session = connection.createSession(Session.SESSION_TRANSACTED);
    session.createConsumer(queue);
    session.createTemporaryQueue();
    send(session, queue, "a");
    network.down(true);
    awaitLoss(connection);
    long beganNanos = System.nanoTime();
    connection.close();
    assertThat(System.nanoTime() - beganNanos).isLessThan(SECONDS.toNanos(10));
    assertThat(told).isEmpty();
  }

  @Test
  void givesUpWhenItsTimeIsOverAndSaysSo() throws Exception {
    MoietyConnectionFactory factory = factory();
    factory.setReconnectTimeoutMillis(300);
    factory.setRequestTimeoutMillis(5_000);
    connection.close();
    try (Connection shortly = connect(factory)) {
      Session session = shortly.createSession();
      network.down(true);
      await().atMost(30, SECONDS).until(() -> told.size() == 1);
      assertThat(told.get(0)).hasMessageContaining("could not be made again for 300 ms");
      assertThatThrownBy(() -> send(session, queue, "a")).isInstanceOf(JMSException.class);
    }
  }
}
