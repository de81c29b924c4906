package io.moiety.jms;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moiety.protocol.BranchXid;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import jakarta.jms.TransactionRolledBackException;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a connection with a reconnect timeout keeps, and what not, when the network is bad. */
@Timeout(120)
class ReconnectTest {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  private final FaultyNetwork network = FaultyNetwork.before(BROKER);
  private final List<JMSException> told = new CopyOnWriteArrayList<>();
  private Connection connection;
  private Queue queue;

  @BeforeEach
  void connect() throws Exception {
    connection = connect(factory());
    queue = new MoietyQueue(EmbeddedBroker.uniqueName("reconnect"));
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
    network.close();
  }

  private MoietyConnectionFactory factory() {
    MoietyConnectionFactory factory = new MoietyConnectionFactory(network.address());
    factory.setReconnectTimeoutMillis(60_000);
    return factory;
  }

  private Connection connect(MoietyConnectionFactory factory) throws JMSException {
    Connection made = factory.createConnection();
    made.setExceptionListener(told::add);
    made.start();
    return made;
  }

  private static void send(Session session, Queue to, String... texts) throws JMSException {
    try (MessageProducer producer = session.createProducer(to)) {
      for (String text : texts) {
        producer.send(session.createTextMessage(text));
      }
    }
  }

  private static String receive(MessageConsumer consumer) throws JMSException {
    Message message = consumer.receive(10_000);
    return message == null ? "nothing" : ((TextMessage) message).getText();
  }

  /** What is in the queue, by a connection of its own. */
  private List<String> left() throws JMSException {
    List<String> texts = new ArrayList<>();
    try (Connection direct = BROKER.factory().createConnection();
        Session session = direct.createSession();
        MessageConsumer consumer = session.createConsumer(queue)) {
      direct.start();
      for (Message m = consumer.receiveNoWait(); m != null; m = consumer.receiveNoWait()) {
        texts.add(((TextMessage) m).getText());
      }
    }
    return texts;
  }

  private static void awaitLoss(Connection of) {
    Link link = ((JmsConnection) of).parts().link();
    await().atMost(30, SECONDS).until(() -> link.connectionNumber() > 0);
  }

  @Test
  void sessionsProducersAndConsumersGoOnAfterCuts() throws Exception {
    Session session = connection.createSession();
    MessageProducer producer = session.createProducer(queue);
    MessageConsumer consumer = session.createConsumer(queue);
    for (int i = 0; i < 5; i++) {
      producer.send(session.createTextMessage("m" + i));
      assertThat(receive(consumer)).isEqualTo("m" + i);
      network.cut();
    }
    assertThat(consumer.receiveNoWait()).isNull();
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
  void unacknowledgedMessagesComeAgainFirstInOrderAndMarked() throws Exception {
    Session session = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
    send(session, queue, "a", "b", "c", "d");
    MessageConsumer consumer = session.createConsumer(queue);
    Message a = consumer.receive(10_000);
    assertThat(receive(consumer)).isEqualTo("b");
    network.cut();
    awaitLoss(connection);
    assertThatThrownBy(a::acknowledge)
        .isInstanceOf(JMSException.class)
        .hasMessageContaining("come again");
    for (String text : List.of("a", "b")) {
      Message again = consumer.receive(10_000);
      assertThat(((TextMessage) again).getText()).isEqualTo(text);
      assertThat(again.getJMSRedelivered()).isTrue();
      assertThat(again.getIntProperty("JMSXDeliveryCount")).isGreaterThanOrEqualTo(2);
    }
    Message c = consumer.receive(10_000);
    assertThat(c.getJMSRedelivered()).isFalse();
    c.acknowledge();
    session.close();
    assertThat(left()).containsExactly("d");
  }

  @Test
  void acknowledgeDoesNotPassOverWhatHasNotComeAgainYet() throws Exception {
    Session session = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
    send(session, queue, "a", "b");
    MessageConsumer consumer = session.createConsumer(queue);
    assertThat(receive(consumer)).isEqualTo("a");
    assertThat(receive(consumer)).isEqualTo("b");
    network.cut();
    awaitLoss(connection);
    Message a = consumer.receive(10_000);
    assertThatThrownBy(a::acknowledge)
        .isInstanceOf(JMSException.class)
        .hasMessageContaining("the others are acknowledged");
    Message b = consumer.receive(10_000);
    assertThat(((TextMessage) b).getText()).isEqualTo("b");
    b.acknowledge();
    session.close();
    assertThat(left()).isEmpty();
  }

  @Test
  void acknowledgeSucceedsOnceAllHasComeAgain() throws Exception {
    Session session = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
    send(session, queue, "a", "b");
    MessageConsumer consumer = session.createConsumer(queue);
    assertThat(receive(consumer)).isEqualTo("a");
    assertThat(receive(consumer)).isEqualTo("b");
    network.cut();
    awaitLoss(connection);
    assertThat(receive(consumer)).isEqualTo("a");
    consumer.receive(10_000).acknowledge();
    session.close();
    assertThat(left()).isEmpty();
  }

  @Test
  void lazilyAcknowledgedMessagesAreNotLostAndOnlyThoseThatAreMarkedComeAgain() throws Exception {
    Session session = connection.createSession(Session.DUPS_OK_ACKNOWLEDGE);
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      sent.add("m" + i);
    }
    send(session, queue, sent.toArray(new String[0]));
    MessageConsumer consumer = session.createConsumer(queue);
    List<String> first = new ArrayList<>();
    for (int i = 0; first.size() < 100; i++) {
      if (i % 30 == 17) {
        network.cut();
      }
      Message message = consumer.receive(10_000);
      String text = ((TextMessage) message).getText();
      assertThat(first.contains(text)).isEqualTo(message.getJMSRedelivered());
      if (!first.contains(text)) {
        first.add(text);
      }
    }
    assertThat(first).containsExactlyElementsOf(sent);
    session.close();
    assertThat(left()).isEmpty();
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
  void listenerGoesOn() throws Exception {
    Session session = connection.createSession();
    List<String> heard = new CopyOnWriteArrayList<>();
    session
        .createConsumer(queue)
        .setMessageListener(
            message -> {
              try {
                heard.add(((TextMessage) message).getText());
              } catch (JMSException unreadable) {
                heard.add(unreadable.toString());
              }
            });
    Session sending = connection.createSession();
    for (int i = 0; i < 3; i++) {
      String text = "m" + i;
      send(sending, queue, text);
      await().atMost(30, SECONDS).until(() -> heard.contains(text));
      network.cut();
    }
    assertThat(told).isEmpty();
  }

  @Test
  void ownDeadConnectionKeepsNobodyOutOfItsDurableSubscription() throws Exception {
    MoietyConnectionFactory factory = factory();
    factory.setClientId(EmbeddedBroker.uniqueName("client"));
    factory.setRequestTimeoutMillis(2_000);
    Topic topic = new MoietyTopic(EmbeddedBroker.uniqueName("topic"));
    try (Connection durable = connect(factory)) {
      Session session = durable.createSession();
      MessageConsumer subscriber = session.createDurableConsumer(topic, "s");
      assertThat(subscriber.receiveNoWait()).isNull();
      // The broker hears of nothing, so that for it the older connection is there.
      network.hang();
      assertThatThrownBy(() -> session.createProducer(topic).send(session.createMessage()))
          .isInstanceOf(JMSException.class);
      network.cutClients();
      session.createProducer(topic).send(session.createTextMessage("a"));
      assertThat(receive(subscriber)).isEqualTo("a");
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
  void durableSubscriptionLosesNothingThatIsPublishedMeanwhile() throws Exception {
    MoietyConnectionFactory factory = factory();
    factory.setClientId(EmbeddedBroker.uniqueName("client"));
    Topic topic = new MoietyTopic(EmbeddedBroker.uniqueName("topic"));
    try (Connection durable = connect(factory);
        Connection direct = BROKER.factory().createConnection();
        Session publishing = direct.createSession()) {
      MessageConsumer subscriber = durable.createSession().createDurableConsumer(topic, "s");
      MessageProducer publisher = publishing.createProducer(topic);
      publisher.send(publishing.createTextMessage("a"));
      assertThat(receive(subscriber)).isEqualTo("a");
      network.down(true);
      publisher.send(publishing.createTextMessage("b"));
      network.down(false);
      publisher.send(publishing.createTextMessage("c"));
      assertThat(receive(subscriber)).isEqualTo("b");
      assertThat(receive(subscriber)).isEqualTo("c");
      assertThat(subscriber.receiveNoWait()).isNull();
    }
  }

  private static Xid newXid() {
    byte[] global = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
    return new BranchXid(4711, global, new byte[] {1});
  }

  private XAConnection connectXa() throws JMSException {
    MoietyXAConnectionFactory factory = new MoietyXAConnectionFactory(network.address());
    factory.setReconnectTimeoutMillis(60_000);
    XAConnection made = factory.createXAConnection();
    made.start();
    return made;
  }

  @Test
  void branchThatWasNotPreparedCanOnlyBeRolledBackAndTheSessionGoesOn() throws Exception {
    try (XAConnection xa = connectXa();
        XASession session = xa.createXASession()) {
      send(connection.createSession(), queue, "received");
      XAResource resource = session.getXAResource();
      MessageConsumer consumer = session.createConsumer(queue);
      Queue target = new MoietyQueue(EmbeddedBroker.uniqueName("xa"));
      Xid lost = newXid();
      resource.start(lost, XAResource.TMNOFLAGS);
      assertThat(receive(consumer)).isEqualTo("received");
      send(session, target, "lost");
      network.cut();
      awaitLoss(xa);
      assertThatThrownBy(
              () -> {
                resource.end(lost, XAResource.TMSUCCESS);
                resource.prepare(lost);
              })
          .isInstanceOfSatisfying(
              XAException.class,
              thrown ->
                  assertThat(thrown.errorCode)
                      .isBetween(XAException.XA_RBBASE, XAException.XA_RBEND));

      Xid next = newXid();
      resource.start(next, XAResource.TMNOFLAGS);
      Message again = consumer.receive(10_000);
      assertThat(again.getJMSRedelivered()).isTrue();
      send(session, target, "kept");
      resource.end(next, XAResource.TMSUCCESS);
      assertThat(resource.prepare(next)).isEqualTo(XAResource.XA_OK);
      network.cut();
      resource.commit(next, false);
      MessageConsumer observer = connection.createSession().createConsumer(target);
      assertThat(receive(observer)).isEqualTo("kept");
      assertThat(observer.receiveNoWait()).isNull();
    }
    assertThat(left()).isEmpty();
  }

  @Test
  void everyPreparedBranchIsCommittedOnceWhereverTheConnectionBreaks() throws Exception {
    List<String> committed = new ArrayList<>();
    try (XAConnection xa = connectXa();
        XASession session = xa.createXASession()) {
      XAResource resource = session.getXAResource();
      for (int i = 0; i < 20; i++) {
        Xid xid = newXid();
        resource.start(xid, XAResource.TMNOFLAGS);
        send(session, queue, "m" + i);
        resource.end(xid, XAResource.TMSUCCESS);
        assertThat(resource.prepare(xid)).isEqualTo(XAResource.XA_OK);
        if (i % 2 == 0) {
          network.cutAfterRequests(1 + 13L * i);
        } else {
          network.cutAfterAnswers(1 + 7L * i);
        }
        commitAsAManagerDoes(resource, xid);
        committed.add("m" + i);
        awaitWorking();
      }
    }
    assertThat(left()).containsExactlyElementsOf(committed);
  }

  /** Again and again while the resource manager cannot be asked. */
  private static void commitAsAManagerDoes(XAResource resource, Xid xid) throws XAException {
    for (int attempt = 0; attempt < 100; attempt++) {
      try {
        resource.commit(xid, false);
        return;
      } catch (XAException failure) {
        if (failure.errorCode != XAException.XAER_RMFAIL) {
          throw failure;
        }
      }
    }
    throw new AssertionError("branch " + xid + " could not be committed");
  }

  /** What was to be cut has been, or goes through. */
  private void awaitWorking() throws JMSException {
    network.cutAfterRequests(Long.MAX_VALUE);
    network.cutAfterAnswers(Long.MAX_VALUE);
    try (Session session = connection.createSession();
        MessageConsumer unused =
            session.createConsumer(new MoietyQueue(EmbeddedBroker.uniqueName("working")))) {
      assertThat(unused.receiveNoWait()).isNull();
    }
  }

  @Test
  void messagesOfAListenerThatALossInterruptsComeAgainMarkedAndInOrder() throws Exception {
    Session sending = connection.createSession();
    Session session = connection.createSession();
    List<String> heard = new CopyOnWriteArrayList<>();
    List<String> unmarked = new CopyOnWriteArrayList<>();
    session
        .createConsumer(queue)
        .setMessageListener(
            message -> {
              try {
                String text = ((TextMessage) message).getText();
                if (heard.contains(text)) {
                  if (!message.getJMSRedelivered()) {
                    unmarked.add(text);
                  }
                } else {
                  heard.add(text);
                }
                if (Integer.parseInt(text) % 50 == 25 && !message.getJMSRedelivered()) {
                  network.cut();
                }
              } catch (JMSException unreadable) {
                heard.add(unreadable.toString());
              }
            });
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      sent.add(Integer.toString(i));
      send(sending, queue, Integer.toString(i));
    }
    await().atMost(60, SECONDS).until(() -> heard.size() >= sent.size());
    assertThat(heard).containsExactlyElementsOf(sent);
    assertThat(unmarked).isEmpty();
    session.close();
    assertThat(left()).isEmpty();
  }

  @Test
  void browserGoesOn() throws Exception {
    Session session = connection.createSession();
    send(session, queue, "a", "b");
    try (QueueBrowser browser = session.createBrowser(queue)) {
      network.cut();
      Enumeration<?> messages = browser.getEnumeration();
      assertThat(Collections.list(messages)).hasSize(2);
    }
  }

  @Test
  void receiveWithTimeoutEndsInTimeWhileThereIsNoConnection() throws Exception {
    MessageConsumer consumer = connection.createSession().createConsumer(queue);
    network.down(true);
    awaitLoss(connection);
    assertThat(consumer.receive(200)).isNull();
    network.down(false);
    send(connection.createSession(), queue, "a");
    assertThat(receive(consumer)).isEqualTo("a");
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
