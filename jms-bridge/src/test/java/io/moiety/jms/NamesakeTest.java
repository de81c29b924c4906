package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.client.ClientConfig;
import io.moiety.client.ClientEvents;
import io.moiety.client.MoietyClient;
import io.moiety.client.OutgoingMessage;
import io.moiety.jms.AlsoOverABreakingNetwork.Excepted;
import io.moiety.jms.spi.AdapterConnection;
import io.moiety.jms.spi.InboundMessage;
import io.moiety.jms.spi.InboundReceiver;
import io.moiety.jms.spi.InboundSpec;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.MessageProperties;
import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.Destination;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A queue and a topic of one name are two destinations, though they are one topic of RocketMQ. */
@AlsoOverABreakingNetwork
@Timeout(120)
class NamesakeTest {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  private static final int MANY = 10_000;

  private final String clientId = UUID.randomUUID().toString();
  private Queue queue;
  private Topic topic;
  private Connection connection;
  private Session session;

  @BeforeEach
  void connect() throws Exception {
    String name = EmbeddedBroker.uniqueName("name sake");
    queue = new MoietyQueue(name);
    topic = new MoietyTopic(name);
    connect(BROKER.factory());
  }

  private void connect(MoietyConnectionFactory factory) throws Exception {
    connection = factory.createConnection();
    connection.setClientID(clientId);
    connection.start();
    session = connection.createSession();
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
  }

  private void send(Session sending, Destination destination, String text) throws Exception {
    try (MessageProducer producer = sending.createProducer(destination)) {
      producer.send(sending.createTextMessage(text));
    }
  }

  private void sendToBoth(String text) throws Exception {
    send(session, topic, text + " of the topic");
    send(session, queue, text + " of the queue");
  }

  /** Whose subscription outlives a loss, where there are some. */
  private MessageConsumer subscriber() throws Exception {
    return BreakingNetwork.ON
        ? session.createDurableConsumer(topic, "lasting")
        : session.createConsumer(topic);
  }

  /** The next that comes and says that it was sent to the destination. */
  private static String next(MessageConsumer consumer, Destination sentTo) throws Exception {
    Message message = consumer.receive(10_000);
    assertThat(message.getJMSDestination()).isEqualTo(sentTo);
    return ((TextMessage) message).getText();
  }

  @Test
  void receiverAndSubscriberEachGetTheirs() throws Exception {
    MessageConsumer receiver = session.createConsumer(queue);
    MessageConsumer subscriber = subscriber();
    sendToBoth("first");
    sendToBoth("second");
    for (String text : List.of("first", "second")) {
      assertThat(next(receiver, queue)).isEqualTo(text + " of the queue");
      assertThat(next(subscriber, topic)).isEqualTo(text + " of the topic");
    }
    assertThat(receiver.receiveNoWait()).isNull();
    assertThat(subscriber.receiveNoWait()).isNull();
  }

  @Excepted(because = "it begins anew, and empty, with the next connection")
  @Test
  void sharedSubscriptionGetsNothingOfTheQueue() throws Exception {
    MessageConsumer shared = session.createSharedConsumer(topic, "shared");
    sendToBoth("a");
    assertThat(next(shared, topic)).isEqualTo("a of the topic");
    assertThat(shared.receiveNoWait()).isNull();
  }

  @Test
  void durableSubscriptionsGetNothingOfTheQueue() throws Exception {
    MessageConsumer durable = session.createDurableConsumer(topic, "durable");
    MessageConsumer sharedDurable = session.createSharedDurableConsumer(topic, "both");
    sendToBoth("a");
    for (MessageConsumer subscriber : List.of(durable, sharedDurable)) {
      assertThat(next(subscriber, topic)).isEqualTo("a of the topic");
      assertThat(subscriber.receiveNoWait()).isNull();
    }
    durable.close();
    sendToBoth("b");
    try (MessageConsumer again = session.createDurableConsumer(topic, "durable")) {
      assertThat(next(again, topic)).isEqualTo("b of the topic");
      assertThat(again.receiveNoWait()).isNull();
    }
  }

  @Excepted(because = "no connection lives until thousands of sends are decided")
  @Test
  void manyOfTheTopicDoNotHoldUpTheQueueAndStayNobodysBacklog() throws Exception {
    fill(topic, MANY);
    send(session, queue, "one");
    fill(topic, MANY);
    send(session, queue, "two");
    MessageConsumer receiver = session.createConsumer(queue);
    assertThat(next(receiver, queue)).isEqualTo("one");
    assertThat(next(receiver, queue)).isEqualTo("two");
    assertThat(receiver.receiveNoWait()).isNull();
    assertThat(session.createBrowser(queue).getEnumeration().hasMoreElements()).isFalse();
  }

  private void fill(Destination destination, int messages) throws Exception {
    Semaphore stored = new Semaphore(0);
    CompletionListener counting =
        new CompletionListener() {
          @Override
          public void onCompletion(Message message) {
            stored.release();
          }

          @Override
          public void onException(Message message, Exception exception) {}
        };
    try (MessageProducer producer = session.createProducer(destination)) {
      for (int i = 0; i < messages; i++) {
        producer.send(session.createMessage(), counting);
      }
    }
    assertThat(stored.tryAcquire(messages, 60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void browserShowsTheQueues() throws Exception {
    sendToBoth("a");
    sendToBoth("b");
    List<String> seen = new ArrayList<>();
    try (QueueBrowser browser = session.createBrowser(queue)) {
      Enumeration<?> messages = browser.getEnumeration();
      while (messages.hasMoreElements()) {
        seen.add(((TextMessage) messages.nextElement()).getText());
      }
    }
    assertThat(seen).containsExactly("a of the queue", "b of the queue");
  }

  @Test
  void queueKeepsWhatIsSentAfterTheTopicBeforeThereIsAReceiver() throws Exception {
    sendToBoth("kept");
    connection.close();
    BROKER.restart();
    connect(BROKER.factory());
    MessageConsumer receiver = session.createConsumer(queue);
    assertThat(next(receiver, queue)).isEqualTo("kept of the queue");
    assertThat(receiver.receiveNoWait()).isNull();
  }

  @Test
  void whatDoesNotSayWhereItWasSentIsForBoth() throws Exception {
    MessageConsumer receiver = session.createConsumer(queue);
    MessageConsumer subscriber = subscriber();
    sendAsRocketMqsClientsDo("plain");
    for (MessageConsumer consumer : List.of(receiver, subscriber)) {
      Message message = consumer.receive(10_000);
      assertThat(message.getJMSDestination()).isEqualTo(consumer == receiver ? queue : topic);
      assertThat(message.getBody(byte[].class)).asString().isEqualTo("plain");
    }
  }

  private void sendAsRocketMqsClientsDo(String body) throws Exception {
    try (MoietyClient client =
        MoietyClient.connect(
                ClientConfig.builder().addresses(BROKER.address()).clientId("plain").build(),
                ClientEvents.IGNORED)
            .get(10, TimeUnit.SECONDS)) {
      client
          .send(
              new OutgoingMessage(
                  DestinationNames.topic((NamedDestination) topic),
                  OutgoingMessage.ANY_QUEUE,
                  MessageProperties.empty(),
                  ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)),
                  0,
                  0,
                  System.currentTimeMillis(),
                  Optional.empty()))
          .get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void whatIsCommittedOrDelayedStaysWhereItWasSent() throws Exception {
    MessageConsumer receiver = session.createConsumer(queue);
    MessageConsumer subscriber = subscriber();
    try (Session transacted = connection.createSession(Session.SESSION_TRANSACTED)) {
      send(transacted, topic, "local of the topic");
      send(transacted, queue, "local of the queue");
      transacted.commit();
    }
    assertThat(next(receiver, queue)).isEqualTo("local of the queue");
    assertThat(next(subscriber, topic)).isEqualTo("local of the topic");
    sendInBranch();
    assertThat(next(receiver, queue)).isEqualTo("branch of the queue");
    assertThat(next(subscriber, topic)).isEqualTo("branch of the topic");
    for (Destination destination : List.of(topic, queue)) {
      MessageProducer producer = session.createProducer(destination);
      producer.setDeliveryDelay(200);
      producer.send(session.createTextMessage("delayed to " + destination));
    }
    assertThat(next(receiver, queue)).isEqualTo("delayed to " + queue);
    assertThat(next(subscriber, topic)).isEqualTo("delayed to " + topic);
    assertThat(receiver.receiveNoWait()).isNull();
    assertThat(subscriber.receiveNoWait()).isNull();
  }

  private void sendInBranch() throws Exception {
    try (XAConnection xaConnection = BROKER.xaFactory().createXAConnection()) {
      XASession xaSession = xaConnection.createXASession();
      XAResource resource = xaSession.getXAResource();
      BranchXid xid =
          new BranchXid(7, clientId.getBytes(StandardCharsets.US_ASCII), new byte[] {1});
      resource.start(xid, XAResource.TMNOFLAGS);
      send(xaSession, topic, "branch of the topic");
      send(xaSession, queue, "branch of the queue");
      resource.end(xid, XAResource.TMSUCCESS);
      resource.prepare(xid);
      resource.commit(xid, false);
    }
  }

  @Excepted(because = "a loss between the receipts brings them again")
  @Test
  void rolledBackAndRecoveredMessagesComeAgainToTheirs() throws Exception {
    try (Session transacted = connection.createSession(Session.SESSION_TRANSACTED);
        MessageConsumer receiver = transacted.createConsumer(queue)) {
      sendToBoth("a");
      sendToBoth("b");
      assertThat(next(receiver, queue)).isEqualTo("a of the queue");
      assertThat(next(receiver, queue)).isEqualTo("b of the queue");
      transacted.rollback();
      assertThat(next(receiver, queue)).isEqualTo("a of the queue");
      assertThat(next(receiver, queue)).isEqualTo("b of the queue");
      transacted.commit();
      assertThat(receiver.receiveNoWait()).isNull();
    }
  }

  @Test
  void deadLettersOfASubscriptionAreReceivedFromTheirQueue() throws Exception {
    connection.close();
    MoietyConnectionFactory factory = BROKER.factory();
    factory.setMaxDeliveries(1);
    connect(factory);
    Session acknowledging = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
    MessageConsumer durable = acknowledging.createDurableConsumer(topic, "dead");
    sendToBoth("poison");
    assertThat(next(durable, topic)).isEqualTo("poison of the topic");
    acknowledging.recover();
    assertThat(durable.receive(500)).isNull();
    MessageConsumer dead =
        session.createConsumer(
            session.createQueue("%DLQ%" + DestinationNames.durableGroup(clientId, "dead")));
    assertThat(next(dead, topic)).isEqualTo("poison of the topic");
    assertThat(dead.receiveNoWait()).isNull();
  }

  @Excepted(because = "the adapter's connections end with a loss")
  @Test
  void receiversOfTheAdapterGetTheirsAndItsNamedGroupsWhatRocketMqsClientsWould() throws Exception {
    try (AdapterConnection adapter = (AdapterConnection) BROKER.xaFactory().createXAConnection();
        InboundReceiver ofQueue = adapter.openInbound(InboundSpec.queue(queue, 3));
        InboundReceiver ofTopic = adapter.openInbound(subscription(topic));
        InboundReceiver named =
            adapter.openInbound(InboundSpec.queue(queue, 3).withConsumerGroup("g-" + clientId))) {
      sendToBoth("a");
      assertThat(next(ofQueue)).isEqualTo("a of the queue");
      assertThat(next(ofTopic)).isEqualTo("a of the topic");
      assertThat(List.of(next(named), next(named)))
          .containsExactly("a of the topic", "a of the queue");
      assertThat(ofQueue.next(0).get(10, TimeUnit.SECONDS)).isEmpty();
      assertThat(ofTopic.next(0).get(10, TimeUnit.SECONDS)).isEmpty();
    }
  }

  private static InboundSpec subscription(Topic topic) {
    return new InboundSpec(
        topic, Optional.empty(), Optional.empty(), Optional.empty(), false, false, 3, 1);
  }

  private static String next(InboundReceiver receiver) throws Exception {
    InboundMessage message = receiver.next(10_000).get(20, TimeUnit.SECONDS).orElseThrow();
    message.acknowledge();
    return ((TextMessage) message.message()).getText();
  }
}
