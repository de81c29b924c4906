package io.moiety.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.TransactionLife.Kind;
import io.moiety.broker.log.CommitLog;
import io.moiety.broker.snapshot.SimulatedViewFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The crash matrix with processes and files: a process that dies right behind a record leaves what
 * the table of docs/transactions.md says. Some of the places; {@link CrashMatrixTest} goes through
 * all of them, with a simulated disk.
 */
class KilledProcessIT {
  private static final String CLASS_PATH =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

  @TempDir Path directory;

  @ParameterizedTest(name = "{0} dies behind record {1}, {2}")
  @CsvSource({
    "HALF_COMMITTED, 1, half message",
    "HALF_COMMITTED, 2, copy",
    "HALF_ROLLED_BACK, 3, op record",
    "DELAYED_EXACTLY, 2, copy on the schedule",
    "DELAYED_EXACTLY, 3, due copy",
    "TWO_PHASES, 3, half message 3",
    "TWO_PHASES, 4, BranchPrepared",
    "TWO_PHASES, 5, BranchDecided COMMIT",
    "TWO_PHASES, 6, copy 1",
    "TWO_PHASES, 7, copy 2",
    "TWO_PHASES, 8, copy 3",
    "TWO_PHASES, 9, BranchDone",
  })
  void aProcessThatDiesBehindARecordLeavesWhatTheDocumentSays(Kind kind, int records, String last)
      throws IOException, InterruptedException {
    die(kind, records);
    AtomicLong wallMillis = new AtomicLong(DyingProcess.BEGIN_MILLIS + 1_000_000);
    long beginPosition = Long.parseLong(Files.readString(DyingProcess.beginFile(directory)));
    try (CommitLog log = DyingProcess.openLog(directory, wallMillis)) {
      assertThat(CrashTable.lastOf(log, beginPosition)).isEqualTo(last);
      CrashOutcome outcome = CrashTable.read().rows(kind).get(last);
      WholeStore store = WholeStore.open(log, new SimulatedViewFiles(), wallMillis, Long.MAX_VALUE);
      store.awaitForces();
      store.begin();
      store.producerConnected = true;
      if (outcome == CrashOutcome.COMMITTED) {
        store.endTurn(); // Goes on with what the commit demands.
        store.endTurn();
      }
      TransactionLife life = new TransactionLife(kind, wallMillis);
      life.assertIs(store, outcome);
      life.finish(store, outcome);
    }
  }

  private void die(Kind kind, int records) throws IOException, InterruptedException {
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                CLASS_PATH,
                DyingProcess.class.getName(),
                directory.toString(),
                kind.name(),
                Integer.toString(records))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    assertThat(process.exitValue()).as(() -> read(output)).isEqualTo(DyingProcess.DIED);
  }

  private static String read(Path output) {
    try {
      return Files.readString(output);
    } catch (IOException unread) {
      return "its output cannot be read: " + unread;
    }
  }
}
