package io.moiety.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.TransactionLife.Kind;
import io.moiety.broker.log.CommitLog;
import io.moiety.broker.log.LogConfig;
import io.moiety.broker.log.LogEvents;
import io.moiety.broker.log.MachineStop;
import io.moiety.broker.log.SimulatedDisk;
import io.moiety.broker.log.SimulatedLog;
import io.moiety.broker.snapshot.SimulatedViewFiles;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Stops the broker at every operation of the disk in the life of a transaction, by a kill and by a
 * power cut, starts it again, and compares with the table of docs/transactions.md: what the disk
 * kept last says what the start must make of it.
 */
class CrashMatrixTest {
  private static final LogConfig LOG = SimulatedLog.config(256 * 1024, 128 * 1024, 32 * 1024);

  private final CrashTable table = CrashTable.read();

  /** How the broker ends. */
  private enum Stop {
    /** What was written is there. */
    KILL,
    /** Only what was forced is there. */
    POWER_CUT,
    /** Also some of what was not forced, at random. */
    TORN
  }

  @Test
  void theDocumentHasEveryLife() {
    assertThat(table.lives())
        .containsExactlyElementsOf(Arrays.stream(Kind.values()).map(kind -> kind.title).toList());
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aStopAnywhereEndsAsTheDocumentSays(Kind kind) throws IOException {
    Map<String, CrashOutcome> rows = table.rows(kind);
    Set<String> met = new TreeSet<>();
    for (Stop stop : Stop.values()) {
      boolean stopped = true;
      for (int operation = 1; stopped; operation++) {
        Trial trial = new Trial(kind, stop, operation);
        stopped = trial.live();
        met.add(trial.startAgain(rows));
      }
    }
    assertThat(met).containsExactlyInAnyOrderElementsOf(rows.keySet());
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aClientThatIsLostAfterAnyStepLeavesWhatTheDocumentSays(Kind kind) throws IOException {
    Map<String, CrashOutcome> rows = table.rows(kind);
    Trial whole = new Trial(kind, Stop.KILL, Integer.MAX_VALUE);
    for (int steps = 1; steps <= whole.life.steps().size(); steps++) {
      new Trial(kind, Stop.KILL, Integer.MAX_VALUE).loseClientAfter(steps, rows);
    }
  }

  /** One life, stopped once. */
  private static final class Trial {
    private final AtomicLong wallMillis = new AtomicLong(1_700_000_000_000L);
    private final TransactionLife life;
    private final String name;
    private final Stop stop;
    private final int operation;
    private final SimulatedDisk disk;
    private final Random random;
    private final SimulatedViewFiles files = new SimulatedViewFiles();
    private long beginPosition;

    Trial(Kind kind, Stop stop, int operation) {
      this.life = new TransactionLife(kind, wallMillis);
      this.name = kind + ", " + stop + " at operation " + operation;
      this.stop = stop;
      this.operation = operation;
      this.disk = new SimulatedDisk(operation);
      this.random = new Random(operation);
    }

    private WholeStore open() throws IOException {
      return WholeStore.open(openLog(), files, wallMillis, Long.MAX_VALUE);
    }

    private CommitLog openLog() throws IOException {
      return SimulatedLog.open(disk, LOG, wallMillis::get, new NobodyHears(), random);
    }

    private WholeStore begin() throws IOException {
      WholeStore store = open();
      store.begin();
      TransactionLife.prepareStore(store);
      store.producerConnected = true;
      beginPosition = store.log.appendedPosition();
      return store;
    }

    /** False when the life was over before the stop. */
    boolean live() throws IOException {
      WholeStore store = begin();
      if (operation < Integer.MAX_VALUE) {
        disk.stopAfter(operation);
      }
      try {
        life.steps().forEach(step -> step.accept(store));
        return false;
      } catch (MachineStop expected) {
        return true;
      } finally {
        switch (stop) {
          case KILL -> disk.restartAfterKill();
          case POWER_CUT -> disk.restartAfterPowerCut(0);
          case TORN -> disk.restartAfterPowerCut();
        }
      }
    }

    /** Starts on what the disk kept; what that was. */
    String startAgain(Map<String, CrashOutcome> rows) throws IOException {
      String kept = lastKept();
      try {
        CrashOutcome outcome = Optional.ofNullable(rows.get(kept)).orElseThrow();
        life.assertKeeps(outcome);
        stopWhileItStarts(outcome);
        WholeStore store = open();
        store.begin();
        store.producerConnected = true;
        if (isAtItsEnd(outcome)) { // What is due, is done.
          store.endTurn();
          store.endTurn();
        }
        life.assertIs(store, outcome);
        life.finish(store, outcome);
        store.log.close();
        return kept;
      } catch (AssertionError | RuntimeException failure) {
        throw new AssertionError(name + ", kept last: " + kept, failure);
      }
    }

    /** Nothing more becomes due of it. */
    private static boolean isAtItsEnd(CrashOutcome outcome) {
      return outcome != CrashOutcome.OPEN && outcome != CrashOutcome.DELAYED;
    }

    /** A start that does not get far must not change what the next one makes of it. */
    private void stopWhileItStarts(CrashOutcome outcome) throws IOException {
      disk.stopAfter(1 + random.nextInt(20));
      try {
        WholeStore store = open();
        store.begin();
        if (isAtItsEnd(outcome)) {
          store.endTurn(); // Goes on with what a commit demands.
        }
      } catch (MachineStop expected) {
        // As intended; without it the start came to its end.
      } finally {
        disk.restartAfterKill();
      }
    }

    void loseClientAfter(int steps, Map<String, CrashOutcome> rows) throws IOException {
      WholeStore store = begin();
      for (Consumer<WholeStore> step : life.steps().subList(0, steps)) {
        step.accept(store);
      }
      store.domain().connectionLost(TransactionLife.CONNECTION);
      store.endTurn();
      store.endTurn();
      String last = CrashTable.lastOf(store.log, beginPosition);
      CrashOutcome outcome = Optional.ofNullable(rows.get(last)).orElseThrow();
      life.assertIs(store, outcome);
      life.finish(store, outcome);
      store.log.close();
    }

    private String lastKept() throws IOException {
      CommitLog log = openLog();
      String last = CrashTable.lastOf(log, beginPosition);
      log.close();
      return last;
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
