package io.moiety.broker.system;

import static io.moiety.broker.system.Wire.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import io.moiety.client.Branch;
import io.moiety.client.BranchCounts;
import io.moiety.client.BrokerException;
import io.moiety.client.BrowsePage;
import io.moiety.client.BrowseRequest;
import io.moiety.client.CheckBack;
import io.moiety.client.ClientConfig;
import io.moiety.client.ConnectionLostException;
import io.moiety.client.Delivery;
import io.moiety.client.HalfReceipt;
import io.moiety.client.MoietyClient;
import io.moiety.client.OutgoingMessage;
import io.moiety.client.ReconnectEvents;
import io.moiety.client.ReconnectPolicy;
import io.moiety.client.ReconnectingClient;
import io.moiety.client.Resolution;
import io.moiety.client.SendReceipt;
import io.moiety.client.SessionConsumer;
import io.moiety.client.StartPosition;
import io.moiety.client.SubscriptionSpec;
import io.moiety.client.TopicCreation;
import io.moiety.client.Transactions;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.ResponseCode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.transaction.xa.XAResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the client offers, each thing once, against a real broker over a real socket. */
class ClientTest {
  private static final int MAX_BYTES = 1 << 20;

  @TempDir Path directory;
  private Broker broker;
  private Wire wire;

  @BeforeEach
  void start() {
    broker = start(0);
    wire = Wire.connect(broker.address().getPort());
  }

  @AfterEach
  void stop() {
    wire.close();
    broker.close();
  }

  private Broker start(int port) {
    return Broker.start(
        BrokerConfig.of(
            Map.of(
                "storePathRootDir",
                directory.toString(),
                "listenPort",
                Integer.toString(port),
                "transactionTimeOut",
                "300",
                "transactionCheckInterval",
                "500"),
            Profile.EMBEDDED));
  }

  @Test
  void aHalfMessageIsSeenWhenItIsCommittedAndTheFirstWordIsFinal() {
    HalfReceipt half = sendHalf("orders", "one");
    assertThat(wire.drain("orders")).isEmpty();
    await(wire.client.halfMessages().end(half.half(), Resolution.COMMIT));
    await(wire.client.halfMessages().end(half.half(), Resolution.COMMIT));
    assertThatThrownBy(
            () -> await(wire.client.halfMessages().end(half.half(), Resolution.ROLLBACK)))
        .isInstanceOf(BrokerException.class);
    assertThat(wire.drain("orders")).containsExactly("one");
  }

  @Test
  void aHalfMessageThatIsRolledBackIsNeverSeen() {
    HalfReceipt half = sendHalf("orders", "one");
    await(wire.client.halfMessages().end(half.half(), Resolution.ROLLBACK));
    wire.send("orders", "two");
    assertThat(wire.drain("orders")).containsExactly("two");
  }

  @Test
  void theBrokerAsksTheProducerUntilItKnows() throws InterruptedException {
    BlockingQueue<CheckBack> checks = new LinkedBlockingQueue<>();
    await(wire.client.halfMessages().register("PG", checks::add));
    HalfReceipt half = sendHalf("orders", "one");
    CheckBack first = checks.poll(30, TimeUnit.SECONDS);
    assertThat(first.half()).isEqualTo(half.half());
    assertThat(first.record().topic()).isEqualTo("orders");
    await(first.answer(Resolution.UNKNOWN));
    CheckBack second = checks.poll(30, TimeUnit.SECONDS);
    assertThat(second.checkTimes()).isEqualTo(first.checkTimes() + 1);
    assertThat(wire.drain("orders")).isEmpty();
    await(second.answer(Resolution.COMMIT));
    assertThat(wire.drain("orders")).containsExactly("one");
  }

  @Test
  void whatWasFetchedAheadComesBackUncountedUnlessItWasHandedOver() {
    wire.send("orders", "seen");
    wire.send("orders", "unseen");
    SessionConsumer consumer = wire.consumer("orders");
    List<Delivery> ahead = await(consumer.receive(10, MAX_BYTES, 0, false));
    consumer.handedOver(ahead.subList(0, 1));
    await(consumer.close());
    wire.recover();
    List<Delivery> again = wire.receive(wire.consumer("orders"), 10, 0);
    assertThat(again).extracting(Wire::body).containsExactly("seen", "unseen");
    assertThat(again).extracting(Delivery::deliveryCount).containsExactly(2, 1);
  }

  @Test
  void whatIsReleasedIsReceivedByOthers() {
    wire.send("orders", "a");
    wire.send("orders", "b");
    SessionConsumer first = wire.consumer("orders");
    List<Delivery> ahead = await(first.receive(10, MAX_BYTES, 0, false));
    await(first.release(ahead.subList(1, 2)));
    assertThat(wire.receive(wire.consumer("orders"), 10, 0))
        .extracting(Wire::body)
        .containsExactly("b");
    await(first.releaseAll());
    assertThat(wire.receive(wire.consumer("orders"), 10, 0))
        .extracting(Wire::body)
        .containsExactly("a");
  }

  @Test
  void closingAConsumerEndsItsWaitingReceive() {
    await(wire.client.topics().create("orders", 1, false));
    SessionConsumer consumer = wire.consumer("orders");
    CompletableFuture<List<Delivery>> waiting = consumer.receive(1, MAX_BYTES, 60_000, true);
    await(consumer.close());
    assertThat(await(waiting)).isEmpty();
    wire.send("orders", "a");
    assertThat(wire.drain("orders")).containsExactly("a");
  }

  @Test
  void browsingTakesNothing() {
    for (int i = 0; i < 5; i++) {
      wire.send("orders", "m" + i);
    }
    BrowsePage first = browse(0, 3);
    assertThat(first.records()).extracting(ClientTest::body).containsExactly("m0", "m1", "m2");
    assertThat(first.end()).isFalse();
    BrowsePage second = browse(first.nextOffset(), 3);
    assertThat(second.records()).extracting(ClientTest::body).containsExactly("m3", "m4");
    assertThat(second.end()).isTrue();
    assertThat(wire.drain("orders")).hasSize(5);
  }

  @Test
  void aSubscriptionStartsWhereItWasMadeAndEndsWithUnsubscribe() {
    wire.send("news", "old");
    SubscriptionSpec spec =
        new SubscriptionSpec(
            "reader", "news", StartPosition.LAST, true, false, Optional.empty(), Optional.empty());
    await(wire.client.topics().subscribe(spec));
    wire.send("news", "new");
    SessionConsumer consumer = wire.consumer("reader", "news");
    List<Delivery> received = wire.receive(consumer, 10, 0);
    assertThat(received).extracting(Wire::body).containsExactly("new");
    wire.acknowledge(received);
    await(consumer.close());
    await(wire.client.topics().unsubscribe("reader"));
    assertThatThrownBy(() -> await(wire.client.topics().unsubscribe("reader")))
        .isInstanceOfSatisfying(
            BrokerException.class,
            refusal ->
                assertThat(refusal.code()).isEqualTo(ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST));
  }

  @Test
  void aTemporaryTopicGoesWithItsConnection() {
    Wire owner = Wire.connect(broker.address().getPort());
    assertThat(await(owner.client.topics().create("answers", 1, true)))
        .isEqualTo(new TopicCreation(1, true));
    assertThat(await(wire.client.topics().route("answers")).writeQueues()).isEqualTo(1);
    owner.close();
    Awaitility.await()
        .atMost(30, TimeUnit.SECONDS)
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> await(wire.client.topics().route("answers")))
                    .isInstanceOf(BrokerException.class));
  }

  @Test
  void sendsThatNameNoQueueUseAllOfTheTopic() {
    await(wire.client.topics().create("wide", 4, false));
    List<CompletableFuture<SendReceipt>> sent = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      sent.add(wire.client.send(anyQueue("wide", "m" + i)));
    }
    assertThat(sent)
        .extracting(receipt -> await(receipt).queueId())
        .containsExactlyInAnyOrder(0, 0, 1, 1, 2, 2, 3, 3);
  }

  @Test
  void aTopicThatASendCreatesHasOneQueueSoThatOrderHolds() {
    List<String> sent = new ArrayList<>();
    List<CompletableFuture<SendReceipt>> receipts = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      sent.add("m" + i);
      receipts.add(wire.client.send(anyQueue("fresh", "m" + i)));
    }
    receipts.forEach(Wire::await);
    assertThat(await(wire.client.topics().route("fresh")).writeQueues()).isEqualTo(1);
    assertThat(wire.drain("fresh")).isEqualTo(sent);
  }

  @Test
  void recoverReturnsMoreBranchesThanFitAPage() {
    int count = 1_003;
    Transactions transactions = wire.client.transactions();
    List<CompletableFuture<Branch>> starting = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      starting.add(transactions.start(wire.xid(i), XAResource.TMNOFLAGS, Duration.ofMinutes(5)));
    }
    List<Branch> branches = starting.stream().map(Wire::await).toList();
    branches.stream()
        .map(
            branch ->
                wire.client.send(
                    Wire.message(
                        "out", "x", MessageProperties.empty(), Optional.of(branch.part(1)))))
        .toList()
        .forEach(Wire::await);
    branches.stream()
        .map(branch -> transactions.end(branch, XAResource.TMSUCCESS))
        .toList()
        .forEach(Wire::await);
    branches.stream()
        .map(branch -> transactions.prepare(branch, new BranchCounts(1, 0)))
        .toList()
        .forEach(Wire::await);
    assertThat(await(transactions.recover()))
        .containsExactlyInAnyOrderElementsOf(
            branches.stream().<BranchXid>map(Branch::xid).toList());
    branches.stream()
        .map(branch -> transactions.rollback(branch.xid()))
        .toList()
        .forEach(Wire::await);
    assertThat(await(transactions.recover())).isEmpty();
  }

  @Test
  void theReconnectingClientFindsARestartedBroker() throws InterruptedException {
    int port = broker.address().getPort();
    BlockingQueue<String> events = new LinkedBlockingQueue<>();
    ReconnectEvents recorder =
        new ReconnectEvents() {
          @Override
          public void connected(MoietyClient client) {
            events.add("connected");
          }

          @Override
          public void connectionLost(Throwable cause) {
            events.add("lost");
          }
        };
    ClientConfig config =
        ClientConfig.builder().addresses("127.0.0.1:" + port).clientId("durable").build();
    try (ReconnectingClient client =
        await(ReconnectingClient.connect(config, ReconnectPolicy.DEFAULT, recorder))) {
      await(client.send(anyQueue("orders", "before")));
      stop();
      assertThat(events.poll(30, TimeUnit.SECONDS)).isEqualTo("connected");
      assertThat(events.poll(30, TimeUnit.SECONDS)).isEqualTo("lost");
      CompletableFuture<SendReceipt> during = client.send(anyQueue("orders", "during"));
      broker = start(port);
      wire = Wire.connect(port);
      await(during);
      assertThat(events.poll(30, TimeUnit.SECONDS)).isEqualTo("connected");
      assertThat(wire.drain("orders")).containsExactly("before", "during");
    }
  }

  @Test
  void whatWaitsWhenTheBrokerStopsFailsAsLost() {
    await(wire.client.topics().create("orders", 1, false));
    CompletableFuture<List<Delivery>> waiting =
        wire.consumer("orders").receive(1, MAX_BYTES, 60_000, true);
    broker.close();
    assertThatThrownBy(() -> await(waiting)).isInstanceOf(ConnectionLostException.class);
    assertThat(wire.client.isOpen()).isFalse();
  }

  private HalfReceipt sendHalf(String topic, String body) {
    OutgoingMessage message =
        Wire.message(topic, body, MessageProperties.empty(), Optional.empty());
    return await(wire.client.halfMessages().send("PG", message));
  }

  private BrowsePage browse(long fromOffset, int maxMessages) {
    return await(
        wire.client
            .topics()
            .browse(
                new BrowseRequest(
                    "orders", "orders", 0, fromOffset, maxMessages, Optional.empty())));
  }

  private static OutgoingMessage anyQueue(String topic, String body) {
    OutgoingMessage first = Wire.message(topic, body, MessageProperties.empty(), Optional.empty());
    return new OutgoingMessage(
        topic,
        OutgoingMessage.ANY_QUEUE,
        first.properties(),
        first.body(),
        first.flag(),
        first.sysFlag(),
        first.bornTimestampMillis(),
        first.branch());
  }

  private static String body(RecordView record) {
    return StandardCharsets.UTF_8.decode(record.body()).toString();
  }
}
