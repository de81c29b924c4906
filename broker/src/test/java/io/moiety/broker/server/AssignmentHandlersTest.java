package io.moiety.broker.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.topic.RequestModes;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import io.moiety.protocol.body.AssignmentsBody;
import io.moiety.protocol.body.JsonBodies;
import io.moiety.protocol.body.RequestMode;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Who reads which queues, and how. */
final class AssignmentHandlersTest {

  private final Bench bench = new Bench();
  private final ScriptedConnection connection = new ScriptedConnection(1);

  @Test
  void membersThatPullShareOutTheQueuesAsTheyWouldThemselves() {
    bench.topic("T", 8);
    members("a", "b", "c");
    assertThat(queues("a", "AVG")).containsExactly(0, 1, 2);
    assertThat(queues("b", "AVG")).containsExactly(3, 4, 5);
    assertThat(queues("c", "AVG")).containsExactly(6, 7);
    assertThat(queues("b", "AVG_BY_CIRCLE")).containsExactly(1, 4, 7);
    assertThat(assignments("a", "AVG"))
        .allSatisfy(
            one -> {
              assertThat(one.mode()).isEqualTo(RequestMode.PULL);
              assertThat(one.messageQueue().brokerName()).isEqualTo("broker-a");
            });
  }

  @Test
  void withMoreMembersThanQueuesSomeHaveNone() {
    bench.topic("T", 2);
    members("a", "b", "c");
    assertThat(queues("b", "AVG")).containsExactly(1);
    assertThat(queues("c", "AVG")).isEmpty();
  }

  @Test
  void withoutTopicMemberOrKnownStrategyNothingIsSaidSoThatTheClientKeepsWhatItHas() {
    assertThat(query("a", "AVG").assignments()).isNull();
    bench.topic("T", 2);
    assertThat(query("a", "AVG").assignments()).isNull();
    members("a");
    assertThat(query("a", "MACHINE_ROOM").assignments()).isNull();
    assertThat(query("a", "AVG").assignments()).hasSize(2);
  }

  @Test
  void membersThatPopAreToldToPopAllQueuesTogether() {
    bench.topic("T", 4);
    members("a", "b");
    assertThat(setMode("T", "POP", 8).code()).isZero();
    assertThat(queues("a", "AVG")).containsExactly(-1);
    assertThat(assignments("a", "AVG").get(0).mode()).isEqualTo(RequestMode.POP);
    assertThat(setMode("T", "PULL", 0).code()).isZero();
    assertThat(queues("a", "AVG")).containsExactly(0, 1);
  }

  @Test
  void membersThatPopShareWithTheNextOnesOnly() {
    bench.topic("T", 4);
    members("a", "b", "c", "d");
    setMode("T", "POP", 1);
    assertThat(queues("a", "AVG")).containsExactly(0, 1);
    assertThat(queues("d", "AVG")).containsExactlyInAnyOrder(3, 0);
  }

  @Test
  void theModeIsKeptInTheLogUntilTopicOrGroupIsDeleted() {
    bench.topic("T", 4);
    setMode("T", "POP", 3);
    RequestModes replayed = new RequestModes();
    bench.store.facts().forEach(fact -> replayed.applyFact(fact, Bench.noRecord()));
    assertThat(replayed.popShareQueues("G", "T")).isEqualTo(OptionalInt.of(3));
    RequestModes based = new RequestModes();
    replayed.sayFacts(fact -> based.applyFact(fact, Bench.noRecord()));
    assertThat(based.state()).isEqualTo(replayed.state());
    bench.creation.delete("T");
    assertThat(bench.requestModes.popShareQueues("G", "T")).isEmpty();
  }

  @Test
  void retryTopicsAndUnknownTopicsHaveNoMode() {
    bench.topic("%RETRY%G", 1);
    assertThat(setMode("%RETRY%G", "POP", 0).code()).isEqualTo(ResponseCode.NO_PERMISSION);
    assertThat(setMode("U", "POP", 0).code()).isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
  }

  @Test
  void aGroupIsMadeWhenItsModeIsSetSoThatTheLimitOfGroupsBoundsModes() {
    bench.topic("T", 4);
    assertThat(setMode("T", "POP", 0).code()).isZero();
    assertThat(bench.groups.find("G")).isPresent();
    bench.deliveries.subscriptions().delete(1, "G", outcome -> {});
    assertThat(bench.requestModes.popShareQueues("G", "T")).isEmpty();
  }

  private void members(String... clientIds) {
    for (String clientId : clientIds) {
      String heartbeat =
          """
          {"clientID":"%s","producerDataSet":[],"consumerDataSet":[{"groupName":"G",
          "subscriptionDataSet":[{"topic":"T","subString":"*","subVersion":1}]}]}"""
              .formatted(clientId);
      assertThat(call(RequestCode.HEART_BEAT, heartbeat).code()).isZero();
    }
  }

  private Command setMode(String topic, String mode, int share) {
    return call(
        RequestCode.SET_MESSAGE_REQUEST_MODE,
        """
        {"consumerGroup":"G","mode":"%s","popShareQueueNum":%d,"topic":"%s"}"""
            .formatted(mode, share, topic));
  }

  private List<Integer> queues(String clientId, String strategy) {
    return assignments(clientId, strategy).stream()
        .map(one -> one.messageQueue().queueId())
        .toList();
  }

  private List<AssignmentsBody.Assignment> assignments(String clientId, String strategy) {
    return Objects.requireNonNull(query(clientId, strategy).assignments());
  }

  private AssignmentsBody query(String clientId, String strategy) {
    Command answer =
        call(
            RequestCode.QUERY_ASSIGNMENT,
            """
            {"clientId":"%s","consumerGroup":"G","messageModel":"CLUSTERING","strategyName":"%s",
            "topic":"T"}"""
                .formatted(clientId, strategy));
    assertThat(answer.code()).isZero();
    return JsonBodies.read(answer.body(), AssignmentsBody.class);
  }

  private Command call(int code, String body) {
    return bench
        .send(
            connection,
            Command.request(code, Fields.empty(), ByteBuffer.wrap(body.getBytes(UTF_8))))
        .answer();
  }
}
