package io.moiety.client;

import static io.moiety.client.TestClient.await;
import static io.moiety.client.TestClient.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

import io.moiety.protocol.BranchXid;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConsumeTest {

  private static final long SESSION = 4_711;

  private final ScriptedPeer broker = ScriptedPeer.listen();

  @AfterEach
  void closeBroker() {
    broker.close();
  }

  @Test
  void receivesRecordsWithTheirCounts() {
    try (TestClient connected = TestClient.connect(broker)) {
      ConsumerSpec spec =
          new ConsumerSpec("G", "T", 5, Optional.of("a > 1"), Optional.of("other-client"));
      SessionConsumer consumer = session(connected).openConsumer(spec);
      CompletableFuture<List<Delivery>> received = consumer.receive(10, 4_096, 30_000, false);
      Command request = connected.peer().expect(RequestCode.RECEIVE);
      assertThat(request.fields().asMap())
          .containsExactlyInAnyOrderEntriesOf(
              Map.ofEntries(
                  Map.entry("session", "4711"),
                  Map.entry("consumer", "1"),
                  Map.entry("group", "G"),
                  Map.entry("topic", "T"),
                  Map.entry("maxMessages", "10"),
                  Map.entry("maxBytes", "4096"),
                  Map.entry("waitMillis", "30000"),
                  Map.entry("handOver", "false"),
                  Map.entry("maxDeliveries", "5"),
                  Map.entry("selector", "a > 1"),
                  Map.entry("noLocalClient", "other-client")));
      deliver(connected, request);
      assertThat(await(received))
          .extracting(Delivery::consumer, Delivery::queueId, Delivery::queueOffset)
          .containsExactly(tuple(1, 0, 7L), tuple(1, 2, 8L));
      assertThat(await(received)).extracting(Delivery::deliveryCount).containsExactly(1, 3);
      assertThat(await(received))
          .extracting(delivery -> Records.text(delivery.record().body()))
          .containsExactly("seven", "eight");
    }
  }

  @Test
  void aDefiniteNothingIsAnEmptyList() {
    try (TestClient connected = TestClient.connect(broker)) {
      CompletableFuture<List<Delivery>> received =
          session(connected).openConsumer(ConsumerSpec.of("G", "T")).receive(1, 1, 0, true);
      Command request = connected.peer().expect(RequestCode.RECEIVE);
      assertThat(request.fields().asMap()).doesNotContainKeys("selector", "noLocalClient");
      connected.peer().refuse(request, ResponseCode.PULL_NOT_FOUND, null);
      assertThat(await(received)).isEmpty();
    }
  }

  @Test
  void aSecondReceiveIsRefusedUntilTheFirstIsAnswered() {
    try (TestClient connected = TestClient.connect(broker)) {
      SessionConsumer consumer = session(connected).openConsumer(ConsumerSpec.of("G", "T"));
      CompletableFuture<List<Delivery>> first = consumer.receive(1, 1, 1_000, false);
      assertThatIllegalStateException()
          .isThrownBy(() -> consumer.receive(1, 1, 1_000, false))
          .withMessageContaining("has a receive that is not answered yet");
      // As a message loop does: the next receive from what the first one completes.
      CompletableFuture<List<Delivery>> second =
          first.thenCompose(nothing -> consumer.receive(1, 1, 0, false));
      connected
          .peer()
          .refuse(connected.peer().expect(RequestCode.RECEIVE), ResponseCode.PULL_NOT_FOUND, null);
      connected
          .peer()
          .refuse(connected.peer().expect(RequestCode.RECEIVE), ResponseCode.PULL_NOT_FOUND, null);
      assertThat(await(second)).isEmpty();
    }
  }

  @Test
  void closeEndsAWaitingReceive() {
    try (TestClient connected = TestClient.connect(broker)) {
      SessionConsumer consumer = session(connected).openConsumer(ConsumerSpec.of("G", "T"));
      CompletableFuture<List<Delivery>> received = consumer.receive(1, 1, 60_000, false);
      Command receive = connected.peer().expect(RequestCode.RECEIVE);
      CompletableFuture<Void> closed = consumer.close();
      Command close = connected.peer().expect(RequestCode.CONSUMER_CLOSE);
      assertThat(close.fields().asMap())
          .containsExactlyInAnyOrderEntriesOf(Map.of("session", "4711", "consumer", "1"));
      connected.peer().refuse(receive, ResponseCode.PULL_NOT_FOUND, null);
      connected.peer().answer(close);
      assertThat(await(received)).isEmpty();
      await(closed);
      assertThat(consumer.close()).isSameAs(closed);
      assertThatIllegalStateException().isThrownBy(() -> consumer.receive(1, 1, 0, false));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatCrossesWithCloseIsKeptOnlyIfItWasHandedOver(boolean handOver) {
    try (TestClient connected = TestClient.connect(broker)) {
      SessionConsumer consumer = session(connected).openConsumer(ConsumerSpec.of("G", "T"));
      CompletableFuture<List<Delivery>> received = consumer.receive(2, 4_096, 60_000, handOver);
      Command receive = connected.peer().expect(RequestCode.RECEIVE);
      consumer.close();
      connected.peer().expect(RequestCode.CONSUMER_CLOSE);
      deliver(connected, receive);
      assertThat(await(received)).hasSize(handOver ? 2 : 0);
    }
  }

  @Test
  void aReceiveWaitsLongerThanOtherRequests() {
    ClientConfig config = broker.config().requestTimeout(Duration.ofMillis(200)).build();
    try (TestClient connected = TestClient.connect(broker, config)) {
      ConsumerSession session = session(connected);
      CompletableFuture<List<Delivery>> received =
          session.openConsumer(ConsumerSpec.of("G", "T")).receive(1, 1, 60_000, false);
      Command receive = connected.peer().expect(RequestCode.RECEIVE);
      failure(session.recover(), RequestTimeoutException.class);
      assertThat(received).isNotDone();
      connected.peer().refuse(receive, ResponseCode.PULL_NOT_FOUND, null);
      assertThat(await(received)).isEmpty();
    }
  }

  @Test
  void aReceiveThatIsNeverAnsweredEndsTheConnectionSinceNobodyWouldOwnItsMessages() {
    ClientConfig config = broker.config().requestTimeout(Duration.ofMillis(100)).build();
    try (TestClient connected = TestClient.connect(broker, config)) {
      CompletableFuture<List<Delivery>> received =
          session(connected).openConsumer(ConsumerSpec.of("G", "T")).receive(1, 1, 100, true);
      connected.peer().expect(RequestCode.RECEIVE);
      assertThat(failure(received, RequestTimeoutException.class)).hasMessageContaining("200 ms");
      connected.peer().expectClosed();
    }
  }

  @Test
  void countsWhatIsHandedOverWithoutAnAnswer() {
    try (TestClient connected = TestClient.connect(broker)) {
      ConsumerSession session = session(connected);
      SessionConsumer consumer = session.openConsumer(ConsumerSpec.of("G", "T"));
      List<Delivery> deliveries = receiveTwo(connected, consumer);
      consumer.handedOver(deliveries);
      session.acknowledge(List.of(AckSpan.of(deliveries.get(0))), Optional.empty());
      Command handedOver = connected.peer().expect(RequestCode.HANDED_OVER);
      assertThat(handedOver.isOneway()).isTrue();
      assertThat(handedOver.fields().asMap())
          .containsExactlyInAnyOrderEntriesOf(
              Map.of("session", "4711", "consumer", "1", "offsets", "0:7,2:8"));
      connected.peer().expect(RequestCode.ACKNOWLEDGE);
    }
  }

  @Test
  void whatIsHandedOverWhileTheLoopIsBusyIsToldInOneRequestAndBeforeWhatComesBehindIt() {
    try (TestClient connected = TestClient.connect(broker)) {
      ConsumerSession session = session(connected);
      SessionConsumer consumer = session.openConsumer(ConsumerSpec.of("G", "T"));
      List<Delivery> deliveries = receiveTwo(connected, consumer);
      CompletableFuture<Void> onLoop =
          session
              .recover()
              .thenRun(
                  () -> {
                    await(
                        CompletableFuture.runAsync(
                            () -> consumer.handedOver(deliveries.subList(0, 1))));
                    consumer.handedOver(deliveries.subList(1, 2));
                    session.acknowledge(List.of(AckSpan.of(deliveries.get(1))), Optional.empty());
                  });
      connected.peer().answer(connected.peer().expect(RequestCode.SESSION_RECOVER));
      await(onLoop);
      assertThat(connected.peer().expect(RequestCode.HANDED_OVER).fields().requiredText("offsets"))
          .isEqualTo("0:7,2:8");
      connected.peer().expect(RequestCode.ACKNOWLEDGE);
    }
  }

  @Test
  void releasesSomeOrAll() {
    try (TestClient connected = TestClient.connect(broker)) {
      SessionConsumer consumer = session(connected).openConsumer(ConsumerSpec.of("G", "T"));
      List<Delivery> deliveries = receiveTwo(connected, consumer);
      CompletableFuture<Void> one = consumer.release(deliveries.subList(1, 2));
      Command first = connected.peer().expect(RequestCode.RELEASE);
      assertThat(first.fields().requiredText("offsets")).isEqualTo("2:8");
      connected.peer().answer(first);
      await(one);
      CompletableFuture<Void> all = consumer.releaseAll();
      Command second = connected.peer().expect(RequestCode.RELEASE);
      assertThat(second.fields().requiredText("offsets")).isEqualTo("*");
      connected.peer().answer(second);
      await(all);
    }
  }

  @Test
  void acknowledgesSpansAloneOrInABranch() {
    try (TestClient connected = TestClient.connect(broker)) {
      ConsumerSession session = session(connected);
      List<AckSpan> spans = List.of(new AckSpan(1, 0, 5, 9), new AckSpan(2, 3, 4, 4));
      CompletableFuture<Void> alone = session.acknowledge(spans, Optional.empty());
      Command first = connected.peer().expect(RequestCode.ACKNOWLEDGE);
      assertThat(Records.text(first.body())).isEqualTo("1:0:5-9;2:3:4");
      assertThat(first.fields().asMap()).containsExactly(Map.entry("session", "4711"));
      connected.peer().answer(first);
      await(alone);

      Branch branch = new Branch(new BranchXid(1, new byte[] {1}, new byte[] {2}), 17);
      CompletableFuture<Void> inBranch = session.acknowledge(spans, Optional.of(branch));
      Command second = connected.peer().expect(RequestCode.ACKNOWLEDGE);
      assertThat(second.fields().asMap())
          .containsEntry("xid", branch.xid().toText())
          .containsEntry("incarnation", "17");
      connected.peer().refuse(second, ResponseCode.ILLEGAL_OPERATION, "not leased by session 4711");
      assertThat(failure(inBranch, BrokerException.class).remark())
          .isEqualTo("not leased by session 4711");
    }
  }

  @Test
  void listsOfNothingAreNotSent() {
    try (TestClient connected = TestClient.connect(broker)) {
      ConsumerSession session = session(connected);
      SessionConsumer consumer = session.openConsumer(ConsumerSpec.of("G", "T"));
      consumer.handedOver(List.of());
      await(consumer.release(List.of()));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> session.acknowledge(List.of(), Optional.empty()));
      CompletableFuture<Void> recovered = session.recover();
      connected.peer().answer(connected.peer().expect(RequestCode.SESSION_RECOVER));
      await(recovered);
    }
  }

  @Test
  void consumersOfASessionHaveNumbersOfTheirOwn() {
    try (TestClient connected = TestClient.connect(broker)) {
      ConsumerSession session = session(connected);
      assertThat(session.openConsumer(ConsumerSpec.of("G", "T")).id()).isEqualTo(1);
      assertThat(session.openConsumer(ConsumerSpec.of("G", "T")).id()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0:7:1", "0:7:1,2:8:3,0:9:1", "0:7,2:8:3", "0:7:1,2:x:3", ""})
  void aListThatDoesNotFitTheRecordsEndsTheConnection(String list) {
    try (TestClient connected = TestClient.connect(broker)) {
      CompletableFuture<List<Delivery>> received =
          session(connected).openConsumer(ConsumerSpec.of("G", "T")).receive(2, 4_096, 0, true);
      Command request = connected.peer().expect(RequestCode.RECEIVE);
      connected
          .peer()
          .answer(
              request,
              Fields.builder().put("deliveries", list).build(),
              Records.concat(Records.of("T", 0, 7, "seven"), Records.of("T", 2, 8, "eight")));
      assertThat(failure(received, ConnectionLostException.class))
          .hasMessageContaining("deliveries");
      connected.peer().expectClosed();
    }
  }

  private static ConsumerSession session(TestClient connected) {
    CompletableFuture<ConsumerSession> opening = connected.client().openSession();
    connected
        .peer()
        .answer(
            connected.peer().expect(RequestCode.SESSION_OPEN),
            Fields.builder().put("session", SESSION).build());
    return await(opening);
  }

  private static List<Delivery> receiveTwo(TestClient connected, SessionConsumer consumer) {
    CompletableFuture<List<Delivery>> received = consumer.receive(2, 4_096, 0, false);
    deliver(connected, connected.peer().expect(RequestCode.RECEIVE));
    return await(received);
  }

  private static void deliver(TestClient connected, Command receive) {
    connected
        .peer()
        .answer(
            receive,
            Fields.builder().put("deliveries", "0:7:1,2:8:3").build(),
            Records.concat(Records.of("T", 0, 7, "seven"), Records.of("T", 2, 8, "eight")));
  }
}
