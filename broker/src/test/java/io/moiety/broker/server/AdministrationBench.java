package io.moiety.broker.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.Language;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * What RocketMQ's tools look at: topic {@code T} with two queues, and three messages in the first;
 * a client {@code c1} that is in group {@code G}.
 */
final class AdministrationBench {
  final Bench bench = new Bench();
  final ScriptedConnection client = new ScriptedConnection(1);
  final ScriptedConnection tool = new ScriptedConnection(2);

  AdministrationBench() {
    bench.topic("T", 2);
    for (int i = 0; i < 3; i++) {
      bench.nowMillis += 1_000;
      bench.message("T", 0, Map.of("TAGS", "A"));
    }
    heartbeat("c1");
  }

  void heartbeat(String clientId) {
    String body =
        """
        {"clientID":"%s","producerDataSet":[{"groupName":"PG"}],"consumerDataSet":[
        {"groupName":"G","consumeType":"CONSUME_PASSIVELY","messageModel":"CLUSTERING",
        "consumeFromWhere":"CONSUME_FROM_FIRST_OFFSET","subscriptionDataSet":[
        {"topic":"T","subString":"A || B","tagsSet":["A"],"codeSet":[65],"subVersion":7}]}]}"""
            .formatted(clientId);
    Command request =
        Command.request(
            RequestCode.HEART_BEAT, Fields.empty(), ByteBuffer.wrap(body.getBytes(UTF_8)));
    Command fromGo =
        new Command(
            request.code(),
            1,
            0,
            Language.GO,
            401,
            request.format(),
            null,
            request.fields(),
            request.body());
    assertThat(bench.send(client, fromGo).answer().code()).isEqualTo(ResponseCode.SUCCESS);
  }

  /** What the tool is answered. */
  Command ask(int code, Map<String, Object> fields) {
    return bench.call(tool, code, fields);
  }

  /** What the tool is answered. */
  Command withBody(int code, String json) {
    return bench
        .send(tool, Command.request(code, Fields.empty(), ByteBuffer.wrap(json.getBytes(UTF_8))))
        .answer();
  }

  /** The client pulls the first queue. */
  RecordedReply pull(long queueOffset, int suspendMillis) {
    return bench.send(
        client,
        Command.request(
            RequestCode.PULL_MESSAGE,
            Bench.fields(
                Map.of(
                    "consumerGroup",
                    "G",
                    "topic",
                    "T",
                    "queueId",
                    0,
                    "queueOffset",
                    queueOffset,
                    "maxMsgNums",
                    32,
                    "sysFlag",
                    suspendMillis > 0 ? 2 : 0,
                    "commitOffset",
                    0,
                    "suspendTimeoutMillis",
                    suspendMillis))));
  }

  /** The client says how far the group is in the first queue. */
  void commit(long nextOffset) {
    bench.call(
        client,
        RequestCode.UPDATE_CONSUMER_OFFSET,
        Map.of("consumerGroup", "G", "topic", "T", "queueId", 0, "commitOffset", nextOffset));
  }

  /** How far the group is in the first queue. */
  long offset() {
    return bench
        .call(
            client,
            RequestCode.QUERY_CONSUMER_OFFSET,
            Map.of("consumerGroup", "G", "topic", "T", "queueId", 0))
        .fields()
        .requiredLong("offset");
  }

  /** The tool puts the group where the queues were at that time; below 0 behind everything. */
  Command reset(long timestamp) {
    return bench.call(
        tool,
        RequestCode.INVOKE_BROKER_TO_RESET_OFFSET,
        Map.of("group", "G", "topic", "T", "timestamp", timestamp, "isForce", true));
  }
}
