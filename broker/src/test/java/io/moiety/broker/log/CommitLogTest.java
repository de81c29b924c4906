package io.moiety.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import io.moiety.protocol.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log on real files, with its threads. */
final class CommitLogTest {

  private static final int SEGMENT_BYTES = 256 * 1024;
  private static final int MAX_RECORD_BYTES = 64 * 1024;

  @TempDir private Path directory;

  private final LoggedEvents events = new LoggedEvents();

  @Test
  void readsWhatWasAppended() {
    try (CommitLog log = open()) {
      Appended first = log.append(Drafts.ofSize(1, 500));
      Appended second = log.append(Drafts.ofSize(2, 700));

      assertThat(second.position()).isEqualTo(first.endPosition());
      assertThat(log.appendedPosition()).isEqualTo(second.endPosition());
      RecordView record = log.read(second.position(), second.sizeBytes());
      assertThat(record.queueOffset()).isEqualTo(2);
      assertThat(record.position()).isEqualTo(second.position());
      assertThat(record.storeTimestampMillis()).isEqualTo(second.storeTimestampMillis());
      assertThat(record.body()).isEqualTo(Drafts.ofSize(2, 700).body());
    }
  }

  @Test
  void copiesARecordToABufferOfTheCaller() {
    try (CommitLog log = open()) {
      log.append(Drafts.ofSize(1, 500));
      Appended second = log.append(Drafts.ofSize(2, 700));
      ByteBuffer target = ByteBuffer.allocateDirect(1000).position(10);

      log.copy(second.position(), second.sizeBytes(), target);

      assertThat(target.position()).isEqualTo(710);
      assertThat(RecordView.of(target.flip().position(10)).queueOffset()).isEqualTo(2);
    }
  }

  @Test
  void becomesDurableSoonAfterAForceIsAskedFor() {
    LogConfig patient = config().withFlushIntervalMillis(3_600_000);
    try (CommitLog log = CommitLog.open(patient, LogClock.system(), events)) {
      Appended appended = log.append(Drafts.ofSize(1, 500));
      assertThat(log.durablePosition()).isZero();

      log.forceUpTo(appended.endPosition());

      await().until(() -> log.durablePosition() == appended.endPosition());
      await().until(() -> events.durable() == appended.endPosition());
    }
  }

  @Test
  void becomesDurableAfterAnIntervalWhenNobodyAsks() {
    try (CommitLog log = CommitLog.open(config().withFlushIntervalMillis(20), () -> 1, events)) {
      Appended appended = log.append(Drafts.ofSize(1, 500));

      await().until(() -> log.durablePosition() == appended.endPosition());
    }
  }

  @Test
  void replaysAllRecordsInOrderAfterReopening() {
    List<Long> appended = new ArrayList<>();
    try (CommitLog log = open()) {
      for (int number = 0; number < 2_000; number++) {
        PatientAppends.append(log, Drafts.ofSize(number, 200 + number % 1_500));
        appended.add((long) number);
      }
      assertThat(log.appendedPosition()).isGreaterThan(4 * SEGMENT_BYTES);
    }

    try (CommitLog log = open()) {
      assertThat(replayed(log)).isEqualTo(appended);
    }
  }

  @Test
  void goesOnWhereItEndedAfterReopening() {
    Appended before;
    try (CommitLog log = open()) {
      before = log.append(Drafts.ofSize(1, 500));
    }
    try (CommitLog log = open()) {
      assertThat(log.durablePosition()).isEqualTo(before.endPosition());
      assertThat(log.append(Drafts.ofSize(2, 500)).position()).isEqualTo(before.endPosition());
    }
    try (CommitLog log = open()) {
      assertThat(replayed(log)).containsExactly(1L, 2L);
    }
  }

  @Test
  void refusesARecordThatIsTooLarge() {
    try (CommitLog log = open()) {
      assertThatThrownBy(() -> log.append(Drafts.ofSize(1, MAX_RECORD_BYTES + 1)))
          .hasMessageContaining("65537 bytes; at most 65536")
          .asInstanceOf(type(AppendRefusedException.class))
          .extracting(AppendRefusedException::status)
          .isEqualTo(PutStatus.MESSAGE_ILLEGAL);
      assertThat(log.append(Drafts.ofSize(2, MAX_RECORD_BYTES)).position()).isZero();
    }
  }

  @Test
  void isNotHurtByAnInterruptOfTheThreadThatUsesIt() {
    Thread.currentThread().interrupt();
    try (CommitLog log = open()) {
      for (int number = 0; number < 2_000; number++) {
        PatientAppends.append(log, Drafts.ofSize(number, 1_000));
        log.forceUpTo(log.appendedPosition());
      }
      log.publishAddress("127.0.0.1:1");
    }
    assertThat(Thread.interrupted()).isTrue();

    Thread.currentThread().interrupt();
    try (CommitLog log = open()) {
      assertThat(replayed(log)).hasSize(2_000);
    }
    assertThat(Thread.interrupted()).isTrue();
    assertThat(events.failures()).isEmpty();
  }

  @Test
  void isReadByOthersWhileItIsAppendedTo() throws Exception {
    AtomicReference<Appended> latest = new AtomicReference<>();
    AtomicBoolean appending = new AtomicBoolean(true);
    try (CommitLog log = open()) {
      latest.set(log.append(Drafts.ofSize(0, 300)));
      Callable<Integer> reader =
          () -> {
            int reads = 0;
            do {
              Appended at = latest.get();
              assertThat(log.read(at.position(), at.sizeBytes()).position())
                  .isEqualTo(at.position());
              reads++;
            } while (appending.get());
            return reads;
          };
      FutureTask<Integer> reading = new FutureTask<>(reader);
      new Thread(reading).start();
      for (int number = 1; number < 5_000; number++) {
        latest.set(PatientAppends.append(log, Drafts.ofSize(number, 200 + number % 900)));
      }
      appending.set(false);
      assertThat(reading.get(30, TimeUnit.SECONDS)).isPositive();
    }
  }

  @Test
  void isReadWhileItsOldSegmentsAreDeletedAndTheirFilesUsedAgain() throws Exception {
    AtomicReference<Appended> any = new AtomicReference<>();
    AtomicBoolean appending = new AtomicBoolean(true);
    LogConfig config =
        LogConfig.of(directory)
            .withMaxRecordBytes(MAX_RECORD_BYTES)
            .withSegmentSizeBytes(SEGMENT_BYTES)
            .withMappedBytes(0);
    try (CommitLog log = CommitLog.open(config, LogClock.system(), events)) {
      List<Appended> recent = new ArrayList<>();
      any.set(log.append(Drafts.ofSize(0, 300)));
      List<FutureTask<Integer>> readers = new ArrayList<>();
      for (int reader = 0; reader < 2; reader++) {
        readers.add(new FutureTask<>(() -> readUntilGone(log, any, appending)));
        new Thread(readers.get(reader)).start();
      }
      Random random = new Random(1);
      for (int number = 1; number < 20_000; number++) {
        recent.add(PatientAppends.append(log, Drafts.ofSize(number, 200 + number % 900)));
        any.set(recent.get(random.nextInt(recent.size())));
        if (number % 100 == 0) {
          log.forceUpTo(log.appendedPosition());
        }
        if (recent.size() == 2_000) {
          log.deleteBefore(recent.get(1_000).position());
          recent.subList(0, 500).clear();
        }
      }
      appending.set(false);
      for (FutureTask<Integer> reader : readers) {
        assertThat(reader.get(30, TimeUnit.SECONDS)).isPositive();
      }
      assertThat(log.firstPosition()).isPositive();
    }
  }

  /** Every read brings the record, or says that it was deleted. */
  private static int readUntilGone(
      CommitLog log, AtomicReference<Appended> any, AtomicBoolean appending) {
    int reads = 0;
    do {
      Appended at = any.get();
      try {
        assertThat(log.read(at.position(), at.sizeBytes()).position()).isEqualTo(at.position());
        reads++;
      } catch (RecordGoneException gone) {
        assertThat(at.position()).isLessThan(log.firstPosition());
      }
    } while (appending.get());
    return reads;
  }

  @Test
  void readsFarSegmentsOnAThreadThatIsInterrupted() throws Exception {
    List<Appended> all = new ArrayList<>();
    LogConfig config = config().withMappedBytes(0);
    try (CommitLog log = CommitLog.open(config, LogClock.system(), events)) {
      for (int number = 0; number < 3_000; number++) {
        all.add(PatientAppends.append(log, Drafts.ofSize(number, 1_000)));
      }
    }
    try (CommitLog log = CommitLog.open(config, LogClock.system(), events)) {
      for (int number = 0; number < 500; number++) {
        if (number % 3 == 0) {
          Thread.currentThread().interrupt();
        }
        Appended at = all.get(number);
        assertThat(log.read(at.position(), at.sizeBytes()).queueOffset()).isEqualTo(number);
        assertThat(Thread.interrupted()).isEqualTo(number % 3 == 0);
      }
    }
  }

  @Test
  void knowsTheRoomOnTheDiskAndWhatItTakes() {
    try (CommitLog log = open()) {
      log.append(Drafts.ofSize(1, 300));
      log.forceUpTo(log.appendedPosition());
      await().until(() -> log.statistics().forces().count() > 0);

      LogStatistics statistics = log.statistics();

      assertThat(statistics.appendedRecords()).isEqualTo(1);
      assertThat(statistics.appendedBytes()).isEqualTo(300);
      assertThat(statistics.forces().maxNanos()).isPositive();
      assertThat(statistics.disk().totalBytes())
          .isGreaterThanOrEqualTo(statistics.disk().usableBytes());
      assertThat(statistics.disk().logBytes()).isBetween((long) SEGMENT_BYTES, 4L * SEGMENT_BYTES);
    }
  }

  @Test
  void leavesNoThreadBehind() {
    Set<Thread> before = Thread.getAllStackTraces().keySet();

    open().close();

    await() // A thread that has handed over its result lives on for a moment.
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().startsWith("moiety-log"))
                    .isSubsetOf(before));
  }

  @Test
  void refusesAppendsOnceItIsClosed() {
    CommitLog log = open();
    log.close();
    log.close();

    assertThatThrownBy(() -> log.append(Drafts.ofSize(1, 300)))
        .hasMessageContaining("closed")
        .asInstanceOf(type(AppendRefusedException.class))
        .extracting(AppendRefusedException::status)
        .isEqualTo(PutStatus.SERVICE_NOT_AVAILABLE);
  }

  @Test
  void refusesAStoreThatIsOpenAndNamesItsAddress() {
    try (CommitLog log = open()) {
      log.publishAddress("127.0.0.1:10911");

      assertThatThrownBy(this::open)
          .isInstanceOf(StoreLockedException.class)
          .hasMessageContaining("127.0.0.1:10911");
      log.append(Drafts.ofSize(1, 300));
    }
  }

  @Test
  void takesLittleDiskWhileItIsHardlyUsed() throws IOException {
    try (CommitLog log = CommitLog.open(LogConfig.of(directory), LogClock.system(), events)) {
      log.append(Drafts.ofSize(1, 300));

      Path segment = directory.resolve("commitlog").resolve("0".repeat(20));
      assertThat(Files.size(segment)).isEqualTo(64 * 1024 * 1024);
      assertThat(directory.resolve("commitlog").resolve("00000000000067108864")).doesNotExist();
    }
  }

  private CommitLog open() {
    return CommitLog.open(config(), LogClock.system(), events);
  }

  private LogConfig config() {
    return LogConfig.of(directory)
        .withMaxRecordBytes(MAX_RECORD_BYTES)
        .withSegmentSizeBytes(SEGMENT_BYTES);
  }

  private static List<Long> replayed(CommitLog log) {
    List<Long> numbers = new ArrayList<>();
    log.replay(record -> numbers.add(record.queueOffset()));
    return numbers;
  }
}
