package io.moiety.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.delay.DelayRouting;
import io.moiety.broker.log.CommitLog;
import io.moiety.broker.log.LogConfig;
import io.moiety.broker.log.LogEvents;
import io.moiety.broker.log.SimulatedDisk;
import io.moiety.broker.log.SimulatedLog;
import io.moiety.broker.retention.Retention;
import io.moiety.broker.snapshot.SimulatedViewFiles;
import io.moiety.broker.store.GroupConfig;
import io.moiety.broker.store.SystemRecord;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordDraft;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Blocks that tell where messages lie are damaged, and segments go all the same. */
class DamagedRetentionTest {
  private static final int SEGMENT_BYTES = 512 * 1024;
  private static final LogConfig LOG =
      SimulatedLog.config(SEGMENT_BYTES, 3 * SEGMENT_BYTES / 4, SEGMENT_BYTES / 8);
  private static final DelayRouting ROUTING = new DelayRouting(WholeStore.CONFIG.delayLevels());

  /** More than a block has entries. */
  private static final List<String> BODIES =
      IntStream.range(0, 150).mapToObj(number -> "message " + number).toList();

  private final AtomicLong wallMillis = new AtomicLong(1_700_000_000_000L);
  private final SimulatedDisk disk = new SimulatedDisk(1);
  private final SimulatedViewFiles files = new SimulatedViewFiles();
  private CommitLog log;
  private WholeStore store;

  private void start() throws IOException {
    log = SimulatedLog.open(disk, LOG, wallMillis::get, new NobodyHears(), new Random(1));
    store = WholeStore.open(log, files, wallMillis, Long.MAX_VALUE);
    store.begin(SEGMENT_BYTES, 64);
  }

  private void stop() {
    store.endTurn();
    log.close();
  }

  private void put(String topic, String body, MessageProperties properties) {
    RecordDraft draft =
        new RecordDraft(
            topic,
            0,
            0,
            0,
            0,
            wallMillis.get(),
            WholeStore.HOST,
            WholeStore.HOST,
            0,
            0,
            ByteBuffer.wrap(body.getBytes(UTF_8)),
            properties);
    store.store.put(ROUTING.route(draft, wallMillis.get()));
    store.store.forceAppended();
  }

  private static MessageProperties delay(String property, String value) {
    return MessageProperties.empty().with(property, value);
  }

  private void sendWhatIsKept() {
    store.store.record(new SystemRecord.GroupSet(GroupConfig.ofQueue("kept")));
    for (String body : BODIES) {
      put("exact", body, delay(PropertyNames.TIMER_DELAY_MS, "3600000"));
      put("level", body, delay(PropertyNames.DELAY, "17"));
      put("kept", body, MessageProperties.empty());
    }
  }

  private void fill(int segments) {
    long end = log.appendedPosition() + (long) segments * SEGMENT_BYTES;
    while (log.appendedPosition() < end) {
      put("filler", "x".repeat(4_096), MessageProperties.empty());
    }
  }

  private void letTheFirstSegmentGo() {
    long before = log.firstPosition();
    for (int turn = 0; log.firstPosition() == before; turn++) {
      assertThat(turn).as("turns until the segment goes").isLessThan(100);
      wallMillis.addAndGet(1_000);
      store.endTurn();
      store.runViewThread();
    }
  }

  private List<String> bodies(String topic) {
    return store.messages(topic, 0).stream()
        .map(message -> UTF_8.decode(message.body()).toString())
        .toList();
  }

  @Test
  void segmentsGoOnGoingAndTheNextStartHasAllThatWasNeededOfThem() throws IOException {
    start();
    sendWhatIsKept();
    store.takeLastSnapshot();
    stop();
    files.flipEvery("blocks", 2_048, 100);
    start();
    try (LogLines said = LogLines.of(Retention.class)) {
      for (int segment = 0; segment < 3; segment++) {
        fill(1);
        letTheFirstSegmentGo();
      }
      assertThat(said.of(Level.WARNING)).isNotEmpty().allMatch(line -> line.contains("damaged"));
    }
    stop();
    start();
    assertThat(store.startedFrom).as("no snapshot is kept").isEmpty();
    assertThat(bodies("kept")).isEqualTo(BODIES);
    wallMillis.addAndGet(7_200_000);
    for (int turn = 0; turn < 10; turn++) {
      store.endTurn();
    }
    assertThat(bodies("exact")).isEqualTo(BODIES);
    assertThat(bodies("level")).isEqualTo(BODIES);
    stop();
    start();
    wallMillis.addAndGet(7_200_000);
    for (int turn = 0; turn < 10; turn++) {
      store.endTurn();
    }
    assertThat(bodies("exact")).isEqualTo(BODIES);
    assertThat(bodies("level")).isEqualTo(BODIES);
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
