package io.moiety.broker.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients can make the broker keep is refused beyond its limit, with limit and number. */
final class LimitsWireTest {
  private static final int LIMIT = 16;

  @TempDir Path directory;
  private Broker broker;
  private RawClient client;

  @BeforeEach
  void start() throws IOException {
    broker =
        Broker.start(
            BrokerConfig.of(
                Map.of(
                    "storePathRootDir",
                    directory.toString(),
                    "maxTopics",
                    "24",
                    "maxQueues",
                    "100",
                    "maxGroups",
                    Integer.toString(LIMIT)),
                Profile.EMBEDDED));
    client = new RawClient(broker.address());
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    broker.close();
  }

  private Command call(int code, Map<String, Object> fields, String body) throws IOException {
    return call(Command.request(code, Bench.fields(fields), ByteBuffer.wrap(body.getBytes(UTF_8))));
  }

  /** The answer; what the broker asks of its own is passed over. */
  private Command call(Command request) throws IOException {
    Command answer = client.call(request);
    while (!answer.isResponse()) {
      answer = client.read();
    }
    return answer;
  }

  private Command createTopic(String name, int queues) throws IOException {
    return call(
        RequestCode.UPDATE_AND_CREATE_TOPIC,
        Map.of(
            "topic",
            name,
            "defaultTopic",
            "TBW102",
            "readQueueNums",
            queues,
            "writeQueueNums",
            queues,
            "perm",
            6,
            "topicFilterType",
            "SINGLE_TAG"),
        "");
  }

  private Command heartbeat(String clientId, String groups) throws IOException {
    String body =
        "{\"clientID\":\""
            + clientId
            + "\",\"producerDataSet\":[],\"consumerDataSet\":["
            + groups
            + "]}";
    return call(RequestCode.HEART_BEAT, Map.of(), body);
  }

  private static String group(String name) {
    return "{\"groupName\":\""
        + name
        + "\",\"consumeFromWhere\":\"CONSUME_FROM_LAST_OFFSET\",\"consumeType\":\"CONSUME_PASSIVELY\","
        + "\"messageModel\":\"CLUSTERING\",\"subscriptionDataSet\":[],\"unitMode\":false}";
  }

  private static void assertRefused(Command answer, String limit) {
    assertThat(answer.code()).isNotEqualTo(ResponseCode.SUCCESS);
    assertThat(answer.remark()).contains("there are ", "the limit (" + limit + ") is ");
  }

  private void makeGroups() throws IOException {
    for (int i = 0; i < LIMIT; i++) {
      assertThat(heartbeat("c", group("G" + i)).code()).isEqualTo(ResponseCode.SUCCESS);
    }
  }

  @Test
  void topicsAreBounded() throws IOException {
    Command answer = createTopic("T0", 1);
    for (int i = 1; i < 30 && answer.code() == ResponseCode.SUCCESS; i++) {
      answer = createTopic("T" + i, 1);
    }

    assertRefused(answer, "maxTopics");
    Command sent =
        call(
            RequestCode.SEND_MESSAGE_V2,
            Map.of(
                "a", "P", "b", "another", "c", "TBW102", "d", 1, "e", 0, "f", 0, "g", 1, "h", 0,
                "i", "", "j", 0),
            "body");
    assertRefused(sent, "maxTopics");
    assertThat(createTopic("T0", 2).code()).as("one that is there").isEqualTo(0);
  }

  @Test
  void queuesOfAllTopicsAreBounded() throws IOException {
    assertThat(createTopic("A", 60).code()).isEqualTo(ResponseCode.SUCCESS);
    assertRefused(createTopic("B", 60), "maxQueues");
    assertThat(createTopic("A", 61).code()).isEqualTo(ResponseCode.SUCCESS);
    assertRefused(createTopic("A", 120), "maxQueues");
  }

  @Test
  void groupsOfHeartbeatsAreBounded() throws IOException {
    makeGroups();
    assertRefused(heartbeat("c", group("one-more")), "maxGroups");
    assertThat(heartbeat("c", group("G3")).code()).isEqualTo(ResponseCode.SUCCESS);
  }

  @Test
  void groupsOfPopsOffsetsAndSubscriptionsAreBounded() throws IOException {
    createTopic("T", 1);
    makeGroups();

    assertRefused(
        call(
            RequestCode.POP_MESSAGE,
            Map.of(
                "consumerGroup",
                "P",
                "topic",
                "T",
                "queueId",
                -1,
                "maxMsgNums",
                1,
                "invisibleTime",
                1_000,
                "pollTime",
                0,
                "bornTime",
                0,
                "initMode",
                0),
            ""),
        "maxGroups");
    assertRefused(
        call(
            RequestCode.UPDATE_CONSUMER_OFFSET,
            Map.of("consumerGroup", "O", "topic", "T", "queueId", 0, "commitOffset", 0),
            ""),
        "maxGroups");
    assertRefused(
        call(
            RequestCode.SUBSCRIBE,
            Map.of(
                "group", "S", "topic", "T", "from", "FIRST", "durable", true, "exclusive", false),
            ""),
        "maxGroups");
  }

  @Test
  void offsetOfAQueueThatIsNotThereIsRefused() throws IOException {
    createTopic("T", 1);
    Command answer =
        call(
            RequestCode.UPDATE_CONSUMER_OFFSET,
            Map.of("consumerGroup", "G", "topic", "T", "queueId", 7, "commitOffset", 0),
            "");

    assertThat(answer.code()).isEqualTo(ResponseCode.INVALID_PARAMETER);
    assertThat(answer.remark()).contains("queueId");
  }

  @Test
  void namesThatOneConnectionTakesAreBounded() throws IOException {
    String groups =
        IntStream.range(0, LIMIT).mapToObj(i -> group("G" + i)).collect(Collectors.joining(","));
    Command answer = heartbeat("c0", groups);
    for (int i = 1; i < 100 && answer.code() == ResponseCode.SUCCESS; i++) {
      answer = heartbeat("c" + i, groups);
    }

    assertThat(answer.code()).isNotEqualTo(ResponseCode.SUCCESS);
    assertThat(answer.remark()).contains("this connection is in ", " 1024 are allowed");
    client.close();
    client = new RawClient(broker.address());
    assertThat(heartbeat("c", groups).code()).isEqualTo(ResponseCode.SUCCESS);
  }

  @Test
  void hugeHeartbeatIsRefused() throws IOException {
    Command answer =
        call(
            Command.request(
                RequestCode.HEART_BEAT, Fields.empty(), ByteBuffer.allocate(1024 * 1024 + 1)));

    assertThat(answer.code()).isEqualTo(ResponseCode.INVALID_PARAMETER);
    assertThat(answer.remark()).contains("1048577", "1048576 are allowed");
  }
}
