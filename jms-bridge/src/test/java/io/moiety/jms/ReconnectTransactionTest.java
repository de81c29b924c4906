package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.Connection;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.TransactionRolledBackException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a loss does to transactions of a connection with a reconnect timeout. */
class ReconnectTransactionTest extends OverABadNetwork {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  ReconnectTransactionTest() {
    super(BROKER);
  }

  @Test
  void openTransactionIsRolledBackAsAWholeAndTheSessionGoesOn() throws Exception {
    Session session = connection.createSession(Session.SESSION_TRANSACTED);
    MessageProducer producer = session.createProducer(queue);
    producer.send(session.createTextMessage("lost"));
    network.cut();
    awaitLoss(connection);
    assertThatThrownBy(() -> producer.send(session.createTextMessage("half")))
        .isInstanceOf(TransactionRolledBackException.class);
    assertThatThrownBy(session::commit).isInstanceOf(TransactionRolledBackException.class);
    producer.send(session.createTextMessage("whole"));
    session.commit();
    assertThat(left()).containsExactly("whole");
  }

  @Test
  void receivedInATransactionThatALossUndidComesAgain() throws Exception {
    Session session = connection.createSession(Session.SESSION_TRANSACTED);
    try (Session other = connection.createSession()) {
      send(other, queue, "a", "b");
    }
    MessageConsumer consumer = session.createConsumer(queue);
    assertThat(receive(consumer)).isEqualTo("a");
    network.cut();
    awaitLoss(connection);
    assertThatThrownBy(session::commit).isInstanceOf(TransactionRolledBackException.class);
    Message again = consumer.receive(10_000);
    assertThat(((TextMessage) again).getText()).isEqualTo("a");
    assertThat(again.getJMSRedelivered()).isTrue();
    session.commit();
    session.close();
    assertThat(left()).containsExactly("b");
  }

  @Test
  void rollbackAfterALossMakesTheSessionUsableAtOnce() throws Exception {
    Session session = connection.createSession(Session.SESSION_TRANSACTED);
    send(session, queue, "lost");
    network.cut();
    awaitLoss(connection);
    session.rollback();
    send(session, queue, "kept");
    session.commit();
    assertThat(left()).containsExactly("kept");
  }

  @Test
  void everyCommitIsDecidedWhereverTheConnectionBreaks() throws Exception {
    Session session = connection.createSession(Session.SESSION_TRANSACTED);
    List<String> committed = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      if (i % 2 == 0) {
        network.cutAfterAnswers(1 + 31L * i % 500);
      } else {
        network.cutAfterRequests(1 + 41L * i % 1_500);
      }
      try {
        send(session, queue, i + "a", i + "b");
        session.commit();
        committed.addAll(List.of(i + "a", i + "b"));
      } catch (TransactionRolledBackException rolledBack) {
        session.rollback();
      }
    }
    assertThat(committed).isNotEmpty().hasSizeLessThan(80);
    assertThat(left()).containsExactlyElementsOf(committed);
  }

  @Test
  void everyCommitOfReceiptsIsDecidedWhereverTheConnectionBreaks() throws Exception {
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      sent.add("m" + i);
    }
    send(connection.createSession(), queue, sent.toArray(new String[0]));
    Session session = connection.createSession(Session.SESSION_TRANSACTED);
    MessageConsumer consumer = session.createConsumer(queue);
    List<String> committed = new ArrayList<>();
    AtomicInteger rolledBack = new AtomicInteger();
    for (int i = 0; committed.size() < 40; i++) {
      network.cutAfterAnswers(1 + 29L * i % 700);
      String text = receive(consumer);
      try {
        session.commit();
        committed.add(text);
      } catch (TransactionRolledBackException undone) {
        rolledBack.incrementAndGet();
      }
    }
    assertThat(committed).containsExactlyElementsOf(sent);
    assertThat(rolledBack).hasPositiveValue();
    session.close();
    assertThat(left()).isEmpty();
  }

  @Test
  void sendsAndCommitsOnAConnectionThatHangsAreDecidedOverTheNext() throws Exception {
    MoietyConnectionFactory factory = factory();
    factory.setRequestTimeoutMillis(3_000);
    try (Connection hanging = connect(factory)) {
      Session session = hanging.createSession();
      MessageProducer producer = session.createProducer(queue);
      producer.send(session.createTextMessage("a"));
      network.hang();
      producer.send(session.createTextMessage("b"));
      Session transacted = hanging.createSession(Session.SESSION_TRANSACTED);
      send(transacted, queue, "lost");
      network.hang();
      assertThatThrownBy(transacted::commit).isInstanceOf(TransactionRolledBackException.class);
      send(transacted, queue, "c");
      transacted.commit();
      assertThat(told).isEmpty();
    }
    assertThat(left()).containsExactly("a", "b", "c");
  }

  @Test
  void answersMayOvertakeEachOther() throws Exception {
    network.reorder(true);
    network.delay(1);
    Session session = connection.createSession(Session.SESSION_TRANSACTED);
    MessageConsumer consumer = session.createConsumer(queue);
    for (int i = 0; i < 20; i++) {
      send(session, queue, "a" + i, "b" + i, "c" + i);
      session.commit();
      assertThat(receive(consumer)).isEqualTo("a" + i);
      assertThat(receive(consumer)).isEqualTo("b" + i);
      assertThat(receive(consumer)).isEqualTo("c" + i);
    }
    session.commit();
    session.close();
    assertThat(left()).isEmpty();
  }
}
