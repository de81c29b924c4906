package io.moiety.broker.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moiety.broker.Broker;
import io.moiety.broker.LogLines;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.MessageIds;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.RequestSignature;
import io.moiety.protocol.ResponseCode;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A signed user who is after another user's transactions, over real sockets. */
final class ForeignTransactionsWireTest {

  private static final String USERS =
      """
      {"users": [
        {"accessKey": "ops", "secretKey": "ops-secret", "admin": true},
        {"accessKey": "shop", "secretKey": "shop-secret", "topics": {"orders": "PUB|SUB"},
         "groups": {"shop": "SUB"}},
        {"accessKey": "spy", "secretKey": "spy-secret", "topics": {"own": "PUB|SUB"},
         "groups": {"spy": "SUB"}}
      ]}
      """;

  private static final String XID = "4d4f5459-01-02";

  @TempDir Path directory;
  private Broker broker;
  private RawClient shop;
  private RawClient spy;

  @BeforeEach
  void start() throws IOException {
    Path users = Files.writeString(directory.resolve("users.json"), USERS);
    broker =
        Broker.start(
            BrokerConfig.of(
                Map.of(
                    "storePathRootDir",
                    directory.resolve("store").toString(),
                    "accessFile",
                    users.toString(),
                    "transactionTimeOut",
                    "100",
                    "transactionCheckInterval",
                    "100"),
                Profile.EMBEDDED));
    shop = new RawClient(broker.address());
    spy = new RawClient(broker.address());
  }

  @AfterEach
  void stop() throws IOException {
    shop.close();
    spy.close();
    broker.close();
  }

  private static Command signed(Command request, String user) {
    return RequestSignature.sign(request, user, user + "-secret");
  }

  private static Command request(int code, Map<String, Object> fields) {
    return Command.request(code, Bench.fields(fields));
  }

  /** The answer; what the broker asks of its own is passed over. */
  private static Command call(RawClient client, Command request) throws IOException {
    Command answer = client.call(request);
    while (!answer.isResponse()) {
      answer = client.read();
    }
    return answer;
  }

  private static Command served(RawClient client, Command request) throws IOException {
    Command answer = call(client, request);
    assertThat(answer.code()).as(answer.remark()).isEqualTo(ResponseCode.SUCCESS);
    return answer;
  }

  private static void assertRefused(RawClient client, Command request) throws IOException {
    Command answer = call(client, request);
    assertThat(answer.code()).as(answer.remark()).isEqualTo(ResponseCode.NO_PERMISSION);
    assertThat(answer.remark()).doesNotContain("orders", "K1");
  }

  private static Command send(int sysFlag, String properties) {
    return Command.request(
        RequestCode.SEND_MESSAGE_V2,
        Bench.fields(
            Map.of(
                "a",
                "P",
                "b",
                "orders",
                "c",
                "TBW102",
                "d",
                1,
                "e",
                0,
                "f",
                sysFlag,
                "g",
                1,
                "h",
                0,
                "i",
                properties,
                "j",
                0)),
        ByteBuffer.wrap("secret".getBytes(UTF_8)));
  }

  private static Command heartbeat(String clientId) {
    String body =
        "{\"clientID\":\"%s\",\"producerDataSet\":[{\"groupName\":\"P\"}]}".formatted(clientId);
    return Command.request(
        RequestCode.HEART_BEAT, Fields.empty(), ByteBuffer.wrap(body.getBytes(UTF_8)));
  }

  /** A half message of the shop; what names it. */
  private Map<String, Object> half() throws IOException {
    Command sent =
        served(
            shop,
            signed(
                send(4, "TRAN_MSG\u0001true\u0002PGROUP\u0001P\u0002UNIQ_KEY\u0001K1\u0002"),
                "shop"));
    return Map.of(
        "producerGroup",
        "P",
        "tranStateTableOffset",
        sent.fields().requiredLong("queueOffset"),
        "commitLogOffset",
        MessageIds.parseOffsetMessageId(sent.fields().requiredText("msgId")).position());
  }

  private static Command end(
      Map<String, Object> half, int decision, String topic, String id, String user) {
    Map<String, Object> fields = new HashMap<>(half);
    fields.put("commitOrRollback", decision);
    fields.put("topic", topic);
    fields.put("msgId", id);
    return signed(request(RequestCode.END_TRANSACTION, fields), user);
  }

  @Test
  void memberOfAProducerGroupIsNotShownMessagesOfTopicsThatAreNotItsOwn() throws IOException {
    try (LogLines lines = LogLines.of(ProducerChecks.class)) {
      half();
      served(spy, signed(heartbeat("spy"), "spy"));
      await().until(() -> !lines.of(Level.WARNING).isEmpty());
      assertThat(lines.of(Level.WARNING).get(0)).contains("Nobody is asked", "orders", "P");
    }
    shop.write(signed(heartbeat("shop"), "shop"));
    Command next = shop.read();
    while (next.isResponse()) {
      next = shop.read();
    }
    assertThat(next.code()).isEqualTo(RequestCode.CHECK_TRANSACTION_STATE);
    spy.write(signed(heartbeat("spy"), "spy"));
    assertThat(spy.read().isResponse()).as("nothing but the answer").isTrue();
  }

  @Test
  void halfMessageIsDecidedOnlyByWhoMaySendToItsRealTopicAndNamesIt() throws IOException {
    Map<String, Object> half = half();
    for (int decision : new int[] {8, 12}) {
      assertRefused(spy, end(half, decision, "own", "K1", "spy"));
      assertRefused(spy, end(half, decision, "own", "guessed", "spy"));
      assertRefused(spy, end(half, decision, "RMQ_SYS_TRANS_HALF_TOPIC", "K1", "spy"));
      assertRefused(shop, end(half, decision, "RMQ_SYS_TRANS_HALF_TOPIC", "", "shop"));
    }
    served(shop, end(half, 8, "RMQ_SYS_TRANS_HALF_TOPIC", "K1", "shop"));
    assertThat(ordersCount()).isEqualTo(1);
  }

  private long ordersCount() throws IOException {
    return served(
            shop,
            signed(
                request(RequestCode.GET_MAX_OFFSET, Map.of("topic", "orders", "queueId", 0)),
                "shop"))
        .fields()
        .requiredLong("offset");
  }

  private static Command xa(int code, Map<String, Object> more, String user) {
    Map<String, Object> fields = new HashMap<>(more);
    fields.put("xid", XID);
    return signed(request(code, fields), user);
  }

  /** A branch of the shop with one message, started over {@link #shop}. */
  private long branch() throws IOException {
    long incarnation =
        served(shop, xa(RequestCode.XA_START, Map.of("flags", XAResource.TMNOFLAGS), "shop"))
            .fields()
            .requiredLong("incarnation");
    served(
        shop,
        signed(
            send(
                0,
                "__MOIETY_XID\u0001%s\u0002__MOIETY_INC\u0001%d\u0002__MOIETY_SEQ\u00011\u0002"
                    .formatted(XID, incarnation)),
            "shop"));
    return incarnation;
  }

  @Test
  void activeBranchIsLeftAloneByOthers() throws IOException {
    long incarnation = branch();
    assertRefused(
        spy,
        xa(
            RequestCode.XA_END,
            Map.of("incarnation", incarnation, "flags", XAResource.TMFAIL),
            "spy"));
    assertRefused(spy, xa(RequestCode.XA_START, Map.of("flags", XAResource.TMJOIN), "spy"));
    assertRefused(spy, xa(RequestCode.XA_PREPARE, Map.of(), "spy"));
    assertRefused(spy, xa(RequestCode.XA_ROLLBACK, Map.of(), "spy"));
    served(
        shop,
        xa(
            RequestCode.XA_END,
            Map.of("incarnation", incarnation, "flags", XAResource.TMSUCCESS),
            "shop"));
    assertRefused(spy, xa(RequestCode.XA_COMMIT, Map.of("onePhase", true), "spy"));

    served(shop, xa(RequestCode.XA_COMMIT, Map.of("onePhase", true), "shop"));
    assertThat(ordersCount()).isEqualTo(1);
  }

  @Test
  void preparedBranchIsDecidedOnlyByWhoMightHaveDoneItsWork() throws IOException {
    long incarnation = branch();
    served(
        shop,
        xa(
            RequestCode.XA_END,
            Map.of("incarnation", incarnation, "flags", XAResource.TMSUCCESS),
            "shop"));
    served(shop, xa(RequestCode.XA_PREPARE, Map.of(), "shop"));
    Command listed = served(spy, signed(request(RequestCode.XA_RECOVER, Map.of()), "spy"));
    assertThat(Bench.text(listed.body())).isEqualTo(XID);

    assertRefused(spy, xa(RequestCode.XA_ROLLBACK, Map.of(), "spy"));
    assertRefused(spy, xa(RequestCode.XA_COMMIT, Map.of(), "spy"));
    try (RawClient recovery = new RawClient(broker.address())) {
      served(recovery, xa(RequestCode.XA_COMMIT, Map.of(), "shop"));
    }
    assertThat(ordersCount()).isEqualTo(1);
  }

  @Test
  void administratorDecidesAnything() throws IOException {
    branch();
    served(spy, xa(RequestCode.XA_ROLLBACK, Map.of(), "ops"));
    served(spy, end(half(), 12, "orders", "", "ops"));
    assertThat(ordersCount()).isZero();
  }

  @Test
  void clientIdOfAnotherUserIsNotTaken() throws IOException {
    served(shop, signed(heartbeat("asker"), "shop"));
    Command refused = call(spy, signed(heartbeat("asker"), "spy"));
    assertThat(refused.code()).isEqualTo(ResponseCode.NO_PERMISSION);
    assertThat(refused.remark()).contains("asker", "another user");
  }
}
