package io.moiety.broker.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that a client sends, or leaves out, keeps the broker from serving the others. */
final class HostileClientWireTest {

  private static final int MIB = 1024 * 1024;

  @TempDir Path directory;
  private Broker broker;

  @BeforeEach
  void start() {
    broker =
        Broker.start(
            BrokerConfig.of(
                Map.of(
                    "storePathRootDir",
                    directory.toString(),
                    "flushDiskType",
                    "ASYNC_FLUSH",
                    "serverChannelMaxIdleTimeSeconds",
                    "5",
                    "maxInFlightBytesPerConnection",
                    Integer.toString(17 * MIB)),
                Profile.EMBEDDED));
  }

  /** Whatever was done to it, the broker serves. */
  @AfterEach
  void servesStill() throws IOException {
    try (RawClient witness = new RawClient(broker.address())) {
      assertThat(witness.call(send("witness", 10)).code()).isEqualTo(ResponseCode.SUCCESS);
    } finally {
      broker.close();
    }
  }

  private static Command send(String topic, int bodyBytes) {
    return Command.request(
        RequestCode.SEND_MESSAGE_V2,
        Bench.fields(
            Map.of(
                "a", "P", "b", topic, "c", "TBW102", "d", 1, "e", 0, "f", 0, "g", 1, "h", 0, "i",
                "", "j", 0)),
        ByteBuffer.allocate(bodyBytes));
  }

  private static Command pull(int opaque, String topic) {
    return pull(opaque, topic, "G");
  }

  private static Command pull(int opaque, String topic, String group) {
    return Command.request(
            RequestCode.PULL_MESSAGE,
            Bench.fields(
                Map.of(
                    "consumerGroup",
                    group,
                    "topic",
                    topic,
                    "queueId",
                    0,
                    "queueOffset",
                    0,
                    "maxMsgNums",
                    1_000,
                    "sysFlag",
                    4,
                    "commitOffset",
                    0,
                    "subVersion",
                    1)))
        .withOpaque(opaque);
  }

  private static byte[] frame(byte[] header) {
    return ByteBuffer.allocate(8 + header.length)
        .putInt(4 + header.length)
        .putInt(header.length)
        .put(header)
        .array();
  }

  private static byte[] frame(String header) {
    return frame(header.getBytes(UTF_8));
  }

  private static String unknownMembers(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"x" + i + "\":" + i)
        .collect(Collectors.joining(",", "{\"code\":26,\"opaque\":9,", "}"));
  }

  @Test
  void unknownMembersOfAHeaderAreIgnoredUpToItsLimit() throws IOException {
    try (RawClient client = new RawClient(broker.address())) {
      client.write(frame(unknownMembers(50_000)));
      assertThat(client.read().code()).isEqualTo(ResponseCode.SUCCESS);
    }
    try (RawClient client = new RawClient(broker.address())) {
      client.writeUntilClosed(frame(unknownMembers(1_000_000)));
      assertThat(client.isClosedByServer()).isTrue();
    }
    try (RawClient client = new RawClient(broker.address())) {
      client.writeUntilClosed(
          frame("{\"code\":26,\"opaque\":9,\"x\":\"" + "a".repeat(MIB) + "\"}"));
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"code\":99999999999999999999}",
        "{\"code\":1e400}",
        "{\"code\":26,\"opaque\":-99999999999}",
        "{\"code\":\"26\"}",
        "{\"code\":26,\"extFields\":[]}",
        "{\"code\":26,\"extFields\":{\"a\":{}}}",
        "{\"code\":26",
        "",
        "[]",
        "null",
        "{}",
      })
  void headerThatMeansNothingClosesItsConnection(String header) throws IOException {
    try (RawClient client = new RawClient(broker.address())) {
      client.writeUntilClosed(frame(header));
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"a\":"})
  void deeplyNestedHeaderClosesItsConnection(String opening) throws IOException {
    try (RawClient client = new RawClient(broker.address())) {
      client.writeUntilClosed(frame("{\"code\":26,\"deep\":" + opening.repeat(100_000)));
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"a\":", "{\"consumerDataSet\":[", "{\"clientID\":\"c\",\"x\":["})
  void deeplyNestedBodyIsAnInvalidParameter(String opening) throws IOException {
    try (RawClient client = new RawClient(broker.address())) {
      Command answer =
          client.call(
              Command.request(
                  RequestCode.HEART_BEAT,
                  Fields.empty(),
                  ByteBuffer.wrap(opening.repeat(40_000).getBytes(UTF_8))));
      assertThat(answer.code()).isEqualTo(ResponseCode.INVALID_PARAMETER);
    }
  }

  @Test
  void longNumbersAreRefused() throws IOException {
    String digits = "9".repeat(900_000);
    try (RawClient client = new RawClient(broker.address())) {
      client.writeUntilClosed(
          frame("{\"code\":26,\"x\":" + digits + ",\"opaque\":" + digits + "}"));
      assertThat(client.isClosedByServer()).isTrue();
    }
    try (RawClient client = new RawClient(broker.address())) {
      Command answer =
          client.call(
              Command.request(
                  RequestCode.HEART_BEAT,
                  Fields.empty(),
                  ByteBuffer.wrap(
                      ("{\"clientID\":\"c\",\"heartbeatFingerprint\":" + digits + "}")
                          .getBytes(UTF_8))));
      assertThat(answer.code()).isEqualTo(ResponseCode.INVALID_PARAMETER);
      assertThat(answer.remark()).hasSizeLessThan(1_000);
    }
  }

  @Test
  void unknownCodesAreAnsweredWithTheirNumber() throws IOException {
    try (RawClient client = new RawClient(broker.address())) {
      for (int code : new int[] {-1, 0, 4_711, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
        Command answer = client.call(Command.request(code, Fields.empty()));
        assertThat(answer.code()).isEqualTo(ResponseCode.REQUEST_CODE_NOT_SUPPORTED);
        assertThat(answer.remark()).isEqualTo(" request type " + code + " not supported");
      }
    }
  }

  @Test
  void clientThatAsksForMuchAndReadsNothingIsClosed() throws IOException {
    try (RawClient feeder = new RawClient(broker.address())) {
      for (int i = 0; i < 16; i++) {
        assertThat(feeder.call(send("large", 200_000)).code()).isEqualTo(ResponseCode.SUCCESS);
      }
    }
    try (RawClient greedy = new RawClient(broker.address(), 16 * 1024)) {
      // Asked in one go, before an answer could stop the broker from reading: 800 MB of answers.
      ByteBuffer asked = ByteBuffer.allocate(2 * MIB);
      for (int i = 0; i < 4_000; i++) {
        asked.put(RawClient.bytes(pull(i, "large")));
      }
      byte[] all = new byte[asked.position()];
      asked.flip().get(all);
      greedy.writeUntilClosed(all);

      await().atMost(Duration.ofSeconds(60)).until(greedy::isEnded);
    }
  }

  @Test
  void frameThatComesByteByByteIsNoSignOfLife() throws IOException {
    byte[] never = ByteBuffer.allocate(1_000).putInt(0, 900_000).putInt(4, 10).array();
    try (RawClient dripping = new RawClient(broker.address())) {
      int[] sent = {0};
      await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(200))
          .until(
              () -> {
                dripping.writeUntilClosed(new byte[] {never[sent[0]++]});
                return dripping.isEndedNow();
              });
    }
  }

  @Test
  void halfOpenConnectionsAreClosed() throws IOException {
    List<RawClient> silent = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      silent.add(new RawClient(broker.address()));
    }
    for (RawClient client : silent) {
      assertThat(client.isClosedByServer()).isTrue();
      client.close();
    }
  }

  @Test
  void heartbeatsCannotKeepMoreThanTheirShare() throws IOException {
    try (RawClient client = new RawClient(broker.address())) {
      Command answer = client.call(heartbeat(0));
      int sent = 1;
      while (sent < 200 && isAccepted(answer)) {
        answer = client.call(heartbeat(sent++));
        while (!answer.isResponse()) {
          answer = client.read();
        }
      }
      assertThat(answer.remark())
          .contains(
              "the groups and subscriptions of this connection would take", "use several clients");
      assertThat(sent).isLessThan(50);
    }
  }

  @Test
  void heartbeatThatIsSaidAgainTakesNoMore() throws IOException {
    try (RawClient client = new RawClient(broker.address())) {
      for (int i = 0; i < 20; i++) {
        Command answer = client.call(heartbeat(7));
        while (!answer.isResponse()) {
          answer = client.read();
        }
        assertThat(answer.code()).as(answer.remark()).isEqualTo(ResponseCode.SUCCESS);
      }
    }
  }

  private static boolean isAccepted(Command answer) {
    return !answer.isResponse() || answer.code() == ResponseCode.SUCCESS;
  }

  /** Of another group each time, with 500 subscriptions of 200 characters. */
  private static Command heartbeat(int number) {
    String subscriptions =
        IntStream.range(0, 500)
            .mapToObj(i -> "{\"topic\":\"T" + i + "\",\"subString\":\"" + "a".repeat(200) + "\"}")
            .collect(Collectors.joining(","));
    String body =
        "{\"clientID\":\"c\",\"producerDataSet\":[],\"consumerDataSet\":[{\"groupName\":\"G"
            + number
            + "\",\"consumeFromWhere\":\"CONSUME_FROM_LAST_OFFSET\",\"consumeType\":"
            + "\"CONSUME_PASSIVELY\",\"messageModel\":\"CLUSTERING\",\"subscriptionDataSet\":["
            + subscriptions
            + "],\"unitMode\":false}]}";
    return Command.request(
        RequestCode.HEART_BEAT, Fields.empty(), ByteBuffer.wrap(body.getBytes(UTF_8)));
  }

  @Test
  void longNamesThatWouldBeKeptAreRefused() throws IOException {
    String name = "n".repeat(100_000);
    try (RawClient client = new RawClient(broker.address())) {
      for (Command request :
          List.of(
              Command.request(RequestCode.HELLO, Bench.fields(Map.of("clientId", name))),
              pull(1, "T", name),
              own(
                  RequestCode.POP_MESSAGE,
                  Map.of(
                      "consumerGroup",
                      "G",
                      "topic",
                      "T",
                      "queueId",
                      -1,
                      "maxMsgNums",
                      1,
                      "invisibleTime",
                      1_000,
                      "order",
                      true,
                      "attemptId",
                      name)),
              own(
                  RequestCode.SUBSCRIBE,
                  Map.of(
                      "group",
                      "G",
                      "topic",
                      "T",
                      "from",
                      "FIRST",
                      "durable",
                      true,
                      "exclusive",
                      false,
                      "noLocalClient",
                      name)),
              body(RequestCode.HEART_BEAT, "{\"clientID\":\"" + name + "\"}"),
              body(
                  RequestCode.LOCK_BATCH_MQ,
                  "{\"clientId\":\"c\",\"consumerGroup\":\"" + name + "\",\"mqSet\":[]}"),
              body(
                  RequestCode.LOCK_BATCH_MQ,
                  "{\"clientId\":\"c\",\"consumerGroup\":\"G\",\"mqSet\":[{\"brokerName\":\"b\","
                      + "\"queueId\":0,\"topic\":\""
                      + name
                      + "\"}]}"))) {
        Command answer = client.call(request);
        assertThat(answer.code()).isEqualTo(ResponseCode.INVALID_PARAMETER);
        assertThat(answer.remark()).containsAnyOf("1024", "255").hasSizeLessThan(1_000);
      }
    }
  }

  @Test
  void consumersOfOneConnectionAreBounded() throws IOException {
    try (RawClient client = new RawClient(broker.address())) {
      assertSuccess(client.call(own(RequestCode.HELLO, Map.of("clientId", "c"))));
      assertSuccess(
          client.call(
              own(
                  RequestCode.TOPIC_CREATE,
                  Map.of("topic", "Q", "queues", 1, "temporary", false, "queue", true))));
      Command answer = Command.request(0, Fields.empty());
      long session = 0;
      int consumers = 0;
      while (consumers < 20_000 && !refused(answer)) {
        if (consumers % 1_000 == 0) {
          Command opened = client.call(own(RequestCode.SESSION_OPEN, Map.of()));
          session = opened.fields().requiredLong("session");
        }
        answer = client.call(receive(session, consumers++));
      }
      assertThat(answer.remark()).contains("The sessions of this connection have 10000 consumers");
    }
  }

  private static boolean refused(Command answer) {
    return answer.isResponse()
        && answer.code() != ResponseCode.SUCCESS
        && answer.code() != ResponseCode.PULL_NOT_FOUND;
  }

  private static void assertSuccess(Command answer) {
    assertThat(answer.code()).as(answer.remark()).isEqualTo(ResponseCode.SUCCESS);
  }

  private static Command receive(long session, int consumer) {
    return own(
        RequestCode.RECEIVE,
        Map.of(
            "session",
            session,
            "consumer",
            consumer,
            "group",
            "Q",
            "topic",
            "Q",
            "maxMessages",
            1,
            "waitMillis",
            0,
            "handOver",
            true,
            "maxDeliveries",
            0));
  }

  private static Command own(int code, Map<String, Object> fields) {
    return Command.request(code, Bench.fields(fields));
  }

  @Test
  void namesWithLineEndsAreRefused() throws IOException {
    try (RawClient client = new RawClient(broker.address())) {
      Command answer =
          client.call(
              Command.request(
                  RequestCode.HELLO, Bench.fields(Map.of("clientId", "a\n2026 ERROR forged"))));
      assertThat(answer.code()).isEqualTo(ResponseCode.INVALID_PARAMETER);
      assertThat(answer.remark()).contains("a?2026", "without control characters");
    }
  }

  private static Command body(int code, String json) {
    return Command.request(code, Fields.empty(), ByteBuffer.wrap(json.getBytes(UTF_8)));
  }
}
