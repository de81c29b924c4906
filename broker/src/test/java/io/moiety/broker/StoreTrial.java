package io.moiety.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.log.CommitLog;
import io.moiety.broker.log.LogConfig;
import io.moiety.broker.log.LogEvents;
import io.moiety.broker.log.MachineStop;
import io.moiety.broker.log.SimulatedDisk;
import io.moiety.broker.log.SimulatedLog;
import io.moiety.broker.snapshot.BlockDamagedException;
import io.moiety.broker.snapshot.SimulatedViewFiles;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Log and views on one simulated disk, under a varied load, stopped at any operation, started again
 * and compared: what producers were told is there, once and in order, and the views are what the
 * log alone gives.
 */
final class StoreTrial {
  private static final LogConfig LOG = log(256 * 1024);

  /** Small segments, which come and go. */
  private static final LogConfig SHORT_LOG = log(48 * 1024);

  private static final long MAX_STORE_BYTES = 4 * 48 * 1024;

  private final SimulatedDisk disk;
  private final Random random;
  private final AtomicLong wallMillis = new AtomicLong(1_700_000_000_000L);
  private final StoreWorkload workload;
  private final long intervalBytes;
  private final boolean retention;
  private final boolean syncFlush;
  SimulatedViewFiles files = new SimulatedViewFiles();

  /** How far the log of the latest process is forced. */
  private LongSupplier durablePosition = () -> 0;

  /** Starts that a snapshot shortened. */
  int fromSnapshot;

  /** Damaged files that no start noticed. */
  int foundLater;

  /** Where the log began last; a start may still find older segments, which nobody needs. */
  long deletedBefore;

  private static LogConfig log(int segmentBytes) {
    return SimulatedLog.config(segmentBytes, segmentBytes / 2, segmentBytes / 8);
  }

  StoreTrial(long seed, long intervalBytes) {
    this(seed, intervalBytes, false);
  }

  /** A trial, with a log that is not to be larger than a few small segments. */
  StoreTrial(long seed, long intervalBytes, boolean retention) {
    this(seed, intervalBytes, retention, true);
  }

  /** A trial where only those steps are forced that always are. */
  static StoreTrial asyncFlush(long seed, long intervalBytes) {
    return new StoreTrial(seed, intervalBytes, false, false);
  }

  private StoreTrial(long seed, long intervalBytes, boolean retention, boolean syncFlush) {
    this.disk = new SimulatedDisk(seed);
    this.random = new Random(seed);
    this.workload = new StoreWorkload(seed, wallMillis, retention ? 1_000 : 300, syncFlush);
    this.retention = retention;
    this.syncFlush = syncFlush;
    this.intervalBytes = intervalBytes;
    files.beforeEachOperation(disk::operation);
  }

  /** Starts, checks, works; stops in order, or does not come so far. */
  Map<String, Object> live(int steps, boolean lastSnapshot) throws IOException {
    WholeStore store = start();
    durablePosition = store.log::durablePosition;
    store.begin(retention ? MAX_STORE_BYTES : Long.MAX_VALUE, 1 + random.nextInt(8));
    workload.begin(store);
    for (int step = 0; step < steps; step++) {
      workload.step(store);
      deletedBefore = Math.max(deletedBefore, store.log.firstPosition());
    }
    workload.end(store);
    if (lastSnapshot) {
      store.takeLastSnapshot();
    }
    store.endTurn();
    Map<String, Object> state = store.state();
    store.log.close();
    return state;
  }

  /** Starts, lets everything come about that was promised, and sees that it did. */
  void fulfil() throws IOException {
    WholeStore store = start();
    store.begin();
    workload.fulfil(store);
    store.log.close();
  }

  EarlyAnswers early() {
    return workload.early;
  }

  /** The views that a start gives; from a snapshot if there is one, and from the log alone. */
  Map<String, Object> startedState() throws IOException {
    WholeStore store = start();
    Map<String, Object> state = store.state();
    store.log.close();
    return state;
  }

  /** A bit of each of the views' files flips: of one kind of them, or of all. */
  void damage(String prefix) {
    for (String name : files.list()) {
      if (name.startsWith(prefix)) {
        files.flipEvery(name, 2_048, 7);
      }
    }
  }

  private WholeStore start() throws IOException {
    CommitLog log =
        SimulatedLog.open(
            disk, retention ? SHORT_LOG : LOG, wallMillis::get, new NobodyHears(), random);
    WholeStore rebuilt = WholeStore.rebuilt(log, wallMillis);
    WholeStore store = openDamaged(log);
    fromSnapshot += store.startedFrom.isPresent() ? 1 : 0;
    deletedBefore = Math.max(deletedBefore, log.firstPosition());
    store.forgetBefore(deletedBefore);
    rebuilt.forgetBefore(deletedBefore);
    assertSame(store.state(), rebuilt.state());
    workload.checkKept(store);
    return store;
  }

  /**
   * What is damaged in the views' files is found by the start or by the first who reads it; then it
   * takes another start.
   */
  private WholeStore openDamaged(CommitLog log) throws IOException {
    WholeStore store = WholeStore.open(log, files, wallMillis, intervalBytes, syncFlush);
    store.forgetBefore(Math.max(deletedBefore, log.firstPosition()));
    try {
      assertThat(store.state()).isNotNull();
      return store;
    } catch (BlockDamagedException damaged) {
      foundLater++;
      store.runViewThread();
      return WholeStore.open(log, files, wallMillis, intervalBytes, syncFlush);
    }
  }

  /** View by view, so that a difference can be read. */
  static void assertSame(Map<String, Object> actual, Map<String, Object> expected) {
    expected.forEach((view, state) -> assertThat(actual.get(view)).as(view).isEqualTo(state));
    assertThat(actual).hasSameSizeAs(expected);
  }

  /**
   * As {@link #live}, with a stop at an operation of the disk; false when it did not come to it.
   */
  boolean liveUntilStop(int steps, long operations, boolean powerCut) throws IOException {
    disk.stopAfter(operations);
    try {
      live(steps, random.nextBoolean());
      return false;
    } catch (MachineStop expected) {
      return true;
    } finally {
      workload.stopped(durablePosition.getAsLong(), powerCut);
      if (powerCut) {
        disk.restartAfterPowerCut();
        files.cutPower(random, List.of(0, 30, 70, 100).get(random.nextInt(4)));
      } else {
        disk.restartAfterKill();
      }
    }
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
