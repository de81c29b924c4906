package io.moiety.broker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.SystemRecord.CommittedOffset;
import io.moiety.broker.store.SystemRecord.GroupDeleted;
import io.moiety.broker.store.SystemRecord.OffsetsCommitted;
import io.moiety.broker.store.SystemRecord.TopicDeleted;
import io.moiety.protocol.Command;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.SystemTopics;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PendingOffsetsTest {

  private static final LoggedRecord RECORD =
      new LoggedRecord(
          SystemTopics.STATE, 0, 0, 0, 0, 0, 0, 0, 0, MessageProperties.empty(), Command.noBody());

  private final PendingOffsets pending = new PendingOffsets();

  @Test
  void lastOffsetOfAQueueIsLoggedFiveSecondsAfterTheFirst() {
    pending.put(new CommittedOffset("G", "T", 0, 5), 1_000);
    pending.put(new CommittedOffset("G", "T", 0, 9), 4_000);
    pending.put(new CommittedOffset("G", "T", 1, 2), 4_000);

    assertThat(pending.find("G", "T", 0)).hasValue(9);
    assertThat(pending.find("G", "T", 7)).isEmpty();
    assertThat(pending.nextDueMillis()).isEqualTo(6_000);
    assertThat(drained())
        .singleElement()
        .isInstanceOfSatisfying(
            OffsetsCommitted.class,
            record ->
                assertThat(record.offsets())
                    .containsExactly(
                        new CommittedOffset("G", "T", 0, 9), new CommittedOffset("G", "T", 1, 2)));
    assertThat(pending.nextDueMillis()).isEqualTo(Long.MAX_VALUE);
    assertThat(drained()).isEmpty();
  }

  @Test
  void manyOffsetsAreSeveralRecords() {
    for (int queue = 0; queue <= PendingOffsets.MAX_PER_RECORD; queue++) {
      pending.put(new CommittedOffset("G", "T", queue, 1), 0);
    }
    assertThat(drained()).hasSize(2);
  }

  @Test
  void offsetsDoNotOutliveTheirTopicOrGroup() {
    pending.put(new CommittedOffset("G", "T", 0, 5), 0);
    pending.put(new CommittedOffset("G", "U", 0, 5), 0);
    pending.put(new CommittedOffset("H", "U", 0, 5), 0);

    pending.applyFact(new TopicDeleted("T"), RECORD);
    pending.applyFact(new GroupDeleted("H"), RECORD);

    assertThat(pending.find("G", "T", 0)).isEmpty();
    assertThat(pending.find("H", "U", 0)).isEmpty();
    assertThat(pending.find("G", "U", 0)).hasValue(5);
  }

  @Test
  void whatTheLogDoesNotTakeStaysPending() {
    pending.put(new CommittedOffset("G", "T", 0, 7), 0);
    assertThatThrownBy(
            () ->
                pending.drainTo(
                    record -> {
                      throw new IllegalStateException("the log is full");
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(pending.find("G", "T", 0)).hasValue(7);
    assertThat(drained()).hasSize(1);
    assertThat(pending.find("G", "T", 0)).isEmpty();
  }

  private List<SystemRecord> drained() {
    List<SystemRecord> records = new ArrayList<>();
    pending.drainTo(records::add);
    return records;
  }
}
