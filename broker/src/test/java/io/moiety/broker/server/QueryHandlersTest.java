package io.moiety.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.protocol.Command;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class QueryHandlersTest {
  private final Bench bench = new Bench();
  private final ScriptedConnection client = new ScriptedConnection(1);

  @BeforeEach
  void makeTopic() {
    bench.topic("T", 1);
  }

  private Command query(String key, Map<String, Object> more) {
    Map<String, Object> fields = new HashMap<>();
    fields.put("topic", "T");
    fields.put("key", key);
    fields.put("maxNum", 32);
    fields.put("beginTimestamp", 0);
    fields.put("endTimestamp", Long.MAX_VALUE);
    fields.putAll(more);
    return bench.call(client, RequestCode.QUERY_MESSAGE, fields);
  }

  private static List<Long> offsets(Command answer) {
    return RecordView.list(answer.body()).stream().map(RecordView::queueOffset).toList();
  }

  @Test
  void messagesWithAKeyAreAnsweredInTheirOrder() {
    bench.message("T", 0, Map.of("KEYS", "order-1 customer-7"));
    bench.message("T", 0, Map.of("KEYS", "order-2 customer-8"));
    bench.message("T", 0, Map.of("KEYS", "order-3 customer-7"));

    Command answer = query("customer-7", Map.of("_UNIQUE_KEY_QUERY", "false", "indexType", "K"));

    assertThat(answer.code()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(offsets(answer)).containsExactly(0L, 2L);
    RecordView last = bench.stored("T", 0, 2);
    assertThat(answer.fields().requiredLong("indexLastUpdateTimestamp")).isEqualTo(bench.nowMillis);
    assertThat(answer.fields().requiredLong("indexLastUpdatePhyoffset")).isEqualTo(last.position());
  }

  @Test
  void messageIsFoundByItsUniqueKeyAndStoreTime() {
    bench.message("T", 0, Map.of("UNIQ_KEY", "U1"));

    assertThat(offsets(query("U1", Map.of("_UNIQUE_KEY_QUERY", "true")))).containsExactly(0L);
    assertThat(query("U1", Map.of("endTimestamp", bench.nowMillis - 1)).code())
        .isEqualTo(ResponseCode.QUERY_NOT_FOUND);
    assertThat(query("U1", Map.of("beginTimestamp", bench.nowMillis + 1)).code())
        .isEqualTo(ResponseCode.QUERY_NOT_FOUND);
  }

  @Test
  void answerHoldsTheNewestAndNoMoreThanABatch() {
    for (int i = 0; i < 70; i++) {
      bench.message("T", 0, Map.of("KEYS", "k"));
    }

    assertThat(offsets(query("k", Map.of("maxNum", 2)))).containsExactly(68L, 69L);
    assertThat(offsets(query("k", Map.of("maxNum", Integer.MAX_VALUE)))).hasSize(64);
    assertThat(offsets(query("k", Map.of("maxNum", -1)))).containsExactly(69L);
  }

  @Test
  void nothingIsFoundOfATopicThatIsNotThere() {
    bench.message("gone", 0, Map.of("KEYS", "k"));

    assertThat(query("k", Map.of("topic", "gone")).code()).isEqualTo(ResponseCode.QUERY_NOT_FOUND);
    assertThat(query("other", Map.of()).remark()).contains("can not find message");
  }

  @Test
  void messageIsSeenByItsPosition() {
    bench.message("T", 0, Map.of("UNIQ_KEY", "U1"));
    long position = bench.stored("T", 0, 0).position();

    Command answer = bench.call(client, RequestCode.VIEW_MESSAGE_BY_ID, Map.of("offset", position));

    assertThat(RecordView.of(answer.body()).property("UNIQ_KEY")).contains("U1");
  }

  @Test
  void positionThatIsNoMessageIsRefused() {
    for (long position : new long[] {-1, 3, Long.MAX_VALUE}) {
      Command answer =
          bench.call(client, RequestCode.VIEW_MESSAGE_BY_ID, Map.of("offset", position));
      assertThat(answer.code()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    }
  }
}
