package io.moiety.broker.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moiety.broker.Broker;
import io.moiety.broker.LogLines;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import io.moiety.protocol.Command;
import io.moiety.protocol.HeaderFormat;
import io.moiety.protocol.MessageIds;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.RequestSignature;
import io.moiety.protocol.ResponseCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A broker with users, over real sockets. */
final class AccessWireTest {

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

  @TempDir Path directory;
  private Path users;
  private Broker broker;
  private RawClient client;

  @BeforeEach
  void start() throws IOException {
    users = Files.writeString(directory.resolve("users.json"), USERS);
    broker =
        Broker.start(
            BrokerConfig.of(
                Map.of(
                    "storePathRootDir",
                    directory.resolve("store").toString(),
                    "accessFile",
                    users.toString()),
                Profile.EMBEDDED));
    client = new RawClient(broker.address());
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    broker.close();
  }

  private static Command send(String topic) {
    return Command.request(
        RequestCode.SEND_MESSAGE_V2,
        Bench.fields(
            Map.of(
                "a", "P", "b", topic, "c", "TBW102", "d", 1, "e", 0, "f", 0, "g", 1, "h", 0, "i",
                "", "j", 0)),
        ByteBuffer.wrap("body".getBytes(UTF_8)));
  }

  private static Command signed(Command request, String user) {
    return RequestSignature.sign(request, user, user + "-secret");
  }

  /** The answer; what the broker asks of its own is passed over. */
  private Command call(Command request) throws IOException {
    Command answer = client.call(request);
    while (!answer.isResponse()) {
      answer = client.read();
    }
    return answer;
  }

  private void assertServed(Command request) throws IOException {
    Command answer = call(request);
    assertThat(answer.code()).as(answer.remark()).isEqualTo(ResponseCode.SUCCESS);
  }

  private void assertRefused(Command request, String remark) throws IOException {
    Command answer = call(request);
    assertThat(answer.code()).isEqualTo(ResponseCode.NO_PERMISSION);
    assertThat(answer.remark()).contains(remark);
  }

  @ParameterizedTest
  @EnumSource(HeaderFormat.class)
  void signedRequestsAreServedInEitherHeaderFormat(HeaderFormat format) throws IOException {
    assertServed(signed(send("orders"), "shop").withFormat(format));
    assertRefused(signed(send("own"), "shop").withFormat(format), "Topic:own");
  }

  @Test
  void whatIsNotSignedRightIsRefused() throws IOException {
    assertRefused(send("orders"), "username cannot be null.");
    assertRefused(
        RequestSignature.sign(send("orders"), "shop", "wrong-secret"), "check signature failed.");
    assertRefused(signed(send("orders"), "nobody"), "User:nobody is not found.");
    assertRefused(
        Command.request(RequestCode.HELLO, Bench.fields(Map.of("clientId", "c"))),
        "username cannot be null.");
    assertServed(
        signed(Command.request(RequestCode.HELLO, Bench.fields(Map.of("clientId", "c"))), "shop"));
  }

  @Test
  void unsignedOnewayRequestHasNoEffect() throws IOException {
    client.write(send("orders").asOneway());
    assertServed(signed(send("orders"), "shop"));

    Command max =
        call(
            signed(
                Command.request(
                    RequestCode.GET_MAX_OFFSET,
                    Bench.fields(Map.of("topic", "orders", "queueId", 0))),
                "shop"));
    assertThat(max.fields().requiredLong("offset")).isEqualTo(1);
  }

  @Test
  void unknownCodesAreSaidToBeUnknown() throws IOException {
    assertThat(call(Command.request(31_000, Bench.fields(Map.of()))).code())
        .isEqualTo(ResponseCode.REQUEST_CODE_NOT_SUPPORTED);
  }

  @Test
  void connectionThatIsRefusedAgainAndAgainIsClosed() throws IOException {
    for (int i = 1; i < Gate.MAX_REFUSALS; i++) {
      assertRefused(send("orders"), "username cannot be null.");
    }
    assertServed(signed(send("orders"), "shop"));
    for (int i = 1; i <= Gate.MAX_REFUSALS; i++) {
      assertRefused(send("orders"), "username cannot be null.");
    }
    assertThat(client.isClosedByServer()).isTrue();
  }

  @Test
  void whatWasReadWithTheLastRefusalHasNoEffectAndTheEndIsLogged() throws IOException {
    ByteBuffer packet = ByteBuffer.allocate(64 * 1024);
    for (int i = 1; i <= Gate.MAX_REFUSALS; i++) {
      packet.put(RawClient.bytes(send("orders")));
    }
    packet.put(RawClient.bytes(signed(send("orders"), "shop")));
    byte[] bytes = new byte[packet.position()];
    packet.flip().get(bytes);
    try (LogLines lines = LogLines.of(Acceptor.class)) {
      client.write(bytes);
      for (int i = 1; i <= Gate.MAX_REFUSALS; i++) {
        assertThat(client.read().code()).isEqualTo(ResponseCode.NO_PERMISSION);
      }
      assertThat(client.isClosedByServer()).isTrue();
      assertThat(lines.of(System.Logger.Level.WARNING))
          .anyMatch(line -> line.contains("was refused 32 times in a row"));
    }
    try (RawClient other = new RawClient(broker.address())) {
      Command max =
          other.call(
              signed(
                  Command.request(
                      RequestCode.GET_MAX_OFFSET,
                      Bench.fields(Map.of("topic", "orders", "queueId", 0))),
                  "shop"));
      assertThat(max.code())
          .as("no message made the topic")
          .isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
    }
  }

  @Test
  void requestsThatNeedNoKeyDoNotMakeRefusalsForgotten() throws IOException {
    for (int i = 1; i <= Gate.MAX_REFUSALS; i++) {
      assertServed(
          Command.request(
              RequestCode.GET_ROUTEINFO_BY_TOPIC, Bench.fields(Map.of("topic", "TBW102"))));
      assertRefused(send("orders"), "username cannot be null.");
    }
    assertThat(client.isClosedByServer()).isTrue();
  }

  @Test
  void messageThatIsNamedByItsPlaceIsGivenOnlyToWhoMayConsumeItsTopic() throws IOException {
    Command sent = call(signed(send("orders"), "shop"));
    long position = MessageIds.parseOffsetMessageId(sent.fields().requiredText("msgId")).position();
    Command view =
        Command.request(
            RequestCode.VIEW_MESSAGE_BY_ID,
            Bench.fields(Map.of("offset", position, "topic", "own")));
    assertServed(signed(view, "shop"));
    assertServed(signed(view, "ops"));
    assertRefused(signed(view, "spy"), "no permission to access the topic of this message");

    assertServed(signed(heartbeat("spy", "own"), "spy"));
    Command sendBack =
        Command.request(
            RequestCode.CONSUMER_SEND_MSG_BACK,
            Bench.fields(
                Map.of("offset", position, "group", "spy", "delayLevel", 1, "originTopic", "own")));
    assertRefused(signed(sendBack, "spy"), "no permission to access the topic of this message");
  }

  private static Command heartbeat(String group, String topic) {
    String body =
        "{\"clientID\":\"c\",\"producerDataSet\":[],\"consumerDataSet\":[{\"groupName\":\""
            + group
            + "\",\"consumeFromWhere\":\"CONSUME_FROM_FIRST_OFFSET\",\"consumeType\":"
            + "\"CONSUME_PASSIVELY\",\"messageModel\":\"CLUSTERING\",\"subscriptionDataSet\":[{"
            + "\"topic\":\""
            + topic
            + "\",\"subString\":\"*\"}],\"unitMode\":false}]}";
    return Command.request(
        RequestCode.HEART_BEAT, Bench.fields(Map.of()), ByteBuffer.wrap(body.getBytes(UTF_8)));
  }

  @Test
  void heartbeatsAreRefusedForGroupsAndTopicsOfOthers() throws IOException {
    assertRefused(heartbeat("shop", "orders"), "username cannot be null.");
    assertRefused(signed(heartbeat("shop", "orders"), "spy"), "Group:shop");
    assertRefused(signed(heartbeat("spy", "orders"), "spy"), "Topic:orders");
    assertServed(signed(heartbeat("shop", "orders"), "shop"));
  }

  @Test
  void bodyThatCannotBeReadIsAnInvalidParameter() throws IOException {
    Command request =
        Command.request(
            RequestCode.HEART_BEAT, Bench.fields(Map.of()), ByteBuffer.wrap(new byte[] {'{'}));
    assertThat(call(signed(request, "shop")).code()).isEqualTo(ResponseCode.INVALID_PARAMETER);
  }

  @Test
  void changedUsersHoldWithoutARestart() throws IOException {
    Files.writeString(users, USERS.replace("\"orders\": \"PUB|SUB\"", "\"orders\": \"SUB\""));
    await().until(() -> call(signed(send("orders"), "shop")).code() == ResponseCode.NO_PERMISSION);
  }
}
