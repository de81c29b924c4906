package io.moiety.broker;

import io.moiety.broker.TransactionLife.Kind;
import io.moiety.broker.log.CommitLog;
import io.moiety.broker.log.LogConfig;
import io.moiety.broker.log.LogEvents;
import io.moiety.broker.snapshot.SimulatedViewFiles;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A process of its own with a store in real files, through which a transaction goes, and which is
 * gone, without a word, as soon as so many records of it are written. For {@link KilledProcessIT}.
 */
final class DyingProcess {
  static final int DIED = 86;
  static final long BEGIN_MILLIS = 1_700_000_000_000L;

  private DyingProcess() {}

  /** With the directory, the {@link Kind}, and the number of records. */
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    AtomicLong wallMillis = new AtomicLong(BEGIN_MILLIS);
    Countdown countdown = new Countdown();
    CommitLog log = openLog(directory, wallMillis);
    WholeStore store =
        WholeStore.open(
            log, new SimulatedViewFiles(), wallMillis, Long.MAX_VALUE, true, List.of(countdown));
    store.awaitForces();
    store.begin();
    TransactionLife.prepareStore(store);
    store.producerConnected = true;
    Files.writeString(beginFile(directory), Long.toString(log.appendedPosition()));
    countdown.left = Integer.parseInt(arguments[2]);
    TransactionLife life = new TransactionLife(Kind.valueOf(arguments[1]), wallMillis);
    for (Consumer<WholeStore> step : life.steps()) {
      step.accept(store);
    }
  }

  static CommitLog openLog(Path directory, AtomicLong wallMillis) {
    return CommitLog.open(
        LogConfig.of(directory).withSegmentSizeBytes(9 * 1024 * 1024),
        wallMillis::get,
        new NobodyHears());
  }

  /** Where the records of the transaction begin. */
  static Path beginFile(Path directory) {
    return directory.resolve("begin");
  }

  /** Hears of each record first. */
  private static final class Countdown implements View {
    private int left = Integer.MAX_VALUE;

    @Override
    public void applyMessage(LoggedRecord record) {
      count();
    }

    /** What else there is, as new topics, is not the transaction's. */
    @Override
    public void applyFact(SystemRecord fact, LoggedRecord record) {
      if (fact instanceof SystemRecord.BranchPrepared
          || fact instanceof SystemRecord.BranchDecided
          || fact instanceof SystemRecord.BranchDone
          || fact instanceof SystemRecord.HalfChecked) {
        count();
      }
    }

    private void count() {
      left--;
      if (left == 0) {
        Runtime.getRuntime().halt(DIED);
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
