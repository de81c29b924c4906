package io.moiety.broker.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.store.ClassicSettings;
import io.moiety.broker.store.GroupConfig;
import io.moiety.broker.store.SystemRecord;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PullHandlersTest {

  private static final int COMMIT = 1;
  private static final int SUSPEND = 2;
  private static final int CARRIED = 4;

  private final Bench bench = new Bench();
  private final ScriptedConnection consumer = new ScriptedConnection(1);

  @BeforeEach
  void createTopic() {
    bench.topic("T", 2);
  }

  private RecordedReply pull(long queueOffset, int sysFlag, Map<String, Object> more) {
    Map<String, Object> fields =
        new HashMap<>(
            Map.of(
                "consumerGroup", "G",
                "topic", "T",
                "queueId", 0,
                "queueOffset", queueOffset,
                "maxMsgNums", 32,
                "sysFlag", sysFlag,
                "commitOffset", 0,
                "suspendTimeoutMillis", 15_000,
                "subVersion", 0));
    fields.putAll(more);
    return bench.send(consumer, Command.request(RequestCode.PULL_MESSAGE, Bench.fields(fields)));
  }

  private static void assertAnswer(Command answer, int code, String remark, long nextOffset) {
    assertThat(answer.code()).isEqualTo(code);
    assertThat(answer.remark()).isEqualTo(remark);
    assertThat(answer.fields().requiredLong("nextBeginOffset")).isEqualTo(nextOffset);
  }

  private static List<Long> queueOffsets(Command answer) {
    return RecordView.list(answer.body()).stream().map(RecordView::queueOffset).toList();
  }

  @Test
  void storedMessagesAreAnsweredAtOnce() {
    bench.message("T", 0, Map.of());
    bench.message("T", 1, Map.of());
    bench.message("T", 0, Map.of());

    Command answer = pull(0, CARRIED, Map.of()).answer();

    assertAnswer(answer, ResponseCode.SUCCESS, "FOUND", 2);
    assertThat(queueOffsets(answer)).containsExactly(0L, 1L);
    assertThat(answer.fields().requiredLong("minOffset")).isZero();
    assertThat(answer.fields().requiredLong("maxOffset")).isEqualTo(2);
    assertThat(answer.fields().requiredText("suggestWhichBrokerId")).isEqualTo("0");
  }

  @Test
  void answerIsBoundedByNumberAndBytesButHoldsOneMessage() {
    for (int i = 0; i < 5; i++) {
      bench.message("T", 0, Map.of());
    }
    Command two = pull(0, CARRIED, Map.of("maxMsgNums", 2)).answer();
    assertAnswer(two, ResponseCode.SUCCESS, "FOUND", 2);
    Command one = pull(2, CARRIED, Map.of("maxMsgBytes", 10)).answer();
    assertAnswer(one, ResponseCode.SUCCESS, "FOUND", 3);
  }

  @Test
  void pullWithoutMessagesIsHeldAndAnsweredByTheNextOne() {
    RecordedReply held = pull(0, CARRIED | SUSPEND, Map.of());
    bench.message("T", 1, Map.of());
    assertThat(held.isAnswered()).isFalse();

    bench.message("T", 0, Map.of());

    assertAnswer(held.answer(), ResponseCode.SUCCESS, "FOUND", 1);
  }

  @Test
  void heldPullEndsWithNothingAtItsTime() {
    RecordedReply held = pull(0, CARRIED | SUSPEND, Map.of());
    long deadline = bench.pulls.nextDueMillis();
    assertThat(deadline).isEqualTo(bench.nowMillis + 15_000);

    bench.pulls.run(deadline - 1);
    assertThat(held.isAnswered()).isFalse();
    bench.pulls.run(deadline);

    assertAnswer(held.answer(), ResponseCode.PULL_NOT_FOUND, "NO_MESSAGE_IN_QUEUE", 0);
  }

  @Test
  void pullThatMayNotWaitIsAnsweredAtOnce() {
    bench.message("T", 0, Map.of());

    assertAnswer(
        pull(1, CARRIED, Map.of()).answer(), ResponseCode.PULL_NOT_FOUND, "OFFSET_OVERFLOW_ONE", 1);
  }

  @Test
  void offsetBeyondTheEndIsPutToTheEnd() {
    bench.message("T", 0, Map.of());

    assertAnswer(
        pull(7, CARRIED | SUSPEND, Map.of()).answer(),
        ResponseCode.PULL_OFFSET_MOVED,
        "OFFSET_OVERFLOW_BADLY",
        1);
  }

  @Test
  void onlyMessagesWithTheTagAreAnsweredAndOthersDoNotWake() {
    RecordedReply held = pull(0, CARRIED | SUSPEND, Map.of("subscription", "A || B"));

    bench.message("T", 0, Map.of("TAGS", "C"));
    bench.message("T", 0, Map.of());
    assertThat(held.isAnswered()).isFalse();
    bench.message("T", 0, Map.of("TAGS", "B"));

    assertAnswer(held.answer(), ResponseCode.SUCCESS, "FOUND", 3);
    assertThat(queueOffsets(held.answer())).containsExactly(2L);
  }

  @Test
  void tagsWithTheSameHashAreToldApartByTheirText() {
    assertThat("BB".hashCode()).isEqualTo("Aa".hashCode());
    bench.message("T", 0, Map.of("TAGS", "BB"));

    Command answer = pull(0, CARRIED | SUSPEND, Map.of("subscription", "Aa")).answer();

    assertAnswer(answer, ResponseCode.PULL_RETRY_IMMEDIATELY, "NO_MATCHED_MESSAGE", 1);
  }

  @Test
  void longRunOfOtherTagsIsPassedInBoundedSteps() {
    for (int i = 0; i <= PullScan.MAX_ENTRIES; i++) {
      bench.message("T", 0, Map.of("TAGS", "C"));
    }
    Command answer = pull(0, CARRIED | SUSPEND, Map.of("subscription", "A")).answer();

    assertAnswer(
        answer, ResponseCode.PULL_RETRY_IMMEDIATELY, "NO_MATCHED_MESSAGE", PullScan.MAX_ENTRIES);
  }

  @Test
  void sqlSelectsByProperties() {
    bench.message("T", 0, Map.of("price", "5"));
    bench.message("T", 0, Map.of("price", "15"));
    Map<String, Object> sql = Map.of("expressionType", "SQL92", "subscription", "price > 10");

    Command answer = pull(0, CARRIED, sql).answer();

    assertAnswer(answer, ResponseCode.SUCCESS, "FOUND", 2);
    assertThat(queueOffsets(answer)).containsExactly(1L);
  }

  @Test
  void expressionThatCannotBeUnderstoodIsRefused() {
    Map<String, Object> sql = Map.of("expressionType", "SQL92", "subscription", "price >");

    assertThat(pull(0, CARRIED, sql).answer().code())
        .isEqualTo(ResponseCode.SUBSCRIPTION_PARSE_FAILED);
  }

  @Test
  void withoutItsOwnSubscriptionThePullUsesTheHeartbeats() {
    bench.message("T", 0, Map.of("TAGS", "A"));
    bench.message("T", 0, Map.of("TAGS", "B"));
    assertThat(pull(0, 0, Map.of()).answer().code()).isEqualTo(ResponseCode.SUBSCRIPTION_NOT_EXIST);

    heartbeat("B", 5);

    assertThat(queueOffsets(pull(0, 0, Map.of("subVersion", 5)).answer())).containsExactly(1L);
    assertThat(pull(0, 0, Map.of("subVersion", 6)).answer().code())
        .isEqualTo(ResponseCode.SUBSCRIPTION_NOT_LATEST);
  }

  @Test
  void pullThatPassedOverMessagesIsToldToGoOnBehindThem() {
    bench.message("T", 0, Map.of("TAGS", "B"));
    RecordedReply held = pull(0, CARRIED | SUSPEND, Map.of("subscription", "A"));
    bench.message("T", 0, Map.of("TAGS", "B"));
    bench.pulls.run(bench.pulls.nextDueMillis());

    assertAnswer(held.answer(), ResponseCode.PULL_RETRY_IMMEDIATELY, "NO_MATCHED_MESSAGE", 2);
    assertAnswer(
        pull(0, CARRIED, Map.of("subscription", "A")).answer(),
        ResponseCode.PULL_RETRY_IMMEDIATELY,
        "NO_MATCHED_MESSAGE",
        2);
  }

  @Test
  void pullThatWaitsIsToldToComeAgainWhenItsSubscriptionHasChanged() {
    heartbeat("A", 1);
    RecordedReply held = pull(0, SUSPEND, Map.of("subVersion", 1));
    bench.message("T", 0, Map.of("TAGS", "B"));
    assertThat(held.isAnswered()).isFalse();
    heartbeat("A || B", 2);
    bench.message("T", 0, Map.of("TAGS", "B"));

    assertAnswer(held.answer(), ResponseCode.PULL_NOT_FOUND, "OFFSET_OVERFLOW_ONE", 0);
    assertThat(queueOffsets(pull(0, SUSPEND, Map.of("subVersion", 2)).answer()))
        .containsExactly(0L, 1L);
  }

  private void heartbeat(String tags, int version) {
    String body =
        """
        {"clientID":"c1","consumerDataSet":[{"groupName":"G","subscriptionDataSet":[
        {"topic":"T","subString":"%s","subVersion":%d}]}]}"""
            .formatted(tags, version);
    bench.send(
        consumer,
        Command.request(
            RequestCode.HEART_BEAT, Bench.fields(Map.of()), ByteBuffer.wrap(body.getBytes(UTF_8))));
  }

  @Test
  void pullOfWhatIsNotThereIsRefused() {
    assertThat(pull(0, CARRIED, Map.of("topic", "none")).answer().code())
        .isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
    assertThat(pull(0, CARRIED, Map.of("queueId", 2)).answer().code())
        .isEqualTo(ResponseCode.INVALID_PARAMETER);
    assertThat(pull(-1, CARRIED, Map.of()).answer().code())
        .isEqualTo(ResponseCode.INVALID_PARAMETER);
  }

  @Test
  void pullCommitsTheOffsetThatItBrings() {
    bench.message("T", 0, Map.of());
    pull(1, CARRIED | COMMIT, Map.of("commitOffset", 1));

    assertThat(bench.offsets.find("G", new QueueKey("T", 0))).hasValue(1);
  }

  @Test
  void offsetBeyondTheEndThatAPullBringsIsTakenForTheEnd() {
    bench.message("T", 0, Map.of());
    pull(1, CARRIED | COMMIT, Map.of("commitOffset", 7));

    assertThat(bench.offsets.find("G", new QueueKey("T", 0))).hasValue(1);
  }

  @Test
  void groupThatMayNotConsumeIsRefused() {
    settings(false, true);
    Command answer = pull(0, CARRIED, Map.of()).answer();
    assertThat(answer.code()).isEqualTo(ResponseCode.NO_PERMISSION);
    assertThat(answer.remark()).contains("subscription group no permission, G");
  }

  @Test
  void membersOfAGroupThatMayNotBroadcastAreRefusedWhenTheyDo() {
    settings(true, false);
    assertThat(pull(0, CARRIED, Map.of()).answer().code()).isNotEqualTo(ResponseCode.NO_PERMISSION);
    String heartbeat =
        """
        {"clientID":"c","producerDataSet":[],"consumerDataSet":[{"groupName":"G",
        "messageModel":"BROADCASTING","subscriptionDataSet":[]}]}""";
    bench.send(
        consumer,
        Command.request(
            RequestCode.HEART_BEAT, Fields.empty(), ByteBuffer.wrap(heartbeat.getBytes(UTF_8))));
    assertThat(pull(0, CARRIED, Map.of()).answer().code()).isEqualTo(ResponseCode.NO_PERMISSION);
  }

  @Test
  void pullsBesideAPopOfTheGroupAreRefusedUntilItsClientIsGone() {
    ScriptedConnection popping = new ScriptedConnection(9);
    bench.call(
        popping,
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
            "pollTime",
            0));
    Command refused = pull(0, CARRIED, Map.of()).answer();
    assertThat(refused.code()).isEqualTo(ResponseCode.ILLEGAL_OPERATION);
    assertThat(refused.remark()).contains("Group G", "topic T", "POP");
    Map<String, Object> offset =
        Map.of("consumerGroup", "G", "topic", "T", "queueId", 0, "commitOffset", 0);
    assertThat(bench.call(consumer, RequestCode.UPDATE_CONSUMER_OFFSET, offset).code())
        .isEqualTo(ResponseCode.ILLEGAL_OPERATION);
    popping.close();
    assertThat(pull(0, CARRIED, Map.of()).answer().code())
        .isNotEqualTo(ResponseCode.ILLEGAL_OPERATION);
  }

  @Test
  void popGoesOnWhereAPullerSaidThatItWas() {
    bench.message("T", 0, Map.of());
    bench.message("T", 0, Map.of());
    Map<String, Object> offset =
        Map.of("consumerGroup", "G", "topic", "T", "queueId", 0, "commitOffset", 1);
    bench.call(consumer, RequestCode.UPDATE_CONSUMER_OFFSET, offset);
    Command popped =
        bench.call(
            consumer,
            RequestCode.POP_MESSAGE,
            Map.of(
                "consumerGroup",
                "G",
                "topic",
                "T",
                "queueId",
                0,
                "maxMsgNums",
                8,
                "invisibleTime",
                1_000,
                "pollTime",
                0));
    assertThat(popped.fields().requiredText("msgOffsetInfo")).isEqualTo("0 0 1");
  }

  private void settings(boolean consumeEnabled, boolean broadcastEnabled) {
    ClassicSettings settings =
        new ClassicSettings(
            consumeEnabled, true, broadcastEnabled, false, true, 1, 0, 1, 15, 0, Optional.empty());
    bench.store.record(new SystemRecord.GroupSet(GroupConfig.plain("G").with(16, settings)));
  }
}
