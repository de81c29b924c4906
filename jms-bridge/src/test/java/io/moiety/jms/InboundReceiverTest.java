package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.jms.spi.AdapterConnection;
import io.moiety.jms.spi.InboundMessage;
import io.moiety.jms.spi.InboundReceiver;
import io.moiety.jms.spi.InboundSpec;
import io.moiety.protocol.BranchXid;
import jakarta.jms.Connection;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class InboundReceiverTest {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  private static final AtomicInteger XIDS = new AtomicInteger();

  private AdapterConnection connection;
  private InboundReceiver receiver;
  private Queue queue;

  @BeforeEach
  void open() throws Exception {
    queue = new MoietyQueue(EmbeddedBroker.uniqueName("inbound"));
    connection = (AdapterConnection) BROKER.xaFactory().createXAConnection();
    receiver = connection.openInbound(InboundSpec.queue(queue, 3));
  }

  @AfterEach
  void close() throws Exception {
    receiver.close();
    connection.close();
  }

  private void send(String... texts) throws Exception {
    try (Connection sending = BROKER.factory().createConnection()) {
      Session session = sending.createSession();
      MessageProducer producer = session.createProducer(queue);
      for (String text : texts) {
        producer.send(session.createTextMessage(text));
      }
    }
  }

  private InboundMessage next() throws Exception {
    return receiver.next(5_000).get(10, TimeUnit.SECONDS).orElseThrow();
  }

  private static String text(InboundMessage message) throws Exception {
    return ((TextMessage) message.message()).getText();
  }

  private static BranchXid newXid() {
    return new BranchXid(99, new byte[] {(byte) XIDS.incrementAndGet()}, new byte[] {1});
  }

  @Test
  void requestThatWaitsIsAnsweredBySend() throws Exception {
    CompletableFuture<Optional<InboundMessage>> waiting = receiver.next(10_000);
    send("a");
    InboundMessage message = waiting.get(10, TimeUnit.SECONDS).orElseThrow();
    assertThat(text(message)).isEqualTo("a");
    message.acknowledge();
    assertThat(receiver.next(0).get(5, TimeUnit.SECONDS)).isEmpty();
  }

  @Test
  void committedBranchTakesTheMessageAndRolledBackOneBringsItAgain() throws Exception {
    send("a", "b");
    XAResource resource = receiver.xaResource();

    BranchXid rolledBack = newXid();
    InboundMessage first = next();
    resource.start(rolledBack, XAResource.TMNOFLAGS);
    first.handOver();
    resource.end(rolledBack, XAResource.TMSUCCESS);
    resource.rollback(rolledBack);

    InboundMessage again = next();
    assertThat(text(again)).isEqualTo("a");
    assertThat(again.deliveryCount()).isEqualTo(2);
    assertThat(again.message().getIntProperty("JMSXDeliveryCount")).isEqualTo(2);
    BranchXid committed = newXid();
    resource.start(committed, XAResource.TMNOFLAGS);
    again.handOver();
    resource.end(committed, XAResource.TMSUCCESS);
    assertThat(resource.prepare(committed)).isEqualTo(XAResource.XA_OK);
    resource.commit(committed, false);
    assertThat(text(next())).isEqualTo("b");
  }

  @Test
  void whatWasNotHandedOverGoesBackUncounted() throws Exception {
    send("a");
    next().giveBack();
    InboundMessage again = next();
    assertThat(again.deliveryCount()).isEqualTo(1);
    again.handOver();
    again.giveBack();
    assertThat(next().deliveryCount()).isEqualTo(2);
  }

  @Test
  void messageIsDeadLetteredAfterItsLastDelivery() throws Exception {
    send("poison");
    for (int i = 1; i <= 3; i++) {
      InboundMessage message = next();
      assertThat(message.deliveryCount()).isEqualTo(i);
      message.handOver();
      message.giveBack();
    }
    assertThat(receiver.next(300).get(5, TimeUnit.SECONDS)).isEmpty();
    receiver.close();
    Queue deadLetters = new MoietyQueue("%DLQ%" + queue.getQueueName());
    receiver = connection.openInbound(InboundSpec.queue(deadLetters, 0));
    assertThat(text(next())).isEqualTo("poison");
  }

  @Test
  void leavesToOthersWhatItFetchedAheadAndGaveBack() throws Exception {
    receiver.close();
    receiver = connection.openInbound(InboundSpec.queue(queue, 3).withPrefetch(3));
    send("a", "b", "c");
    InboundMessage first = next();

    receiver.giveBackAhead().get(10, TimeUnit.SECONDS);

    try (InboundReceiver other = connection.openInbound(InboundSpec.queue(queue, 3))) {
      InboundMessage second = other.next(5_000).get(10, TimeUnit.SECONDS).orElseThrow();
      assertThat(text(second)).isEqualTo("b");
      assertThat(second.deliveryCount()).isEqualTo(1);
    }
    first.acknowledge();
    assertThat(text(next())).isEqualTo("b");
  }

  @Test
  void givesBackWhatWasFetchedAheadInItsOrderAndUncounted() throws Exception {
    receiver.close();
    receiver = connection.openInbound(InboundSpec.queue(queue, 3).withPrefetch(3));
    send("a", "b", "c");

    InboundMessage first = next();
    first.handOver();
    first.giveBack();

    assertThat(text(next())).isEqualTo("a");
    InboundMessage second = next();
    assertThat(text(second)).isEqualTo("b");
    assertThat(second.deliveryCount()).isEqualTo(1);
    second.giveBack();
    assertThat(text(next())).isEqualTo("b");
    assertThat(text(next())).isEqualTo("c");
  }

  @Test
  void aConsumerGroupOfItsOwnGetsEveryMessageOfAQueue() throws Exception {
    try (InboundReceiver audit =
        connection.openInbound(
            InboundSpec.queue(queue, 3).withConsumerGroup("audit-" + queue.getQueueName()))) {
      send("a");
      next().acknowledge();
      InboundMessage again = audit.next(5_000).get(10, TimeUnit.SECONDS).orElseThrow();
      assertThat(text(again)).isEqualTo("a");
    }
  }

  @Test
  void refusesAConsumerGroupThatNoBrokerCouldHave() {
    assertThatThrownBy(
            () -> connection.openInbound(InboundSpec.queue(queue, 3).withConsumerGroup("a b")))
        .hasMessageContaining("consumerGroup = a b");
  }

  @Test
  void refusesTheGroupsThatGetNothingOfTheDestination() {
    String name = EmbeddedBroker.uniqueName("named");
    assertThatThrownBy(
            () ->
                connection.openInbound(
                    new InboundSpec(
                        new MoietyTopic(name),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(name),
                        true,
                        true,
                        3,
                        1)))
        .hasMessageContaining("group of a queue's receivers");
    assertThatThrownBy(
            () ->
                connection.openInbound(
                    InboundSpec.queue(queue, 3).withConsumerGroup("jms|d|client|name")))
        .hasMessageContaining("group of a topic's subscription");
  }

  @Test
  void closeEndsTheWait() throws Exception {
    CompletableFuture<Optional<InboundMessage>> waiting = receiver.next(20_000);
    receiver.close();
    assertThat(waiting.get(5, TimeUnit.SECONDS)).isEmpty();
  }
}
