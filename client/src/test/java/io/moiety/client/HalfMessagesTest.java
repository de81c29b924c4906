package io.moiety.client;

import static io.moiety.client.TestClient.await;
import static io.moiety.client.TestClient.failure;
import static io.moiety.client.TestClient.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import io.moiety.protocol.body.ConnectionBody;
import io.moiety.protocol.body.HeartbeatBody;
import io.moiety.protocol.body.JsonBodies;
import io.moiety.protocol.body.ProducerConnectionsBody;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HalfMessagesTest {

  private final ScriptedPeer broker = ScriptedPeer.listen();

  @AfterEach
  void closeBroker() {
    broker.close();
  }

  @Test
  void aHalfMessageIsMarkedAndNamesItsGroup() {
    try (TestClient connected = TestClient.connect(broker)) {
      CompletableFuture<HalfReceipt> sent =
          connected.client().halfMessages().send("PG", message("T", 0, "x"));
      Command request = connected.peer().expect(RequestCode.SEND_MESSAGE_V2);
      assertThat(request.fields().asMap()).containsEntry("a", "PG").containsEntry("f", "4");
      Map<String, String> properties =
          MessageProperties.parse(request.fields().requiredText("i")).asMap();
      assertThat(properties).containsEntry("TRAN_MSG", "true").containsEntry("PGROUP", "PG");
      connected
          .peer()
          .answer(
              request,
              Fields.builder()
                  .put("msgId", Records.offsetMessageId(9_000))
                  .put("queueId", 0)
                  .put("queueOffset", 12)
                  .build());
      assertThat(await(sent).half())
          .isEqualTo(new HalfMessage("PG", "T", properties.get("UNIQ_KEY"), 12, 9_000));
      assertThat(await(sent).receipt().status()).isEqualTo(SendStatus.OK);
    }
  }

  @Test
  void anIdThatCannotBeEndsTheConnectionInsteadOfHangingTheSend() {
    try (TestClient connected = TestClient.connect(broker)) {
      CompletableFuture<HalfReceipt> sent =
          connected.client().halfMessages().send("PG", message("T", 0, "x"));
      connected
          .peer()
          .answer(
              connected.peer().expect(RequestCode.SEND_MESSAGE_V2),
              Fields.builder().put("msgId", "ZZ").put("queueId", 0).put("queueOffset", 1).build());
      assertThat(failure(sent, ConnectionLostException.class))
          .hasMessageContaining("malformed answer to request 310");
    }
  }

  @ParameterizedTest
  @CsvSource({"COMMIT, 8", "ROLLBACK, 12", "UNKNOWN, 0"})
  void resolvesWithAnAnswer(Resolution resolution, String wire) {
    try (TestClient connected = TestClient.connect(broker)) {
      CompletableFuture<Void> resolved =
          connected
              .client()
              .halfMessages()
              .end(new HalfMessage("PG", "T", "KEY", 12, 9_000), resolution);
      Command request = connected.peer().expect(RequestCode.END_TRANSACTION);
      assertThat(request.isOneway()).isFalse();
      assertThat(request.fields().asMap())
          .containsExactlyInAnyOrderEntriesOf(
              Map.of(
                  "producerGroup", "PG",
                  "tranStateTableOffset", "12",
                  "commitLogOffset", "9000",
                  "commitOrRollback", wire,
                  "fromTransactionCheck", "false",
                  "msgId", "KEY",
                  "transactionId", "KEY",
                  "topic", "T"));
      connected.peer().answer(request);
      await(resolved);
    }
  }

  @Test
  void theMembersOfAGroupAreTheirClientIds() {
    try (TestClient connected = TestClient.connect(broker)) {
      CompletableFuture<Set<String>> members = connected.client().halfMessages().members("PG");
      Command request = connected.peer().expect(RequestCode.GET_PRODUCER_CONNECTION_LIST);
      assertThat(request.fields().asMap()).containsEntry("producerGroup", "PG");
      connected
          .peer()
          .answer(
              request,
              Fields.empty(),
              JsonBodies.write(
                  new ProducerConnectionsBody(
                      List.of(
                          new ConnectionBody("10.0.0.1:1", "one", "JAVA", 0),
                          new ConnectionBody("10.0.0.2:1", "other", "JAVA", 0)))));
      assertThat(await(members)).containsExactlyInAnyOrder("one", "other");
    }
  }

  @Test
  void aGroupThatTheBrokerDoesNotKnowFailsTheQuestionForItsMembers() {
    try (TestClient connected = TestClient.connect(broker)) {
      CompletableFuture<Set<String>> members = connected.client().halfMessages().members("PG");
      connected
          .peer()
          .refuse(
              connected.peer().expect(RequestCode.GET_PRODUCER_CONNECTION_LIST),
              ResponseCode.SYSTEM_ERROR,
              "the producer group[PG] not exist");
      assertThat(failure(members, BrokerException.class)).hasMessageContaining("not exist");
    }
  }

  @Test
  void aLateDifferentResolutionIsRefused() {
    try (TestClient connected = TestClient.connect(broker)) {
      CompletableFuture<Void> resolved =
          connected
              .client()
              .halfMessages()
              .end(new HalfMessage("PG", "T", "KEY", 12, 9_000), Resolution.ROLLBACK);
      connected
          .peer()
          .refuse(
              connected.peer().expect(RequestCode.END_TRANSACTION),
              ResponseCode.ILLEGAL_OPERATION,
              "KEY is committed already");
      assertThat(failure(resolved, BrokerException.class))
          .hasMessageContaining("KEY is committed already");
    }
  }

  @Test
  void theBrokersQuestionReachesTheGroupsListenerAndIsAnswered() throws InterruptedException {
    try (TestClient connected = TestClient.connect(broker)) {
      BlockingQueue<CheckBack> checks = new LinkedBlockingQueue<>();
      register(connected, "PG", checks::add);

      connected.peer().send(question("PG"));
      CheckBack check = checks.poll(10, TimeUnit.SECONDS);
      assertThat(check.half()).isEqualTo(new HalfMessage("PG", "T", "KEY", 12, 9_000));
      assertThat(check.checkTimes()).isEqualTo(3);
      assertThat(Records.text(check.record().body())).isEqualTo("half");

      CompletableFuture<Void> answered = check.answer(Resolution.COMMIT);
      Command end = connected.peer().expect(RequestCode.END_TRANSACTION);
      assertThat(end.fields().asMap())
          .containsEntry("fromTransactionCheck", "true")
          .containsEntry("commitOrRollback", "8")
          .containsEntry("topic", "T");
      connected.peer().answer(end);
      await(answered);
    }
  }

  @Test
  void thatATransactionIsStillActiveIsSaidOfTheVeryCheck() throws InterruptedException {
    try (TestClient connected = TestClient.connect(broker)) {
      BlockingQueue<CheckBack> checks = new LinkedBlockingQueue<>();
      register(connected, "PG", checks::add);
      connected.peer().send(question("PG"));
      CompletableFuture<Void> answered =
          checks.poll(10, TimeUnit.SECONDS).answer(Resolution.ACTIVE);
      Command end = connected.peer().expect(RequestCode.END_TRANSACTION);
      assertThat(end.fields().asMap())
          .containsEntry("fromTransactionCheck", "true")
          .containsEntry("commitOrRollback", "0")
          .containsEntry("active", "true")
          .containsEntry("checkTimes", "3");
      connected.peer().answer(end);
      await(answered);
    }
  }

  @Test
  void theOutcomeIsAskedByIdAndForAReceiptByPositionToo() {
    try (TestClient connected = TestClient.connect(broker)) {
      CompletableFuture<HalfState> byId = connected.client().halfMessages().outcome("T", "KEY");
      Command request = connected.peer().expect(RequestCode.HALF_OUTCOME);
      assertThat(request.fields().asMap())
          .containsExactlyInAnyOrderEntriesOf(Map.of("topic", "T", "transactionId", "KEY"));
      connected.peer().answer(request, Fields.builder().put("state", "PARKED").build());
      assertThat(await(byId)).isEqualTo(HalfState.PARKED);

      CompletableFuture<HalfState> ofReceipt =
          connected.client().halfMessages().outcome(new HalfMessage("PG", "T", "KEY", 12, 9_000));
      Command exact = connected.peer().expect(RequestCode.HALF_OUTCOME);
      assertThat(exact.fields().asMap()).containsEntry("position", "9000");
      connected.peer().answer(exact, Fields.builder().put("state", "NEW").build());
      assertThat(failure(ofReceipt, ConnectionLostException.class)).hasMessageContaining("state");
    }
  }

  @Test
  void questionsForOthersOrMalformedOnesHarmNobody() {
    try (TestClient connected = TestClient.connect(broker)) {
      register(connected, "PG", check -> {});
      connected.peer().send(question("OTHER"));
      connected
          .peer()
          .send(
              Command.request(
                      RequestCode.CHECK_TRANSACTION_STATE, Fields.empty(), Records.utf8("junk"))
                  .asOneway());
      CompletableFuture<Void> deleted = connected.client().topics().delete("T");
      connected.peer().answer(connected.peer().expect(RequestCode.TOPIC_DELETE));
      await(deleted);
    }
  }

  @Test
  void aListenerThatThrowsHarmsNobody() throws InterruptedException {
    try (TestClient connected = TestClient.connect(broker)) {
      BlockingQueue<CheckBack> checks = new LinkedBlockingQueue<>();
      register(
          connected,
          "PG",
          check -> {
            checks.add(check);
            throw new IllegalStateException("thrown by the test's listener");
          });
      for (int i = 0; i < 2; i++) {
        connected.peer().send(question("PG"));
        assertThat(checks.poll(10, TimeUnit.SECONDS)).isNotNull();
      }
      assertThat(connected.client().isOpen()).isTrue();
    }
  }

  @Test
  void registrationsAreRenewedWithEachKeepAliveAndEndWithUnregister() {
    Duration sessionTimeout = Duration.ofSeconds(6);
    try (TestClient connected =
        TestClient.connect(broker, broker.config().build(), sessionTimeout)) {
      PeerConnection peer = connected.peer();
      register(connected, "PG", check -> {});
      Command renewal = peer.expectBesideKeepAlives(RequestCode.HEART_BEAT);
      assertThat(JsonBodies.read(renewal.body(), HeartbeatBody.class).producers())
          .containsExactly(new HeartbeatBody.Producer("PG"));
      peer.answer(renewal);

      CompletableFuture<Void> unregistered = connected.client().halfMessages().unregister("PG");
      Command request = peer.expectBesideKeepAlives(RequestCode.UNREGISTER_CLIENT);
      assertThat(request.fields().asMap())
          .containsExactlyInAnyOrderEntriesOf(
              Map.of("clientID", "test-client", "producerGroup", "PG"));
      peer.answer(request);
      await(unregistered);
      peer.answer(peer.expect(RequestCode.HELLO), ScriptedPeer.identity(sessionTimeout));
      peer.expect(RequestCode.HELLO);
    }
  }

  private static Command question(String group) {
    return Command.request(
            RequestCode.CHECK_TRANSACTION_STATE,
            Fields.builder()
                .put("tranStateTableOffset", 12)
                .put("commitLogOffset", 9_000)
                .put("msgId", "KEY")
                .put("transactionId", "KEY")
                .build(),
            Records.of(
                "T",
                2,
                12,
                "half",
                Map.of("UNIQ_KEY", "KEY", "PGROUP", group, "TRANSACTION_CHECK_TIMES", "3")))
        .asOneway();
  }

  private static void register(TestClient connected, String group, CheckBackListener listener) {
    CompletableFuture<Void> registered =
        connected.client().halfMessages().register(group, listener);
    Command heartbeat = connected.peer().expectBesideKeepAlives(RequestCode.HEART_BEAT);
    HeartbeatBody body = JsonBodies.read(heartbeat.body(), HeartbeatBody.class);
    assertThat(body.clientId()).isEqualTo("test-client");
    assertThat(body.producers()).containsExactly(new HeartbeatBody.Producer(group));
    connected.peer().answer(heartbeat);
    await(registered);
  }
}
