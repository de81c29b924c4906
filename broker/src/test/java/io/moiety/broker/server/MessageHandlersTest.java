package io.moiety.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.store.ClassicSettings;
import io.moiety.broker.store.GroupConfig;
import io.moiety.broker.store.SystemRecord.GroupSet;
import io.moiety.broker.store.SystemRecord.TopicSet;
import io.moiety.broker.store.TopicConfig;
import io.moiety.protocol.Command;
import io.moiety.protocol.MessageIds;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import io.moiety.protocol.SystemTopics;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class MessageHandlersTest {

  private final Bench bench = new Bench();
  private final ScriptedConnection consumer = new ScriptedConnection(1);

  @BeforeEach
  void storeAMessage() {
    bench.topic("T", 1);
    bench.store.record(new GroupSet(GroupConfig.plain("G")));
    bench.message(
        "T", 0, Map.of("UNIQ_KEY", "U1", "TAGS", "A", "__MOIETY_DUE_OF", "7", "TIMER_OUT_MS", "9"));
  }

  private RecordView original() {
    return bench.stored("T", 0, 0);
  }

  private Command sendBack(long position, int delayLevel, Map<String, Object> more) {
    Map<String, Object> fields =
        new HashMap<>(Map.of("offset", position, "group", "G", "delayLevel", delayLevel));
    fields.putAll(more);
    return bench.call(consumer, RequestCode.CONSUMER_SEND_MSG_BACK, fields);
  }

  @Test
  void positionThatIsNoMessageIsRefused() {
    for (long position : new long[] {-1, 3, Long.MAX_VALUE}) {
      assertThat(sendBack(position, 0, Map.of()).code()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    }
  }

  @Test
  void halfMessagesAndTheBrokersOwnRecordsAreNotSentBack() {
    for (String topic :
        new String[] {SystemTopics.HALF, SystemTopics.SCHEDULE, SystemTopics.STATE}) {
      long position = bench.store.endPosition();
      bench.message(topic, 0, Map.of("REAL_TOPIC", "T", "REAL_QID", "0"));
      Command answer = sendBack(position, -1, Map.of());
      assertThat(answer.code()).as(topic).isEqualTo(ResponseCode.SYSTEM_ERROR);
      assertThat(answer.remark()).contains("look message by offset failed");
    }
    assertThat(bench.topics.find("%DLQ%G")).isEmpty();
  }

  @Test
  void messageThatFailedWaitsForItsRetry() {
    assertThat(sendBack(original().position(), 0, Map.of()).code()).isEqualTo(ResponseCode.SUCCESS);

    RecordView retry = bench.stored(SystemTopics.SCHEDULE, 2, 0);
    assertThat(retry.reconsumeTimes()).isEqualTo(1);
    assertThat(retry.properties().asMap())
        .containsEntry("REAL_TOPIC", "%RETRY%G")
        .containsEntry("REAL_QID", "0")
        .containsEntry("RETRY_TOPIC", "T")
        .containsEntry("UNIQ_KEY", "U1")
        .containsEntry("TAGS", "A")
        .containsEntry("WAIT", "false")
        .containsEntry("DELAY", "3")
        .containsEntry(
            "ORIGIN_MESSAGE_ID",
            MessageIds.offsetMessageId(original().storeHost(), original().position()))
        .doesNotContainKey("__MOIETY_DUE_OF");
    assertThat(bench.topics.find("%RETRY%G")).isPresent();
  }

  @Test
  void retryOfARetryRemembersTheFirstMessage() {
    bench.message(
        "%RETRY%G", 0, Map.of("RETRY_TOPIC", "first", "ORIGIN_MESSAGE_ID", "the first id"));
    RecordView again = bench.stored("%RETRY%G", 0, 0);

    sendBack(again.position(), 5, Map.of());

    assertThat(bench.stored(SystemTopics.SCHEDULE, 4, 0).properties().asMap())
        .containsEntry("RETRY_TOPIC", "first")
        .containsEntry("ORIGIN_MESSAGE_ID", "the first id");
  }

  @Test
  void messageThatFailedTooOftenIsADeadLetter() {
    sendBack(original().position(), 0, Map.of("maxReconsumeTimes", 0));

    RecordView dead = bench.stored("%DLQ%G", 0, 0);
    assertThat(dead.property("RETRY_TOPIC")).contains("T");
    assertThat(dead.property("DELAY")).isEmpty();
    assertThat(dead.reconsumeTimes()).isEqualTo(1);
  }

  @Test
  void deadLetterIsKeptAlsoWhereNoOtherTopicIsTaken() {
    for (int i = 0; bench.topics.refuseNew("more").isEmpty(); i++) {
      bench.store.record(new TopicSet(TopicConfig.of("t" + i, TopicConfig.MAX_QUEUES)));
    }
    assertThat(sendBack(original().position(), 0, Map.of()).code())
        .isEqualTo(ResponseCode.SYSTEM_ERROR);

    assertThat(sendBack(original().position(), -1, Map.of()).code())
        .isEqualTo(ResponseCode.SUCCESS);
    assertThat(bench.stored("%DLQ%G", 0, 0).property("RETRY_TOPIC")).contains("T");
  }

  @Test
  void negativeLevelAsksForADeadLetter() {
    sendBack(original().position(), -1, Map.of());

    assertThat(bench.queues.find("%DLQ%G", 0)).isPresent();
  }

  @Test
  void groupHasToBeThere() {
    assertThat(sendBack(original().position(), 0, Map.of("group", "none")).code())
        .isEqualTo(ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST);
  }

  @Test
  void retriesGoToTheQueuesThatTheGroupHasForThem() {
    settings(3);
    for (int i = 0; i < 64; i++) {
      sendBack(original().position(), 1, Map.of());
    }
    assertThat(bench.topics.find("%RETRY%G").orElseThrow().readQueues()).isEqualTo(3);
    Set<String> queues = new TreeSet<>();
    for (int i = 0; i < 64; i++) {
      queues.add(bench.stored(SystemTopics.SCHEDULE, 0, i).property("REAL_QID").orElse(""));
    }
    assertThat(queues).containsExactly("0", "1", "2");
  }

  @Test
  void groupWithoutRetryQueuesKeepsNothing() {
    settings(0);
    assertThat(sendBack(original().position(), 0, Map.of()).code()).isZero();
    assertThat(bench.queues.find(SystemTopics.SCHEDULE, 2)).isEmpty();
  }

  private void settings(int retryQueues) {
    ClassicSettings settings =
        new ClassicSettings(
            true, true, true, false, true, retryQueues, 0, 1, 15, 0, Optional.empty());
    bench.store.record(new GroupSet(GroupConfig.plain("G").with(16, settings)));
  }
}
