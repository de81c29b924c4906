package io.moiety.broker.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.LogLines;
import io.moiety.broker.log.CommitLog;
import io.moiety.broker.log.LogConfig;
import io.moiety.broker.log.LogEvents;
import io.moiety.broker.log.SimulatedDisk;
import io.moiety.broker.log.SimulatedLog;
import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.Store;
import io.moiety.broker.store.StoreSettings;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.View;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SnapshotTakingTest {
  private static final LogConfig LOG = SimulatedLog.config(256 * 1024, 128 * 1024, 32 * 1024);
  private static final long INTERVAL_BYTES = 4_096;
  private static final SystemRecord FACT = new SystemRecord.BranchDone(1);

  private final SimulatedViewFiles files = new SimulatedViewFiles();
  private final Remembering view = new Remembering();
  private final Tasks thread = new Tasks();
  private Store store;
  private SnapshotTaking taking;

  /** Says each fact that it was told, and counts them. */
  private static final class Remembering implements View {
    final List<SystemRecord> told = new ArrayList<>();

    @Override
    public void applyFact(SystemRecord fact, LoggedRecord record) {
      told.add(fact);
    }

    @Override
    public void sayFacts(Consumer<SystemRecord> base) {
      told.forEach(base);
    }

    @Override
    public void clearFacts() {
      told.clear();
    }
  }

  private static final class Tasks implements ViewThread {
    final Queue<Runnable> waiting = new ArrayDeque<>();

    @Override
    public void execute(Runnable task) {
      waiting.add(task);
    }

    @Override
    public boolean failed() {
      return false;
    }

    @Override
    public int waiting() {
      return waiting.size();
    }

    void runAll() {
      while (!waiting.isEmpty()) {
        waiting.remove().run();
      }
    }
  }

  @BeforeEach
  void open() throws IOException {
    LogEvents nobody =
        new LogEvents() {
          @Override
          public void durableAdvanced(long durablePosition) {}

          @Override
          public void failed(Throwable cause) {
            throw new AssertionError(cause);
          }
        };
    CommitLog log =
        SimulatedLog.open(new SimulatedDisk(1), LOG, () -> 1_000, nobody, new Random(1));
    InetSocketAddress host = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9876);
    BrokerClock clock = new BrokerClock(() -> 1_000, () -> 0);
    store =
        new Store(
            log, new StoreSettings(host, true, 5_000), clock, (topic, queue) -> 0, List.of(view));
    store.replay();
    taking =
        new SnapshotTaking(
            store,
            new Snapshots(files),
            new Snapshots.Restored<>(view, Optional.empty(), 0),
            List.of(new NamedView("v", new byte[100])),
            thread,
            INTERVAL_BYTES);
  }

  private void grow(long bytes) {
    long end = store.endPosition() + bytes;
    while (store.endPosition() < end) {
      store.record(FACT);
    }
  }

  @Test
  void afterDamageOfAViewNoSnapshotIsLeftOrWrittenAndBasesGoOn() throws IOException {
    grow(INTERVAL_BYTES);
    takeTurn();
    thread.runAll();
    assertThat(files.list()).hasSize(1);
    try (LogLines said = LogLines.of(SnapshotTaking.class)) {
      taking.viewsDamaged("block 7");
      taking.viewsDamaged("block 8");
      thread.runAll();
      assertThat(files.list()).isEmpty();
      assertThat(said.of(Level.WARNING)).singleElement().asString().contains("block 7");
    }
    long before = taking.durablePosition();
    grow(10 * INTERVAL_BYTES);
    takeTurn();
    thread.runAll();
    assertThat(files.list()).isEmpty();
    assertThat(taking.durablePosition()).isGreaterThan(before);
  }

  @Test
  void afterDamageBlocksAreUsedAgainOnceNoSnapshotNamesThem() throws IOException {
    BlockFile blocks = BlockFile.open(files);
    blocks.begin(thread, what -> {});
    taking =
        new SnapshotTaking(
            store,
            new Snapshots(files),
            new Snapshots.Restored<>(view, Optional.empty(), 0),
            List.of(new BlockView(blocks)),
            thread,
            INTERVAL_BYTES);
    int id = blocks.append(1, ByteBuffer.allocate(8));
    grow(INTERVAL_BYTES);
    takeTurn();
    thread.runAll();
    blocks.release(id);
    grow(10 * INTERVAL_BYTES);
    takeTurn();
    taking.viewsDamaged("block 7");
    thread.waiting.remove().run();
    assertThat(blocks.freeCount()).as("the snapshot that names it is still there").isZero();
    thread.runAll();
    grow(80 * INTERVAL_BYTES);
    takeTurn();
    thread.runAll();
    assertThat(blocks.freeCount()).isEqualTo(1);
  }

  /** A view that is nothing but its blocks. */
  private record BlockView(BlockFile blocks) implements StoredView {
    @Override
    public String sectionName() {
      return "blocks";
    }

    @Override
    public int sectionVersion() {
      return 1;
    }

    @Override
    public Section capture() {
      BlockFile.Capture captured = blocks.capture();
      return new Section() {
        @Override
        public void write(DataOutput out) throws IOException {
          captured.force();
        }

        @Override
        public void durable() {
          captured.durable();
        }
      };
    }

    @Override
    public void restore(DataInput section) {
      throw new UnsupportedOperationException("this test restores nothing");
    }
  }

  /** What the end of a batch does, and the next one when the force is done. */
  private void takeTurn() {
    taking.run(1_000);
    forced();
  }

  private void forced() {
    store.forceAppended();
    store.publish(1_000);
  }

  private void endTurn() {
    takeTurn();
    thread.runAll();
  }

  private List<String> written() {
    return files.list().stream().filter(name -> name.startsWith("snapshot-")).toList();
  }

  @Test
  void nothingIsTakenBeforeTheLogHasGrown() {
    grow(INTERVAL_BYTES / 2);
    long end = store.endPosition();
    endTurn();
    assertThat(store.endPosition()).isEqualTo(end);
    assertThat(written()).isEmpty();
  }

  @Test
  void aGrownLogGetsABaseAndASnapshotAtItsPosition() {
    grow(INTERVAL_BYTES);
    long end = store.endPosition();
    endTurn();
    assertThat(store.endPosition()).isGreaterThan(end);
    assertThat(written()).containsExactly("snapshot-%020d".formatted(end));
  }

  @Test
  void anIdleBrokerAppendsNothing() {
    grow(INTERVAL_BYTES);
    endTurn();
    long end = store.endPosition();
    for (int i = 0; i < 100; i++) {
      endTurn();
    }
    assertThat(store.endPosition()).isEqualTo(end);
    assertThat(taking.nextDueMillis()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void theViewsAreNotToldWhatTheyThemselvesSaid() {
    grow(INTERVAL_BYTES);
    int told = view.told.size();
    endTurn();
    assertThat(view.told).hasSize(told);
  }

  @Test
  void aLargeBaseIsTakenLessOften() {
    grow(2 * INTERVAL_BYTES);
    endTurn();
    long baseBytes = view.told.size() * 13L;
    String first = written().get(0);
    grow(INTERVAL_BYTES);
    endTurn();
    assertThat(written()).containsExactly(first);
    grow(8 * (baseBytes + 2_000));
    endTurn();
    assertThat(written()).doesNotContain(first);
  }

  @Test
  void thereIsOneSnapshotAtATime() {
    grow(INTERVAL_BYTES);
    takeTurn();
    grow(40 * INTERVAL_BYTES);
    takeTurn();
    assertThat(thread.waiting()).isEqualTo(1);
  }

  @Test
  void aFullDiskCostsOneSnapshotAndNotTheNext() {
    grow(INTERVAL_BYTES);
    files.full(true);
    endTurn();
    assertThat(files.list()).isEmpty();
    files.full(false);
    grow(40 * INTERVAL_BYTES);
    endTurn();
    assertThat(written()).hasSize(1);
  }

  @Test
  void theLastSnapshotIsTakenOfWhatIsNew() {
    grow(10);
    List<String> told = new ArrayList<>();
    taking.takeLast(1_000, () -> told.add("written"));
    forced();
    assertThat(told).isEmpty();
    thread.runAll();
    assertThat(told).containsExactly("written");
    assertThat(written()).hasSize(1);
    long end = store.endPosition();
    taking.takeLast(1_000, () -> told.add("nothing to do"));
    thread.runAll();
    assertThat(store.endPosition()).isEqualTo(end);
    assertThat(told).containsExactly("written", "nothing to do");
  }
}
