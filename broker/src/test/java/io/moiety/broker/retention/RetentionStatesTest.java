package io.moiety.broker.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.LogLines;
import io.moiety.broker.log.DamagedRecords;
import io.moiety.broker.log.DiskSpace;
import io.moiety.broker.log.RefusedAppends;
import io.moiety.broker.store.ColdReads;
import io.moiety.broker.store.HeldReads;
import io.moiety.broker.store.RecordSpan;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The states of retention, with a log that fails when the test says so. */
class RetentionStatesTest {
  private static final int SEGMENT_BYTES = 10_000;
  private static final long MAX_STORE_BYTES = 25_000;
  private static final int RECORDS_PER_RUN = 3;

  private final ScriptedLog log = new ScriptedLog(SEGMENT_BYTES);
  private final Needed needed = new Needed();
  private final HeldReads readers = new HeldReads();
  private final LogLines said = LogLines.of(Retention.class);
  private final LogLines saidOfRecords = LogLines.of(CarryForward.class);
  private final RetentionPolicy policy =
      new RetentionPolicy(new RetentionSettings(1_000, 80, 90, MAX_STORE_BYTES, RECORDS_PER_RUN));
  private final DiskGuard guard = new DiskGuard(log::diskSpace, Optional::empty, policy);
  private long durableSnapshot = -1;
  private long requested = -1;
  private long nowMillis = 1_000_000;

  @AfterEach
  void close() {
    said.close();
    saidOfRecords.close();
  }

  private final Retention.Snapshots snapshots =
      new Retention.Snapshots() {
        @Override
        public long durablePosition() {
          return durableSnapshot;
        }

        @Override
        public void request(long behindPosition) {
          requested = behindPosition;
        }
      };

  /** Everything is warm. */
  private Retention retention() {
    return retention(new ColdReads.Settings(Long.MAX_VALUE, 1_000, 100), 0);
  }

  private Retention retention(ColdReads.Settings reads, long coldBefore) {
    long[] end = {coldBefore};
    ColdReads coldReads =
        new ColdReads((position, bytes) -> {}, () -> end[0], reads, readers, Runnable::run);
    end[0] = Long.MAX_VALUE;
    return new Retention(log, coldReads, List.of(needed), snapshots, policy, guard);
  }

  /** Turns, each a second after the one before. */
  private void turns(Retention retention, int count) {
    for (int i = 0; i < count; i++) {
      nowMillis += 1_000;
      retention.run(nowMillis);
    }
  }

  /** As many turns at one time as retention wants, and not more than a few. */
  private void untilItWaits(Retention retention) {
    int turns = 0;
    do {
      assertThat(turns++).as("turns without a wait").isLessThan(100);
      retention.run(nowMillis);
    } while (retention.nextDueMillis() <= nowMillis);
  }

  private void snapshotNow() {
    durableSnapshot = log.appendedPosition();
  }

  @Test
  void aSegmentNobodyNeedsGoesWhenASnapshotBehindItIsDurableAndNotBefore() {
    log.fill(2);
    Retention retention = retention();
    turns(retention, 5);
    assertThat(log.deletedBefore).isZero();
    assertThat(requested).isEqualTo(SEGMENT_BYTES);
    durableSnapshot = SEGMENT_BYTES - 1;
    turns(retention, 5);
    assertThat(log.deletedBefore).isZero();
    durableSnapshot = SEGMENT_BYTES;
    turns(retention, 1);
    assertThat(log.deletedBefore).isEqualTo(SEGMENT_BYTES);
  }

  @Test
  void theSnapshotMustLieBehindTheWholeSegment() {
    log.fill(1);
    Retention retention = retention();
    log.fill(1);
    untilItWaits(retention);
    assertThat(requested).isEqualTo(SEGMENT_BYTES);
  }

  @Test
  void theSegmentInWhichTheLogGoesOnIsNeverGivenUp() {
    log.fill(3);
    log.disk = new DiskSpace(0, 1_000, 0);
    Retention retention = retention();
    for (int turn = 0; turn < 30; turn++) {
      turns(retention, 1);
      snapshotNow();
    }
    assertThat(log.deletedBefore).isEqualTo(2 * SEGMENT_BYTES);
    assertThat(log.segmentCount()).isEqualTo(1);
  }

  @Test
  void aSnapshotMustLieBehindTheCopiesToo() {
    log.fill(2);
    needed.add(100, 50);
    Retention retention = retention();
    durableSnapshot = log.appendedPosition();
    untilItWaits(retention);
    assertThat(log.carried).containsExactly(100L);
    assertThat(requested).isEqualTo(log.appendedPosition());
    assertThat(log.deletedBefore).isZero();
    snapshotNow();
    turns(retention, 1);
    assertThat(log.deletedBefore).isEqualTo(SEGMENT_BYTES);
  }

  @Test
  void whatAnEarlierRunMayHaveCopiedMustLieBeforeTheSnapshotToo() {
    log.fill(2);
    long atStart = log.appendedPosition();
    untilItWaits(retention(new ColdReads.Settings(Long.MAX_VALUE, 1_000, 100), 0));
    assertThat(requested).isEqualTo(SEGMENT_BYTES);
    assertThat(atStart).isEqualTo(SEGMENT_BYTES);
    log.append(700);
    requested = -1;
    untilItWaits(retention());
    assertThat(requested).isEqualTo(SEGMENT_BYTES + 700);
  }

  @Test
  void aRefusedCopyIsTriedAgainFromThereAndSaidOnce() {
    log.fill(2);
    for (long position = 100; position < 600; position += 100) {
      needed.add(position, 50);
    }
    Retention retention = retention();
    retention.run(nowMillis);
    log.refusalAfter(2, RefusedAppends.because("the disk is full"));
    turns(retention, 4);
    assertThat(log.carried).containsExactly(100L, 200L);
    assertThat(retention.nextDueMillis()).isEqualTo(nowMillis + 1_000);
    log.refuseNothing();
    nowMillis += 1_000;
    untilItWaits(retention);
    assertThat(log.carried).containsExactly(100L, 200L, 300L, 400L, 500L);
    assertThat(said.of(Level.WARNING)).singleElement().asString().contains("the disk is full");
  }

  @Test
  void troubleWithTheNextSegmentIsSaidAgain() {
    log.fill(3);
    needed.add(100, 50);
    needed.add(SEGMENT_BYTES + 100, 50);
    Retention retention = retention();
    for (int segment = 1; segment <= 2; segment++) {
      log.refusalAfter(0, RefusedAppends.because("the disk is full"));
      turns(retention, 3);
      log.refuseNothing();
      turns(retention, 3);
      snapshotNow();
      turns(retention, 1);
      assertThat(said.of(Level.WARNING)).hasSize(segment);
    }
    assertThat(log.deletedBefore).isEqualTo(2 * SEGMENT_BYTES);
  }

  @Test
  void aDamagedRecordThatIsNeededIsAnErrorAndGoesWithItsSegment() {
    log.fill(2);
    needed.add(100, 50);
    needed.add(200, 50);
    needed.add(300, 50);
    log.failReads(200, DamagedRecords.at(200));
    Retention retention = retention();
    untilItWaits(retention);
    assertThat(log.carried).containsExactly(100L, 300L);
    snapshotNow();
    turns(retention, 1);
    assertThat(log.deletedBefore).isEqualTo(SEGMENT_BYTES);
    assertThat(saidOfRecords.of(Level.ERROR))
        .singleElement()
        .asString()
        .contains("goes with its segment", "position 200");
  }

  @Test
  void aRecordThatTheDiskDoesNotGiveNowKeepsItsSegmentAndIsTriedAgain() {
    log.fill(2);
    needed.add(100, 50);
    needed.add(200, 50);
    log.failReads(200, DamagedRecords.unreadableAt(200));
    Retention retention = retention();
    snapshotNow();
    turns(retention, 10);
    assertThat(log.carried).containsExactly(100L);
    assertThat(log.deletedBefore).isZero();
    assertThat(said.of(Level.WARNING))
        .singleElement()
        .asString()
        .contains("position 200", "too many open files", "tried again");
    log.readAll();
    turns(retention, 2);
    assertThat(log.carried).containsExactly(100L, 200L);
    snapshotNow();
    turns(retention, 1);
    assertThat(log.deletedBefore).isEqualTo(SEGMENT_BYTES);
  }

  @Test
  void aRecordThatStaysUnreadableDoesNotLetTheLogGrowBeyondItsLargestSize() {
    log.fill(4);
    needed.add(200, 50);
    log.failReads(200, DamagedRecords.unreadableAt(200));
    Retention retention = retention();
    turns(retention, 2);
    assertThat(guard.refusal()).as("once is no reason").isEmpty();
    turns(retention, 1);
    assertThat(guard.refusal().orElseThrow()).contains("maxStoreBytes");
    log.readAll();
    turns(retention, 1);
    assertThat(guard.refusal()).isEmpty();
  }

  @Test
  void whereNobodyCanTellWhatIsNeededTheRecordsThemselvesAreAskedFor() {
    log.fill(2);
    needed.add(0, log.recordBytes);
    needed.add(7L * log.recordBytes, log.recordBytes);
    needed.damage();
    Retention retention = retention();
    untilItWaits(retention);
    assertThat(log.carried).containsExactly(0L, 7L * log.recordBytes);
    assertThat(said.of(Level.WARNING)).singleElement().asString().contains("views are damaged");
    snapshotNow();
    turns(retention, 1);
    assertThat(log.deletedBefore).isEqualTo(SEGMENT_BYTES);
  }

  @Test
  void whoAsksForRecordsHasThemReadElsewhereAndGoesOnABoundedNumberAtATime() {
    ScriptedLog large = new ScriptedLog(1_000_000);
    large.fill(2);
    large.storeTimestampMillis = 0;
    needed.add(5_000L * large.recordBytes, large.recordBytes);
    needed.damage();
    readers.hold();
    long[] end = {1_000_000};
    ColdReads coldReads =
        new ColdReads(
            (position, bytes) -> {},
            () -> end[0],
            new ColdReads.Settings(0, 1_000, 10_000),
            readers,
            Runnable::run);
    Retention retention =
        new Retention(large, coldReads, List.of(needed), snapshots, policy, guard);
    turns(retention, 5);
    assertThat(retention.nextDueMillis()).as("the read tells").isEqualTo(Long.MAX_VALUE);
    assertThat(readers.waiting()).isEqualTo(1);
    int turns = 0;
    while (large.carried.isEmpty()) {
      assertThat(turns++).isLessThan(200);
      readers.readAll();
      retention.run(nowMillis);
    }
    assertThat(turns).isGreaterThan(1_000_000 / large.recordBytes / 256);
    assertThat(large.carried).containsExactly(5_000L * large.recordBytes);
  }

  @Test
  void aRecordThatIsDamagedTooWhereNobodyCanTellKeepsTheSegment() {
    log.fill(2);
    log.damagedAt = 3L * log.recordBytes;
    needed.add(7L * log.recordBytes, log.recordBytes);
    needed.damage();
    Retention retention = retention();
    snapshotNow();
    turns(retention, 20);
    assertThat(log.deletedBefore).isZero();
    assertThat(said.of(Level.WARNING))
        .anyMatch(line -> line.contains("so is its record at " + log.damagedAt));
  }

  @Test
  void aSegmentOfWhichMostIsNeededStaysIsSaidOnceAndGoesWhenItIsNot() {
    log.fill(2);
    needed.add(0, SEGMENT_BYTES / 2 + 1);
    Retention retention = retention();
    snapshotNow();
    turns(retention, 60);
    assertThat(log.deletedBefore).isZero();
    assertThat(log.carried).isEmpty();
    assertThat(said.of(Level.WARNING))
        .singleElement()
        .asString()
        .contains("segment at 0 ", "most of it is still needed");
    needed.clear();
    turns(retention, 6);
    assertThat(log.deletedBefore).isEqualTo(SEGMENT_BYTES);
  }

  @Test
  void halfOfASegmentIsWorthItsRoom() {
    log.fill(2);
    needed.add(0, SEGMENT_BYTES / 2);
    untilItWaits(retention());
    assertThat(log.carried).containsExactly(0L);
  }

  @Test
  void aPinnedLogThatIsTooLargeRefusesProducersUntilItCanGo() {
    log.fill(4);
    needed.pin();
    Retention retention = retention();
    turns(retention, 1);
    assertThat(guard.refusal().orElseThrow()).contains("maxStoreBytes");
    needed.clear();
    turns(retention, 6);
    assertThat(guard.refusal()).isEmpty();
  }

  @Test
  void aPinnedLogBelowItsLargestSizeRefusesNobody() {
    log.fill(2);
    needed.pin();
    turns(retention(), 6);
    assertThat(guard.refusal()).isEmpty();
  }

  @Test
  void aRecordThatCanNeverBeCopiedPinsItsSegmentUntilItIsNotNeeded() {
    for (RuntimeException never :
        List.of(new IllegalArgumentException("no room for the mark"), RefusedAppends.tooLarge())) {
      ScriptedLog mine = new ScriptedLog(SEGMENT_BYTES);
      mine.fill(2);
      needed.add(100, 50);
      mine.refusalAfter(0, never);
      ColdReads warm =
          new ColdReads(
              (position, bytes) -> {},
              () -> 0,
              new ColdReads.Settings(Long.MAX_VALUE, 1_000, 100),
              readers,
              Runnable::run);
      Retention retention = new Retention(mine, warm, List.of(needed), snapshots, policy, guard);
      turns(retention, 30);
      assertThat(said.of(Level.WARNING))
          .singleElement()
          .asString()
          .contains("record at 100", "cannot be copied", never.getMessage());
      needed.clear();
      turns(retention, 6);
      durableSnapshot = mine.appendedPosition();
      turns(retention, 1);
      assertThat(mine.deletedBefore).isEqualTo(SEGMENT_BYTES);
      said.forget();
    }
  }

  @Test
  void aTurnCopiesABoundedNumberOfRecords() {
    log.fill(2);
    for (long position = 0; position < 1_000; position += 100) {
      needed.add(position, 50);
    }
    Retention retention = retention();
    retention.run(nowMillis);
    assertThat(log.carried).as("a look copies nothing").isEmpty();
    for (int run = 1; run <= 3; run++) {
      assertThat(retention.nextDueMillis()).as("it wants to go on").isEqualTo(nowMillis);
      retention.run(nowMillis);
      assertThat(log.carried).hasSize(run * RECORDS_PER_RUN);
    }
    retention.run(nowMillis);
    assertThat(log.carried).hasSize(10);
  }

  @Test
  void aTurnCopiesABoundedNumberOfBytes() {
    ScriptedLog large = new ScriptedLog(16 * 1024 * 1024);
    large.fill(2);
    int recordBytes = 700 * 1024;
    for (int i = 0; i < 4; i++) {
      needed.add((long) i * recordBytes, recordBytes);
    }
    ColdReads warm =
        new ColdReads(
            (position, bytes) -> {},
            () -> 0,
            new ColdReads.Settings(Long.MAX_VALUE, 1_000, 100),
            readers,
            Runnable::run);
    Retention retention = new Retention(large, warm, List.of(needed), snapshots, policy, guard);
    retention.run(nowMillis);
    retention.run(nowMillis);
    assertThat(large.carried).as("the second reaches above a MiB").hasSize(2);
    retention.run(nowMillis);
    assertThat(large.carried).hasSize(4);
  }

  @Test
  void aLookThatIsNotAtItsEndGoesOnInTheNextTurn() {
    log.fill(2);
    needed.add(100, 50);
    needed.add(200, 50);
    needed.lookAtOneATime();
    Retention retention = retention();
    retention.run(nowMillis);
    assertThat(needed.looks).isEqualTo(1);
    assertThat(retention.nextDueMillis()).isEqualTo(nowMillis);
    untilItWaits(retention);
    assertThat(log.carried).containsExactly(100L, 200L);
  }

  @Test
  void whatIsNotNeededAnyMoreWhenItsTurnComesIsNotCopied() {
    log.fill(2);
    needed.add(100, 50);
    needed.add(200, 50);
    Retention retention = retention();
    retention.run(nowMillis);
    needed.dead.add(100L);
    untilItWaits(retention);
    assertThat(log.carried).containsExactly(200L);
  }

  @Test
  void recordsThatComeFromTheDiskAreReadElsewhereFirst() {
    log.fill(2);
    needed.add(100, 50);
    readers.hold();
    Retention retention = retention(new ColdReads.Settings(0, 1_000, 100), SEGMENT_BYTES);
    turns(retention, 5);
    assertThat(log.read).isEmpty();
    assertThat(retention.nextDueMillis()).as("the read tells").isEqualTo(Long.MAX_VALUE);
    assertThat(readers.waiting()).isEqualTo(1);
    readers.readOne();
    assertThat(retention.nextDueMillis()).isLessThanOrEqualTo(nowMillis);
    untilItWaits(retention);
    assertThat(log.read).containsExactly(new RecordSpan(100, 50));
  }

  @Test
  void whenTheReadersAreOverloadedTheTurnReadsItself() {
    log.fill(2);
    needed.add(100, 50);
    readers.full();
    untilItWaits(retention(new ColdReads.Settings(0, 1_000, 100), SEGMENT_BYTES));
    assertThat(log.carried).containsExactly(100L);
  }

  @Test
  void aNewSegmentIsAReasonToLookAtOnce() {
    log.fill(1);
    Retention retention = retention();
    retention.run(nowMillis);
    assertThat(retention.nextDueMillis()).isEqualTo(nowMillis + 10_000);
    log.fill(1);
    retention.run(nowMillis + 1);
    assertThat(said.of(Level.INFO)).singleElement().asString().contains("The segment at 0 goes");
  }

  @Test
  void aYoungSegmentOfASmallLogStays() {
    log.storeTimestampMillis = nowMillis + 60_000;
    log.fill(2);
    snapshotNow();
    turns(retention(), 30);
    assertThat(log.deletedBefore).isZero();
  }

  @Test
  void producersAreRefusedAboveTheHighWaterMarkAndTakenAgainWhenSegmentsWent() {
    log.storeTimestampMillis = nowMillis + 60_000;
    log.fill(2);
    log.disk = new DiskSpace(50, 1_000, 0);
    Retention retention = retention();
    assertThat(guard.refusal().orElseThrow()).contains("diskSpaceWarningLevelRatio");
    turns(retention, 2);
    snapshotNow();
    turns(retention, 1);
    assertThat(log.deletedBefore).isEqualTo(SEGMENT_BYTES);
    log.disk = new DiskSpace(500, 1_000, 0);
    assertThat(guard.refusal()).isEmpty();
  }
}
