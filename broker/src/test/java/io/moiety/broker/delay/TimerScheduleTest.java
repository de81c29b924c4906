package io.moiety.broker.delay;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.snapshot.SimulatedViewFiles;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.protocol.Command;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.SystemTopics;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Delayed messages whose records have left the log: damaged ones, since others are carried. */
class TimerScheduleTest {
  private static final int RECORD_BYTES = 100;

  private final QueueTable queues = new QueueTable(SimulatedViewFiles.blocks());
  private final TimerSchedule schedule = new TimerSchedule(queues);

  @BeforeEach
  void threeOfWhichTheSecondComesFirst() {
    put(0, 2_000);
    put(1, 1_000);
    put(2, 3_000);
    queues.serve(3 * RECORD_BYTES, queue -> {});
  }

  private void put(int number, long dueMillis) {
    LoggedRecord record =
        new LoggedRecord(
            SystemTopics.TIMER,
            0,
            number,
            (long) number * RECORD_BYTES,
            RECORD_BYTES,
            0,
            1,
            1,
            0,
            MessageProperties.of(Map.of(PropertyNames.TIMER_OUT_MS, Long.toString(dueMillis))),
            Command.noBody());
    queues.applyMessage(record);
    schedule.applyMessage(record);
  }

  private static List<Long> positions(List<Delayed> delayed) {
    return delayed.stream().map(Delayed::position).toList();
  }

  @Test
  void theFirstInTimeIsTheHead() {
    assertThat(schedule.head().orElseThrow().position()).isEqualTo(100);
    assertThat(positions(schedule.dueUntil(2_000, 9))).containsExactly(100L, 0L);
  }

  @Test
  void whatIsGoneIsNeitherDueNorFoundNorSaved() throws IOException {
    schedule.forgetBefore(2 * RECORD_BYTES);
    assertThat(schedule.find(1_000, 0, 9)).isEmpty();
    assertThat(schedule.head().orElseThrow().position()).isEqualTo(200);
    assertThat(positions(schedule.dueUntil(9_000, 9))).containsExactly(200L);
    TimerSchedule restored = restored();
    restored.forgetBefore(2 * RECORD_BYTES);
    assertThat(restored.state()).isEqualTo(schedule.state());
    assertThat((List<?>) schedule.state()).hasSize(1);
  }

  @Test
  void whatIsGoneBehindTheHeadIsNotDueEither() {
    schedule.forgetBefore(RECORD_BYTES);
    assertThat(positions(schedule.dueUntil(9_000, 9))).containsExactly(100L, 200L);
  }

  private TimerSchedule restored() throws IOException {
    ByteArrayOutputStream section = new ByteArrayOutputStream();
    schedule.capture().write(new DataOutputStream(section));
    TimerSchedule restored = new TimerSchedule(queues);
    restored.restore(new DataInputStream(new ByteArrayInputStream(section.toByteArray())));
    return restored;
  }
}
