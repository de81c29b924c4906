package io.moiety.client;

import static io.moiety.client.TestClient.await;
import static io.moiety.client.TestClient.failure;
import static io.moiety.client.TestClient.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.moiety.protocol.BranchXid;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SendTest {

  private final ScriptedPeer broker = ScriptedPeer.listen();

  @AfterEach
  void closeBroker() {
    broker.close();
  }

  @Test
  void writesRocketMqsSecondForm() {
    try (TestClient connected = TestClient.connect(broker)) {
      OutgoingMessage message =
          new OutgoingMessage(
              "T",
              3,
              MessageProperties.of(Map.of("UNIQ_KEY", "K1", "TAGS", "a")),
              Records.utf8("body"),
              5,
              1,
              1_234,
              Optional.empty());
      CompletableFuture<SendReceipt> sent = connected.client().send(message);
      Command request = connected.peer().expect(RequestCode.SEND_MESSAGE_V2);
      assertThat(Records.text(request.body())).isEqualTo("body");
      assertThat(request.fields().asMap())
          .containsEntry("b", "T")
          .containsEntry("c", "TBW102")
          .containsEntry("d", "1")
          .containsEntry("e", "3")
          .containsEntry("f", "1")
          .containsEntry("g", "1234")
          .containsEntry("h", "5")
          .containsEntry("j", "0")
          .containsEntry("k", "false")
          .containsEntry("m", "false");
      assertThat(MessageProperties.parse(request.fields().requiredText("i")).asMap())
          .containsExactlyInAnyOrderEntriesOf(Map.of("UNIQ_KEY", "K1", "TAGS", "a"));
      connected.peer().stored(request, 3, 42);
      assertThat(await(sent))
          .isEqualTo(new SendReceipt(SendStatus.OK, Records.offsetMessageId(42), 3, 42, "K1"));
    }
  }

  @Test
  void namesAMessageThatHasNoKey() {
    try (TestClient connected = TestClient.connect(broker)) {
      CompletableFuture<SendReceipt> sent = connected.client().send(message("T", 0, "x"));
      Command request = connected.peer().expect(RequestCode.SEND_MESSAGE_V2);
      String key =
          MessageProperties.parse(request.fields().requiredText("i")).get("UNIQ_KEY").orElseThrow();
      connected.peer().stored(request, 0, 1);
      assertThat(await(sent).uniqueKey()).isEqualTo(key).hasSize(32);
    }
  }

  @Test
  void carriesItsPlaceInABranch() {
    try (TestClient connected = TestClient.connect(broker)) {
      Branch branch = new Branch(new BranchXid(7, new byte[] {1, 2}, new byte[] {3}), 99);
      connected.client().send(message("T", 0, "x", Optional.of(branch.part(4))));
      Command request = connected.peer().expect(RequestCode.SEND_MESSAGE_V2);
      assertThat(MessageProperties.parse(request.fields().requiredText("i")).asMap())
          .containsEntry("__MOIETY_XID", branch.xid().toText())
          .containsEntry("__MOIETY_INC", "99")
          .containsEntry("__MOIETY_SEQ", "4");
    }
  }

  @Test
  void aSendThatCommitsItsBranchAsksForTheNextOne() {
    try (TestClient connected = TestClient.connect(broker)) {
      Branch branch = new Branch(new BranchXid(7, new byte[] {1}, new byte[] {3}), 99);
      BranchXid next = new BranchXid(7, new byte[] {2}, new byte[] {3});
      CompletableFuture<Optional<Branch>> committed =
          connected
              .client()
              .sendAndCommit(
                  message("T", 0, "x", Optional.of(branch.part(1))),
                  Optional.of(new NextBranch(next, Duration.ofSeconds(30))));
      Command request = connected.peer().expect(RequestCode.SEND_MESSAGE_V2);
      assertThat(request.fields().asMap())
          .containsEntry("commit", "true")
          .containsEntry("next", next.toText())
          .containsEntry("timeoutMillis", "30000");
      connected
          .peer()
          .answer(
              request,
              Fields.builder()
                  .put("msgId", Records.offsetMessageId(9))
                  .put("queueId", 0)
                  .put("queueOffset", 9)
                  .put("nextIncarnation", 100)
                  .build());
      assertThat(await(committed)).contains(new Branch(next, 100));
    }
  }

  @Test
  void aSendThatCommitsItsBranchNeedNotAskForAnother() {
    try (TestClient connected = TestClient.connect(broker)) {
      Branch branch = new Branch(new BranchXid(7, new byte[] {1}, new byte[] {3}), 99);
      CompletableFuture<Optional<Branch>> committed =
          connected
              .client()
              .sendAndCommit(message("T", 0, "x", Optional.of(branch.part(1))), Optional.empty());
      Command request = connected.peer().expect(RequestCode.SEND_MESSAGE_V2);
      assertThat(request.fields().asMap())
          .containsEntry("commit", "true")
          .doesNotContainKeys("next", "timeoutMillis");
      connected.peer().stored(request, 0, 1);
      assertThat(await(committed)).isEmpty();
    }
  }

  @Test
  void aSendOutsideOfBranchesCommitsNone() {
    try (TestClient connected = TestClient.connect(broker)) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> connected.client().sendAndCommit(message("T", 0, "x"), Optional.empty()));
      connected.client().send(message("T", 0, "y"));
      assertThat(connected.peer().expect(RequestCode.SEND_MESSAGE_V2).fields().asMap())
          .doesNotContainKey("commit");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "10, FLUSH_DISK_TIMEOUT",
    "11, SLAVE_NOT_AVAILABLE",
    "12, FLUSH_SLAVE_TIMEOUT",
  })
  void aStoredMessageIsAReceiptHoweverSafeItIs(int code, SendStatus status) {
    try (TestClient connected = TestClient.connect(broker)) {
      CompletableFuture<SendReceipt> sent = connected.client().send(message("T", 0, "x"));
      Command request = connected.peer().expect(RequestCode.SEND_MESSAGE_V2);
      connected
          .peer()
          .refuse(
              request,
              code,
              null,
              Fields.builder()
                  .put("msgId", Records.offsetMessageId(9))
                  .put("queueId", 0)
                  .put("queueOffset", 9)
                  .build());
      assertThat(await(sent).status()).isEqualTo(status);
      assertThat(await(sent).queueOffset()).isEqualTo(9);
    }
  }

  @Test
  void pipelinedSendsKeepTheirOrderAlsoWhileTheRouteIsUnknown() {
    try (TestClient connected = TestClient.connect(broker)) {
      PeerConnection peer = connected.peer();
      List<CompletableFuture<SendReceipt>> sent = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        sent.add(connected.client().send(message("T", OutgoingMessage.ANY_QUEUE, "m" + i)));
      }
      Command route = peer.expect(RequestCode.GET_ROUTEINFO_BY_TOPIC);
      assertThat(route.fields().requiredText("topic")).isEqualTo("T");
      peer.answer(route, Fields.empty(), routeOfQueues(1));
      for (int i = 50; i < 500; i++) {
        sent.add(connected.client().send(message("T", OutgoingMessage.ANY_QUEUE, "m" + i)));
      }
      for (int i = 0; i < 500; i++) {
        Command request = peer.expect(RequestCode.SEND_MESSAGE_V2);
        assertThat(Records.text(request.body())).isEqualTo("m" + i);
        peer.stored(request, 0, i);
      }
      for (int i = 0; i < 500; i++) {
        assertThat(await(sent.get(i)).queueOffset()).isEqualTo(i);
      }
    }
  }

  @Test
  void takesTheQueuesOfATopicInTurn() {
    try (TestClient connected = TestClient.connect(broker)) {
      PeerConnection peer = connected.peer();
      List<Integer> queues = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        connected.client().send(message("T", OutgoingMessage.ANY_QUEUE, "m"));
      }
      peer.answer(
          peer.expect(RequestCode.GET_ROUTEINFO_BY_TOPIC), Fields.empty(), routeOfQueues(4));
      for (int i = 0; i < 8; i++) {
        queues.add(peer.expect(RequestCode.SEND_MESSAGE_V2).fields().requiredInt("e"));
      }
      assertThat(queues.subList(0, 4)).containsExactlyInAnyOrder(0, 1, 2, 3);
      assertThat(queues.subList(4, 8)).isEqualTo(queues.subList(0, 4));
    }
  }

  @Test
  void sendsToATopicThatIsNotThereYetForTheBrokerToCreateIt() {
    try (TestClient connected = TestClient.connect(broker)) {
      PeerConnection peer = connected.peer();
      connected.client().send(message("T", OutgoingMessage.ANY_QUEUE, "m"));
      peer.refuse(
          peer.expect(RequestCode.GET_ROUTEINFO_BY_TOPIC),
          ResponseCode.TOPIC_NOT_EXIST,
          "No topic route info in name server for the topic: T");
      Command send = peer.expect(RequestCode.SEND_MESSAGE_V2);
      assertThat(send.fields().requiredInt("e")).isZero();
      assertThat(send.fields().requiredInt("d")).isEqualTo(1);
    }
  }

  @Test
  void aCutWhileTheRouteIsUnknownFailsTheSendAsNotWritten() {
    try (TestClient connected = TestClient.connect(broker)) {
      CompletableFuture<SendReceipt> sent =
          connected.client().send(message("T", OutgoingMessage.ANY_QUEUE, "m"));
      connected.peer().expect(RequestCode.GET_ROUTEINFO_BY_TOPIC);
      connected.peer().cut();
      assertThat(failure(sent, ConnectionLostException.class).requestWritten()).isFalse();
    }
  }

  @Test
  void sendsBeyondTheLimitFailAtOnceWhileTransactionsGoOn() {
    ClientConfig config = broker.config().maxInFlightSends(3).build();
    try (TestClient connected = TestClient.connect(broker, config)) {
      PeerConnection peer = connected.peer();
      List<CompletableFuture<SendReceipt>> sent = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        sent.add(connected.client().send(message("T", 0, "m" + i)));
      }
      assertThat(failure(sent.get(3), RequestLimitException.class))
          .hasMessageContaining("maxInFlightSends (now 3)");
      CompletableFuture<Void> rollback =
          connected
              .client()
              .transactions()
              .rollback(new BranchXid(1, new byte[] {1}, new byte[] {1}));
      Command first = peer.expect(RequestCode.SEND_MESSAGE_V2);
      peer.expect(RequestCode.SEND_MESSAGE_V2);
      peer.expect(RequestCode.SEND_MESSAGE_V2);
      peer.answer(peer.expect(RequestCode.XA_ROLLBACK));
      await(rollback);

      peer.stored(first, 0, 0);
      await(sent.get(0));
      CompletableFuture<SendReceipt> next = connected.client().send(message("T", 0, "m4"));
      Command request = peer.expect(RequestCode.SEND_MESSAGE_V2);
      assertThat(Records.text(request.body())).isEqualTo("m4");
      peer.stored(request, 0, 4);
      await(next);
    }
  }

  @Test
  void bytesInFlightAreBoundedButOneMessageAlwaysGoes() {
    ClientConfig config = broker.config().maxInFlightBytes(10).build();
    try (TestClient connected = TestClient.connect(broker, config)) {
      CompletableFuture<SendReceipt> large =
          connected.client().send(message("T", 0, "twenty bytes of body"));
      CompletableFuture<SendReceipt> more = connected.client().send(message("T", 0, "x"));
      assertThat(failure(more, RequestLimitException.class))
          .hasMessageContaining("maxInFlightBytes (10)");
      connected.peer().stored(connected.peer().expect(RequestCode.SEND_MESSAGE_V2), 0, 1);
      await(large);
    }
  }

  @Test
  void failedSendsGiveTheirPlacesBack() {
    ClientConfig config =
        broker.config().maxInFlightSends(1).requestTimeout(Duration.ofMillis(700)).build();
    try (TestClient connected = TestClient.connect(broker, config)) {
      failure(connected.client().send(message("T", 0, "late")), RequestTimeoutException.class);
      connected.peer().expect(RequestCode.SEND_MESSAGE_V2);
      CompletableFuture<SendReceipt> refused = connected.client().send(message("T", 0, "x"));
      connected.peer().refuse(connected.peer().expect(RequestCode.SEND_MESSAGE_V2), 2, "busy");
      assertThat(failure(refused, BrokerException.class).code()).isEqualTo(2);
      CompletableFuture<SendReceipt> next = connected.client().send(message("T", 0, "y"));
      connected.peer().stored(connected.peer().expect(RequestCode.SEND_MESSAGE_V2), 0, 1);
      await(next);
    }
  }

  @Test
  void aBodyThatTheBrokerWouldRefuseIsNotSent() {
    try (TestClient connected = TestClient.connect(broker)) {
      OutgoingMessage tooLarge =
          new OutgoingMessage(
              "T",
              0,
              MessageProperties.empty(),
              ByteBuffer.allocate(ScriptedPeer.MAX_MESSAGE_BYTES + 1),
              0,
              0,
              0,
              Optional.empty());
      BrokerException refusal = failure(connected.client().send(tooLarge), BrokerException.class);
      assertThat(refusal.code()).isEqualTo(ResponseCode.MESSAGE_ILLEGAL);
      assertThat(refusal).hasMessageContaining("4194305").hasMessageContaining("maxMessageSize");
    }
  }

  @Test
  void directBodiesArriveAndKeepTheirPosition() {
    try (TestClient connected = TestClient.connect(broker)) {
      ByteBuffer body = ByteBuffer.allocateDirect(100).put(Records.utf8("--direct")).flip();
      body.position(2);
      OutgoingMessage message =
          new OutgoingMessage("T", 0, MessageProperties.empty(), body, 0, 0, 0, Optional.empty());
      CompletableFuture<SendReceipt> sent = connected.client().send(message);
      Command request = connected.peer().expect(RequestCode.SEND_MESSAGE_V2);
      assertThat(Records.text(request.body())).isEqualTo("direct");
      connected.peer().stored(request, 0, 1);
      await(sent);
      assertThat(body.position()).isEqualTo(2);
    }
  }

  private static ByteBuffer routeOfQueues(int queues) {
    return Records.utf8(
        "{\"brokerDatas\":[{\"brokerAddrs\":{\"0\":\"127.0.0.1:10911\"},\"brokerName\":\"broker-a\","
            + "\"cluster\":\"DefaultCluster\"}],\"filterServerTable\":{},\"queueDatas\":[{"
            + "\"brokerName\":\"broker-a\",\"perm\":6,\"readQueueNums\":4,\"topicSysFlag\":0,"
            + "\"writeQueueNums\":"
            + queues
            + "}]}");
  }
}
