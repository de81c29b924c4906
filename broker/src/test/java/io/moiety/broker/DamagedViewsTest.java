package io.moiety.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.broker.delay.DelayRouting;
import io.moiety.broker.log.CommitLog;
import io.moiety.broker.log.LogConfig;
import io.moiety.broker.log.LogEvents;
import io.moiety.broker.log.SimulatedDisk;
import io.moiety.broker.log.SimulatedLog;
import io.moiety.broker.snapshot.BlockDamagedException;
import io.moiety.broker.snapshot.SimulatedViewFiles;
import io.moiety.broker.snapshot.SnapshotTaking;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.TopicConfig;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordView;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is not right beside the log makes a start slow, and never stops it. */
class DamagedViewsTest {
  private static final int SEGMENT_BYTES = 256 * 1024;
  private static final LogConfig LOG =
      SimulatedLog.config(SEGMENT_BYTES, SEGMENT_BYTES / 2, SEGMENT_BYTES / 8);

  /** More than a block's entries. */
  private static final int MESSAGES = 150;

  private static final int ENTRIES_OF_A_BLOCK = 102;

  private static final List<String> BODIES =
      IntStream.range(0, MESSAGES).mapToObj(number -> "message " + number).toList();

  private final AtomicLong wallMillis = new AtomicLong(1_700_000_000_000L);
  private final SimulatedDisk disk = new SimulatedDisk(1);
  private final SimulatedViewFiles files = new SimulatedViewFiles();
  private CommitLog log;
  private WholeStore store;

  @BeforeEach
  void open() throws IOException {
    start();
    store.store.record(new SystemRecord.TopicSet(TopicConfig.of("T", 1)));
    BODIES.forEach(this::put);
    store.takeLastSnapshot();
  }

  private void start() throws IOException {
    log = SimulatedLog.open(disk, LOG, wallMillis::get, new NobodyHears(), new Random(1));
    store = WholeStore.open(log, files, wallMillis, Long.MAX_VALUE);
    store.begin();
  }

  private Journal.Logged put(String body) {
    Journal.Logged logged = store.store.put(draft("T", body));
    store.endTurn();
    return logged;
  }

  private RecordDraft draft(String topic, String body) {
    return new RecordDraft(
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
        MessageProperties.empty());
  }

  private void stop() {
    store.endTurn();
    log.close();
  }

  private List<String> bodies() {
    return store.messages("T", 0).stream().map(DamagedViewsTest::body).toList();
  }

  private static String body(RecordView message) {
    return UTF_8.decode(message.body()).toString();
  }

  @Test
  void aStartBeginsWithTheSnapshotWhenNothingIsDamaged() throws IOException {
    stop();
    start();
    assertThat(store.startedFrom).isPresent();
    assertThat(bodies()).isEqualTo(BODIES);
  }

  @Test
  void aStartThatMeetsADamagedBlockReadsTheWholeLogAndSaysSoOnce() throws IOException {
    store.store.carry(store.messages("T", 0).get(5)); // The replay changes its entry.
    stop();
    files.flipEvery("blocks", 2_048, 100);
    try (LogLines said = LogLines.of(StartedStore.class)) {
      start();
      assertThat(said.of(Level.WARNING))
          .singleElement()
          .asString()
          .contains("built from the whole log", "block 0 of the file views/blocks");
    }
    assertThat(store.startedFrom).isEmpty();
    assertThat(bodies()).isEqualTo(BODIES);
    store.takeLastSnapshot();
    stop();
    start();
    assertThat(store.startedFrom).as("what was rebuilt is whole").isPresent();
    assertThat(bodies()).isEqualTo(BODIES);
  }

  @Test
  void aBlockThatIsFoundDamagedLaterIsSaidOnceAndTheNextStartRebuildsIt() throws IOException {
    stop();
    files.flipEvery("blocks", 2_048, 100);
    start();
    assertThat(store.startedFrom).as("nobody read the block").isPresent();
    try (LogLines said = LogLines.of(SnapshotTaking.class)) {
      assertThatThrownBy(this::bodies).isInstanceOf(BlockDamagedException.class);
      assertThatThrownBy(this::bodies).isInstanceOf(BlockDamagedException.class);
      assertThat(said.of(Level.WARNING)).singleElement().asString().contains("views/blocks");
    }
    put("later");
    store.takeLastSnapshot();
    stop();
    start();
    assertThat(store.startedFrom).isEmpty();
    assertThat(bodies()).hasSize(MESSAGES + 1).startsWith("message 0").endsWith("later");
  }

  @Test
  void whoPopsGetsWhatIsBehindADamagedBlockAndAfterTheNextStartWhatIsInIt() throws IOException {
    stop();
    files.flipEvery("blocks", 2_048, 100);
    start();
    List<String> behind = BODIES.subList(ENTRIES_OF_A_BLOCK, MESSAGES);
    assertThat(popped(0).bodies()).isEqualTo(behind);
    Popped waiting = popped(60_000);
    put("later");
    store.endTurn(); // What was forced is served.
    assertThat(waiting.bodies()).containsExactly("later");
    store.takeLastSnapshot();
    stop();
    start();
    assertThat(popped(0).bodies()).startsWith("message 0", "message 1");
  }

  private Popped popped(long waitMillis) {
    return Popped.by(store, "G", MESSAGES, waitMillis, wallMillis.get());
  }

  @Test
  void aDelayLevelStopsAtItsDamagedBlockUntilTheNextStartAndTheOthersGoOn() throws IOException {
    BODIES.forEach(body -> delay(body, 1));
    delay("of another level", 2);
    store.takeLastSnapshot();
    stop();
    files.flipEvery("blocks", 2_048, 100);
    start();
    letDelaysPass();
    assertThat(delivered()).containsExactly("of another level");
    store.takeLastSnapshot();
    stop();
    start();
    letDelaysPass();
    assertThat(delivered())
        .startsWith("of another level")
        .containsAll(BODIES)
        .hasSize(MESSAGES + 1);
  }

  private void delay(String body, int level) {
    RecordDraft draft =
        draft("D", body)
            .withProperties(
                MessageProperties.empty().with(PropertyNames.DELAY, Integer.toString(level)));
    store.store.put(
        new DelayRouting(WholeStore.CONFIG.delayLevels()).route(draft, wallMillis.get()));
    store.endTurn();
  }

  private void letDelaysPass() {
    wallMillis.addAndGet(10_000);
    for (int turn = 0; turn < 4; turn++) {
      store.endTurn();
    }
  }

  private List<String> delivered() {
    return store.messages("D", 0).stream().map(DamagedViewsTest::body).toList();
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
