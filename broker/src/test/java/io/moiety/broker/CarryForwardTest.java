package io.moiety.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.intake.IncomingMessage;
import io.moiety.broker.intake.SendOutcome;
import io.moiety.broker.log.CommitLog;
import io.moiety.broker.log.LogConfig;
import io.moiety.broker.log.LogEvents;
import io.moiety.broker.log.SimulatedDisk;
import io.moiety.broker.log.SimulatedLog;
import io.moiety.broker.snapshot.SimulatedViewFiles;
import io.moiety.broker.store.GroupConfig;
import io.moiety.broker.store.SystemRecord;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SystemTopics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens to a record between the look at its segment and the copy. */
class CarryForwardTest {
  private static final int SEGMENT_BYTES = 64 * 1024;
  private static final int FILLER_BYTES = 4 * 1024;
  private static final LogConfig LOG =
      SimulatedLog.config(SEGMENT_BYTES, 3 * SEGMENT_BYTES / 4, SEGMENT_BYTES / 8);

  private final AtomicLong wallMillis = new AtomicLong(1_700_000_000_000L);
  private CommitLog log;
  private WholeStore store;

  @BeforeEach
  void open() throws IOException {
    log =
        SimulatedLog.open(
            new SimulatedDisk(1), LOG, wallMillis::get, new NobodyHears(), new Random(1));
    store = WholeStore.open(log, new SimulatedViewFiles(), wallMillis, Long.MAX_VALUE);
    store.begin(SEGMENT_BYTES, 1);
  }

  @Test
  void aMessageOfALevelThatIsDeliveredBeforeItIsCopiedIsNotCopied() {
    send("kept", Map.of(), "kept");
    keep("kept");
    send("reminders", Map.of(PropertyNames.DELAY, "1"), "late");
    fillTwoSegments();
    store.endTurn(); // Looks: both are needed.
    wallMillis.addAndGet(2_000);
    letTheSegmentGo();
    assertThat(bodies("reminders")).containsExactly("late");
    assertThat(store.messages(SystemTopics.SCHEDULE, 0)).isEmpty();
    assertThat(bodies("kept")).containsExactly("kept");
  }

  @Test
  void aMessageOfATopicThatIsDeletedBeforeItIsCopiedDoesNotComeBack() {
    for (String topic : List.of("kept", "doomed")) {
      send(topic, Map.of(), topic);
      keep(topic);
    }
    fillTwoSegments();
    store.endTurn(); // Looks: both are needed.
    store.domain().topicCreation().delete("doomed");
    letTheSegmentGo();
    assertThat(store.views.queues().of("doomed")).isEmpty();
    assertThat(bodies("kept")).containsExactly("kept");
  }

  @Test
  void aMessageThatCannotBeCopiedKeepsItsSegmentUntilItIsNotNeeded() {
    send("kept", Map.of(), "first");
    store.store.put(
        new RecordDraft(
            "kept",
            0,
            0,
            0,
            0,
            wallMillis.get(),
            WholeStore.HOST,
            WholeStore.HOST,
            0,
            0,
            ByteBuffer.wrap("kept".getBytes(UTF_8)),
            MessageProperties.of(Map.of("large", "x".repeat(32_730)))));
    keep("kept");
    fillTwoSegments();
    for (int turn = 0; turn < 20; turn++) {
      wallMillis.addAndGet(10_000);
      store.endTurn();
      store.runViewThread();
    }
    assertThat(log.firstPosition()).isZero();
    assertThat(bodies("kept")).containsExactly("first", "kept");
    store.domain().topicCreation().delete("kept");
    wallMillis.addAndGet(10_000);
    letTheSegmentGo();
  }

  @Test
  void oneSnapshotIsTakenForOneSegment() {
    fillTwoSegments();
    letTheSegmentGo();
    for (int turn = 0; turn < 5; turn++) {
      wallMillis.addAndGet(1_000);
      store.endTurn();
      store.runViewThread();
    }
    List<RecordView> bases = new ArrayList<>();
    for (long at = log.firstPosition(); at < log.appendedPosition(); ) {
      RecordView record = log.find(at).orElse(null);
      if (record == null) {
        break;
      }
      if (record.topic().equals(SystemTopics.STATE) && record.queueId() == 1) {
        bases.add(record);
      }
      at += record.sizeBytes();
    }
    assertThat(bases).hasSize(3); // Begin mark, facts, end mark.
  }

  private void keep(String topic) {
    store.store.record(new SystemRecord.GroupSet(GroupConfig.ofQueue(topic)));
  }

  private void fillTwoSegments() {
    while (log.appendedPosition() < 3L * SEGMENT_BYTES / 2) {
      send("filler", Map.of(), "x".repeat(FILLER_BYTES));
    }
  }

  private void letTheSegmentGo() {
    for (int turn = 0; log.firstPosition() == 0; turn++) {
      assertThat(turn).as("turns until the segment goes").isLessThan(20);
      wallMillis.addAndGet(1_000);
      store.endTurn();
      store.runViewThread();
    }
  }

  private List<String> bodies(String topic) {
    return store.views.queues().of(topic).stream()
        .flatMap(queue -> store.messages(topic, queue.queueId()).stream())
        .map(message -> UTF_8.decode(message.body()).toString())
        .toList();
  }

  private void send(String topic, Map<String, String> properties, String body) {
    List<SendOutcome> outcomes = new ArrayList<>();
    store
        .domain()
        .intake()
        .take(
            new IncomingMessage(
                topic,
                0,
                1,
                0,
                0,
                wallMillis.get(),
                WholeStore.HOST,
                0,
                MessageProperties.of(properties),
                ByteBuffer.wrap(body.getBytes(UTF_8)),
                1),
            wallMillis.get(),
            outcomes::add);
    store.store.forceAppended();
    assertThat(outcomes).allMatch(SendOutcome.Stored.class::isInstance);
  }

  private static final class NobodyHears implements LogEvents {
    @Override
    public void durableAdvanced(long durablePosition) {}

    @Override
    public void failed(Throwable cause) {
      throw new AssertionError(cause);
    }
  }
}
