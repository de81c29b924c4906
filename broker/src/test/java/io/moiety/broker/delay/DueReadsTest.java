package io.moiety.broker.delay;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.snapshot.BlockFile;
import io.moiety.broker.snapshot.Section;
import io.moiety.broker.snapshot.SimulatedViewFiles;
import io.moiety.broker.store.ColdReads;
import io.moiety.broker.store.HeldReads;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages that are due at once and lie far apart, after a start, when nothing is in memory. */
class DueReadsTest {
  private static final int RECORD_BYTES = 100;
  private static final int MESSAGES = 60_000;
  private static final int BLOCK_ENTRIES = 102;
  private static final long DUE_MILLIS = 1_000_000;

  private final SimulatedViewFiles files = new SimulatedViewFiles();
  private final HeldReads readers = new HeldReads();
  private final List<Long> recordsRead = new ArrayList<>();
  private BlockFile blocks = SimulatedViewFiles.blocks();
  private QueueTable queues = new QueueTable(blocks);
  private TimerSchedule timers = new TimerSchedule(queues, blocks, TimerSizes.standard());
  private DueReads dueReads = reads();

  /** One message of each block is due soon. */
  @BeforeEach
  void startOverMany() throws IOException {
    open();
    for (int i = 0; i < MESSAGES; i++) {
      put(i, i % BLOCK_ENTRIES == 0 ? DUE_MILLIS : 100 * DUE_MILLIS);
    }
    List<Section> sections = List.of(queues.capture(), timers.capture());
    List<byte[]> written = new ArrayList<>();
    for (Section section : sections) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      section.write(new DataOutputStream(bytes));
      written.add(bytes.toByteArray());
    }
    open();
    queues.restore(new DataInputStream(new ByteArrayInputStream(written.get(0))));
    timers.restore(new DataInputStream(new ByteArrayInputStream(written.get(1))));
    dueReads = reads();
    readers.hold();
  }

  private void open() throws IOException {
    blocks = BlockFile.open(files);
    queues = new QueueTable(blocks);
    timers = new TimerSchedule(queues, blocks, TimerSizes.standard());
  }

  private DueReads reads() {
    ColdReads coldReads =
        new ColdReads(
            (position, bytes) -> recordsRead.add(position),
            () -> (long) MESSAGES * RECORD_BYTES,
            new ColdReads.Settings(0, RECORD_BYTES, MESSAGES),
            readers,
            Runnable::run);
    LevelSchedule levels =
        new LevelSchedule(queues, BrokerConfig.of(Map.of(), Profile.EMBEDDED).delayLevels());
    return new DueReads(levels, timers, blocks, coldReads);
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
    timers.applyMessage(record);
  }

  @Test
  void theTurnReadsHardlyABlockItselfAndPortionsAreBounded() {
    int before = files.reads();
    timers.goToHead(1_000);
    Delayed head = timers.head().orElseThrow();
    assertThat(dueReads.isBeingRead(head, DUE_MILLIS)).isTrue();
    assertThat(files.reads() - before).as("blocks read by the turn").isLessThan(20);
    assertThat(readers.waiting()).isEqualTo(1);
    int beforeReader = files.reads();
    readers.readOne(); // The blocks; then the turn finds them in the page cache.
    int portion = DueReads.MESSAGES;
    assertThat(files.reads() - beforeReader).isBetween(portion, 2 * portion);
    assertThat(dueReads.wakeMillis(head)).as("its record is being read").isEqualTo(Long.MAX_VALUE);
    readers.readOne();
    assertThat(recordsRead).hasSize(portion);
    assertThat(dueReads.isBeingRead(head, DUE_MILLIS)).isFalse();
    assertThat(dueReads.wakeMillis(head)).isEqualTo(DUE_MILLIS);
  }

  @Test
  void whenReadersTakeNothingTheTurnReadsAPortion() {
    readers.full();
    timers.goToHead(1_000);
    int before = files.reads();
    assertThat(dueReads.isBeingRead(timers.head().orElseThrow(), DUE_MILLIS)).isFalse();
    assertThat(files.reads() - before).isLessThan(DueReads.MESSAGES + 20);
  }
}
