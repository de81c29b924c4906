package io.moiety.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.filter.MessageFilter;
import io.moiety.broker.log.DamagedRecords;
import io.moiety.broker.queue.ConsumeQueue;
import io.moiety.protocol.Command;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Classic pulls and searches on a queue of which messages are gone with the log's beginning. */
final class GoneMessagesPullTest {
  private static final int SUBSCRIPTION = 4;
  private static final long FIRST_MILLIS = 2_000_000;

  private final Bench bench = new Bench();
  private final ScriptedConnection client = new ScriptedConnection(1);

  @BeforeEach
  void storeSixMessagesTenMillisecondsApart() {
    bench.topic("T", 1);
    for (int i = 0; i < 6; i++) {
      bench.nowMillis = FIRST_MILLIS + 10L * i;
      bench.message("T", 0, Map.of());
    }
  }

  private ConsumeQueue queue() {
    return bench.queues.find("T", 0).orElseThrow();
  }

  private void forgetUpTo(long queueOffset) {
    bench.store.forgetBefore(bench.stored("T", 0, queueOffset).position());
  }

  /** Messages 2 and 3 are gone, 1 and 4 are stored. */
  private void leaveAHole() {
    bench.nowMillis = 3_000_000;
    bench.store.carry(bench.stored("T", 0, 0));
    bench.store.carry(bench.stored("T", 0, 1));
    forgetUpTo(4);
  }

  private Command pull(long queueOffset) {
    return bench.call(
        client,
        RequestCode.PULL_MESSAGE,
        Map.of(
            "consumerGroup", "G",
            "topic", "T",
            "queueId", 0,
            "queueOffset", queueOffset,
            "maxMsgNums", 32,
            "sysFlag", SUBSCRIPTION,
            "commitOffset", 0,
            "suspendTimeoutMillis", 0,
            "subVersion", 0));
  }

  private static List<Long> queueOffsets(Command answer) {
    return RecordView.list(answer.body()).stream().map(RecordView::queueOffset).toList();
  }

  private long number(int code, String field, Map<String, Object> more) {
    Map<String, Object> fields = new HashMap<>(Map.of("topic", "T", "queueId", 0));
    fields.putAll(more);
    return bench.call(client, code, fields).fields().requiredLong(field);
  }

  private long search(long timestampMillis, String boundary) {
    return number(
        RequestCode.SEARCH_OFFSET_BY_TIMESTAMP,
        "offset",
        Map.of("timestamp", timestampMillis, "boundaryType", boundary));
  }

  @Test
  void aPullBelowTheFirstStoredMessageIsPutToIt() {
    forgetUpTo(2);
    Command answer = pull(1);
    assertThat(answer.code()).isEqualTo(ResponseCode.PULL_OFFSET_MOVED);
    assertThat(answer.remark()).isEqualTo("OFFSET_TOO_SMALL");
    assertThat(answer.fields().requiredLong("nextBeginOffset")).isEqualTo(2);
    assertThat(answer.fields().requiredLong("minOffset")).isEqualTo(2);
    assertThat(queueOffsets(pull(2))).containsExactly(2L, 3L, 4L, 5L);
    assertThat(number(RequestCode.GET_MIN_OFFSET, "offset", Map.of())).isEqualTo(2);
    assertThat(number(RequestCode.GET_EARLIEST_MSG_STORETIME, "timestamp", Map.of()))
        .isEqualTo(FIRST_MILLIS + 20);
  }

  @Test
  void aPullPassesOverMessagesThatAreGoneBetweenOthers() {
    leaveAHole();
    assertThat(queueOffsets(pull(0))).containsExactly(0L, 1L, 4L, 5L);
    assertThat(queueOffsets(pull(3))).containsExactly(4L, 5L);
  }

  @Test
  void aQueueWhoseMessagesAreAllGoneIsEmptyAtItsEnd() {
    bench.store.forgetBefore(bench.store.endPosition());
    assertThat(pull(0).code()).isEqualTo(ResponseCode.PULL_OFFSET_MOVED);
    assertThat(pull(6).code()).isEqualTo(ResponseCode.PULL_NOT_FOUND);
    assertThat(number(RequestCode.GET_MIN_OFFSET, "offset", Map.of())).isEqualTo(6);
    assertThat(number(RequestCode.GET_EARLIEST_MSG_STORETIME, "timestamp", Map.of())).isEqualTo(-1);
    assertThat(search(FIRST_MILLIS, "LOWER")).isEqualTo(6);
  }

  @Test
  void aGroupThatIsNewToAQueueWithoutItsFirstMessagesDecidesWhereToBegin() {
    Map<String, Object> fields = Map.of("consumerGroup", "new", "topic", "T", "queueId", 0);
    assertThat(bench.call(client, RequestCode.QUERY_CONSUMER_OFFSET, fields).code())
        .isEqualTo(ResponseCode.SUCCESS);
    forgetUpTo(1);
    assertThat(bench.call(client, RequestCode.QUERY_CONSUMER_OFFSET, fields).code())
        .isEqualTo(ResponseCode.QUERY_NOT_FOUND);
  }

  @Test
  void aSearchByTimeFindsStoredMessagesOnlyAndCopiesByTheirOriginalsTime() {
    leaveAHole();
    assertThat(search(0, "LOWER")).isZero();
    assertThat(search(FIRST_MILLIS + 5, "LOWER")).isEqualTo(1);
    assertThat(search(FIRST_MILLIS + 10, "LOWER")).isEqualTo(1);
    assertThat(search(FIRST_MILLIS + 15, "LOWER")).isEqualTo(4);
    assertThat(search(FIRST_MILLIS + 40, "LOWER")).isEqualTo(4);
    assertThat(search(FIRST_MILLIS + 41, "LOWER")).isEqualTo(5);
    assertThat(search(FIRST_MILLIS + 60, "LOWER")).isEqualTo(6);
    assertThat(search(FIRST_MILLIS + 10, "UPPER")).isEqualTo(1);
    assertThat(search(FIRST_MILLIS + 45, "UPPER")).isEqualTo(4);
  }

  @Test
  void aSearchInAQueueThatNeverHadAMessageAnswersItsBeginning() {
    bench.topic("U", 1);
    Map<String, Object> fields = Map.of("topic", "U", "queueId", 0, "timestamp", FIRST_MILLIS);
    Command answer = bench.call(client, RequestCode.SEARCH_OFFSET_BY_TIMESTAMP, fields);
    assertThat(answer.fields().requiredLong("offset")).isZero();
  }

  @Test
  void aMessageThatIsDeletedBetweenScanAndReadIsPassedOver() {
    RecordedReply reply =
        new RecordedReply(Command.request(RequestCode.PULL_MESSAGE, Bench.fields(Map.of())));
    PullRequest request =
        PullRequest.of(
            Command.request(
                RequestCode.PULL_MESSAGE,
                Bench.fields(
                    Map.of(
                        "consumerGroup", "G",
                        "topic", "T",
                        "queueId", 0,
                        "queueOffset", 0,
                        "maxMsgNums", 32,
                        "sysFlag", 0,
                        "suspendTimeoutMillis", 0))));
    PullScan scan = PullScan.of(queue(), 0, MessageFilter.ALL, 10, 1 << 20);
    long deletedBefore = bench.stored("T", 0, 2).position();
    new PullReading(
            (position, sizeBytes) -> {
              if (position < deletedBefore) {
                throw DamagedRecords.at(position);
              }
              return bench.store.read(position, sizeBytes);
            },
            Runnable::run,
            bench.traffic)
        .answer(request, MessageFilter.ALL, scan, PullAnswers.of(bench.queues.find("T", 0), reply));
    assertThat(queueOffsets(reply.answer())).containsExactly(2L, 3L, 4L, 5L);
  }
}
