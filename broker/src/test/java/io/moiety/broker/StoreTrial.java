package io.moiety.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.log.CommitLog;
import io.moiety.broker.log.LogConfig;
import io.moiety.broker.log.LogEvents;
import io.moiety.broker.log.MachineStop;
import io.moiety.broker.log.SimulatedDisk;
import io.moiety.broker.log.SimulatedLog;
import io.moiety.broker.snapshot.SimulatedViewFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Log and views on one simulated disk, under a varied load, stopped at any operation, started again
 * and compared: what producers were told is there, once and in order, and the views are what the
 * log alone gives.
 */
final class StoreTrial {
  private static final LogConfig LOG =
      new LogConfig(
          Path.of("simulated"), 256 * 1024, 128 * 1024, 500, 32 * 1024, 0, 0, OptionalLong.empty());

  private final SimulatedDisk disk;
  private final Random random;
  private final AtomicLong wallMillis = new AtomicLong(1_700_000_000_000L);
  private final StoreWorkload workload;
  private final long intervalBytes;
  private final boolean retention;
  SimulatedViewFiles files = new SimulatedViewFiles();

  /** Starts that a snapshot shortened. */
  int fromSnapshot;

  /** Where the log began last; a start may still find older segments, which nobody needs. */
  long deletedBefore;

  StoreTrial(long seed, long intervalBytes) {
    this(seed, intervalBytes, false);
  }

  /** A trial, with segments deleted now and then whatever they still hold. */
  StoreTrial(long seed, long intervalBytes, boolean retention) {
    this.disk = new SimulatedDisk(seed);
    this.random = new Random(seed);
    this.workload = new StoreWorkload(seed, wallMillis, retention ? 2_000 : 300);
    this.retention = retention;
    this.intervalBytes = intervalBytes;
    files.beforeEachOperation(disk::operation);
  }

  /** Starts, checks, works; stops in order, or does not come so far. */
  Map<String, Object> live(int steps, boolean lastSnapshot) throws IOException {
    WholeStore store = start();
    workload.restarted();
    store.begin();
    for (int step = 0; step < steps; step++) {
      workload.step(store);
      if (retention && random.nextInt(100) == 0) {
        store.deleteOldSegments();
        deletedBefore = store.log.firstPosition();
      }
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

  /** The views that a start gives; from a snapshot if there is one, and from the log alone. */
  Map<String, Object> startedState() throws IOException {
    WholeStore store = start();
    Map<String, Object> state = store.state();
    store.log.close();
    return state;
  }

  private WholeStore start() throws IOException {
    CommitLog log = SimulatedLog.open(disk, LOG, wallMillis::get, new NobodyHears(), random);
    WholeStore rebuilt = WholeStore.rebuilt(log, wallMillis);
    WholeStore store = WholeStore.open(log, files, wallMillis, intervalBytes);
    fromSnapshot += store.startedFrom.isPresent() ? 1 : 0;
    store.forgetBefore(deletedBefore);
    rebuilt.forgetBefore(deletedBefore);
    assertSame(store.state(), rebuilt.state());
    if (!retention) {
      checkMessages(store);
    }
    return store;
  }

  /** View by view, so that a difference can be read. */
  static void assertSame(Map<String, Object> actual, Map<String, Object> expected) {
    expected.forEach((view, state) -> assertThat(actual.get(view)).as(view).isEqualTo(state));
    assertThat(actual).hasSameSizeAs(expected);
  }

  private void checkMessages(WholeStore store) {
    List<String> found =
        store.messages(StoreWorkload.KEPT_TOPIC, 0).stream()
            .map(record -> UTF_8.decode(record.body()).toString())
            .toList();
    assertThat(found).doesNotHaveDuplicates();
    assertThat(found.stream().filter(Set.copyOf(workload.kept)::contains).toList())
        .isEqualTo(workload.kept);
    assertThat(found).noneMatch(Set.copyOf(workload.rolledBack)::contains);
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
