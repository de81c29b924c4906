package io.moiety.broker.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.protocol.Command;
import io.moiety.protocol.HeaderFormat;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What RocketMQ's clients say to a whole broker, frame by frame. */
final class ClassicClientTest {

  private static final int COMMIT_AND_SUSPEND = 3;

  @TempDir private Path directory;
  private Broker broker;

  @BeforeEach
  void start() {
    broker = Broker.start(BrokerConfig.embedded(directory));
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  private RawClient connect() throws IOException {
    return new RawClient(broker.address());
  }

  private static Command request(int code, Map<String, Object> fields) {
    return Command.request(code, Bench.fields(fields)).withOpaque(code);
  }

  private static Command send(String body) {
    return Command.request(
            RequestCode.SEND_MESSAGE_V2,
            Bench.fields(
                Map.of(
                    "a",
                    "PG",
                    "b",
                    "T",
                    "c",
                    "TBW102",
                    "d",
                    4,
                    "e",
                    0,
                    "f",
                    0,
                    "g",
                    1L,
                    "h",
                    0,
                    "i",
                    "TAGS\u0001A\u0002UNIQ_KEY\u0001" + body + "\u0002")),
            ByteBuffer.wrap(body.getBytes(UTF_8)))
        .withOpaque(310);
  }

  private static Command pull(long queueOffset, long committed) {
    Map<String, Object> fields = new HashMap<>();
    fields.put("consumerGroup", "G");
    fields.put("topic", "T");
    fields.put("queueId", 0);
    fields.put("queueOffset", queueOffset);
    fields.put("maxMsgNums", 32);
    fields.put("sysFlag", COMMIT_AND_SUSPEND);
    fields.put("commitOffset", committed);
    fields.put("suspendTimeoutMillis", 15_000);
    fields.put("subVersion", 1);
    return request(RequestCode.PULL_MESSAGE, fields);
  }

  private static void heartbeat(RawClient client, String clientId) throws IOException {
    String body =
        """
        {"clientID":"%s","producerDataSet":[],"consumerDataSet":[{"groupName":"G",
        "subscriptionDataSet":[{"topic":"T","subString":"A","subVersion":1}]}]}"""
            .formatted(clientId);
    client.write(
        Command.request(
                RequestCode.HEART_BEAT,
                Bench.fields(Map.of()),
                ByteBuffer.wrap(body.getBytes(UTF_8)))
            .withOpaque(34));
    Command answer = client.read();
    while (answer.code() == RequestCode.NOTIFY_CONSUMER_IDS_CHANGED) {
      answer = client.read();
    }
    assertThat(answer.code()).isEqualTo(ResponseCode.SUCCESS);
  }

  private static String body(Command answer) {
    return UTF_8.decode(RecordView.list(answer.body()).get(0).body()).toString();
  }

  @ParameterizedTest
  @EnumSource(HeaderFormat.class)
  void messageToANewTopicIsPulled(HeaderFormat format) throws IOException {
    try (RawClient client = connect()) {
      Map<String, Object> topic = Map.of("topic", "T");
      assertThat(client.call(request(RequestCode.GET_ROUTEINFO_BY_TOPIC, topic)).code())
          .isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
      Command sent = client.call(send("one").withFormat(format));
      assertThat(sent.code()).isEqualTo(ResponseCode.SUCCESS);
      assertThat(sent.fields().requiredLong("queueOffset")).isZero();
      Command route = client.call(request(RequestCode.GET_ROUTEINFO_BY_TOPIC, topic));
      assertThat(Bench.text(route.body()))
          .contains("\"writeQueueNums\":4", "127.0.0.1:" + broker.address().getPort());
      heartbeat(client, "c1");

      Command pulled = client.call(pull(0, 0).withFormat(format));

      assertThat(pulled.code()).isEqualTo(ResponseCode.SUCCESS);
      assertThat(body(pulled)).isEqualTo("one");
      long stored = RecordView.list(pulled.body()).get(0).position();
      Map<String, Object> position = Map.of("offset", stored);
      assertThat(body(client.call(request(RequestCode.VIEW_MESSAGE_BY_ID, position))))
          .isEqualTo("one");
    }
  }

  @Test
  void pullThatWaitsIsAnsweredWhenAnotherClientSends() throws IOException {
    try (RawClient consumer = connect();
        RawClient producer = connect()) {
      producer.call(send("one"));
      heartbeat(consumer, "c1");
      consumer.write(pull(1, 1));

      producer.call(send("two"));

      Command pulled = consumer.read();
      while (pulled.code() == RequestCode.NOTIFY_CONSUMER_IDS_CHANGED) {
        pulled = consumer.read();
      }
      assertThat(body(pulled)).isEqualTo("two");
    }
  }

  @Test
  void committedOffsetIsThereAfterAStop() throws IOException {
    try (RawClient client = connect()) {
      client.call(send("one"));
      client.write(
          request(
                  RequestCode.UPDATE_CONSUMER_OFFSET,
                  Map.of("consumerGroup", "G", "topic", "T", "queueId", 0, "commitOffset", 1))
              .asOneway());
      assertThat(queryOffset(client)).isEqualTo(1);
    }
    broker.close();
    start();

    try (RawClient client = connect()) {
      assertThat(queryOffset(client)).isEqualTo(1);
    }
  }

  private static long queryOffset(RawClient client) throws IOException {
    return client
        .call(
            request(
                RequestCode.QUERY_CONSUMER_OFFSET,
                Map.of("consumerGroup", "G", "topic", "T", "queueId", 0)))
        .fields()
        .requiredLong("offset");
  }

  @Test
  void memberOfAGroupHearsThatAnotherCameAndLeft() throws IOException {
    try (RawClient first = connect()) {
      heartbeat(first, "c1");
      try (RawClient second = connect()) {
        heartbeat(second, "c2");
        assertThat(first.read().code()).isEqualTo(RequestCode.NOTIFY_CONSUMER_IDS_CHANGED);
        assertThat(consumers(first)).contains("[\"c1\",\"c2\"]");
      }
      assertThat(first.read().code()).isEqualTo(RequestCode.NOTIFY_CONSUMER_IDS_CHANGED);
      assertThat(consumers(first)).contains("[\"c1\"]");
    }
  }

  private static String consumers(RawClient client) throws IOException {
    return Bench.text(
        client
            .call(request(RequestCode.GET_CONSUMER_LIST_BY_GROUP, Map.of("consumerGroup", "G")))
            .body());
  }
}
