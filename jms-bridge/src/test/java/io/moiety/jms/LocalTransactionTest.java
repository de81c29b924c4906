package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.jms.AlsoOverABreakingNetwork.Excepted;
import jakarta.jms.Connection;
import jakarta.jms.IllegalStateException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@AlsoOverABreakingNetwork
class LocalTransactionTest {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  private Connection connection;
  private Session session;
  private Session observer;
  private Queue in;
  private Queue out;

  @BeforeEach
  void connect() throws Exception {
    connection = BROKER.factory().createConnection();
    connection.start();
    session = connection.createSession(Session.SESSION_TRANSACTED);
    observer = connection.createSession();
    in = new MoietyQueue(EmbeddedBroker.uniqueName("in"));
    out = new MoietyQueue(EmbeddedBroker.uniqueName("out"));
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
  }

  private String observed(Queue queue) throws Exception {
    try (MessageConsumer consumer = observer.createConsumer(queue)) {
      TextMessage message = (TextMessage) consumer.receiveNoWait();
      return message == null ? null : message.getText();
    }
  }

  @Test
  void sendsAreVisibleOnlyAfterCommit() throws Exception {
    MessageProducer producer = session.createProducer(out);
    producer.send(session.createTextMessage("1"));
    producer.send(session.createTextMessage("2"));
    assertThat(observed(out)).isNull();
    session.commit();
    assertThat(observed(out)).isEqualTo("1");
    assertThat(observed(out)).isEqualTo("2");
  }

  @Test
  @Excepted(because = "counts what all its transactions cost, of which losses undo some")
  void transactionTakesOneForceOfTheDiskWhateverIsInIt() throws Exception {
    MessageProducer producer = session.createProducer(out);
    int transactions = 50;
    long before = BROKER.forces();
    long beginNanos = System.nanoTime();
    for (int transaction = 0; transaction < transactions; transaction++) {
      for (int message = 0; message < 10; message++) {
        producer.send(session.createTextMessage("text"));
      }
      session.commit();
    }
    long byTheClock = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNanos) / 250;
    assertThat(BROKER.forces() - before)
        .isBetween((long) transactions, transactions * 6L / 5 + byTheClock);
  }

  @Test
  void rolledBackSendsAreNeverSeenAndTheNextTransactionWorks() throws Exception {
    MessageProducer producer = session.createProducer(out);
    producer.send(session.createTextMessage("rolled back"));
    session.rollback();
    producer.send(session.createTextMessage("committed"));
    session.commit();
    assertThat(observed(out)).isEqualTo("committed");
    assertThat(observed(out)).isNull();
  }

  @Test
  void receiveAndSendAreOneDecision() throws Exception {
    observer.createProducer(in).send(observer.createTextMessage("order"));
    MessageConsumer consumer = session.createConsumer(in);
    MessageProducer producer = session.createProducer(out);

    TextMessage first = (TextMessage) consumer.receive(5_000);
    producer.send(session.createTextMessage("invoice for " + first.getText()));
    session.rollback();
    assertThat(observed(out)).isNull();

    TextMessage again = (TextMessage) consumer.receive(5_000);
    assertThat(again.getIntProperty("JMSXDeliveryCount")).isEqualTo(2);
    producer.send(session.createTextMessage("invoice for " + again.getText()));
    session.commit();
    assertThat(observed(out)).isEqualTo("invoice for order");
    assertThat(observed(in)).isNull();
  }

  @Test
  void closingTheSessionRollsBack() throws Exception {
    observer.createProducer(in).send(observer.createTextMessage("order"));
    assertThat(session.createConsumer(in).receive(5_000)).isNotNull();
    session.createProducer(out).send(session.createTextMessage("lost"));
    session.close();
    assertThat(observed(out)).isNull();
    assertThat(observed(in)).isEqualTo("order");
  }

  @Excepted(because = "no connection lives as long as a transaction of a thousand messages")
  @Test
  void largeTransactionIsCommittedAsAWhole() throws Exception {
    MessageProducer producer = session.createProducer(out);
    for (int i = 0; i < 1_000; i++) {
      producer.send(session.createTextMessage(Integer.toString(i)));
    }
    session.commit();
    try (MessageConsumer consumer = observer.createConsumer(out)) {
      for (int i = 0; i < 1_000; i++) {
        assertThat(((TextMessage) consumer.receive(5_000)).getText())
            .isEqualTo(Integer.toString(i));
      }
      assertThat(consumer.receiveNoWait()).isNull();
    }
  }

  @Test
  void callsOfTheOtherKindOfSessionAreRefused() {
    assertThatThrownBy(session::recover).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(observer::commit).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(observer::rollback).isInstanceOf(IllegalStateException.class);
  }
}
