package io.moiety.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Records that were appended, not forced, and cut off from the log by a power cut that lost one
 * before them. They lie in the file, whole and at their places, and must never be seen again. Every
 * record here is one sector, so that those of the new life end where old ones begin.
 */
final class EarlierLifeTest {

  private static final int RECORD_BYTES = SimulatedFile.SECTOR_BYTES;
  private static final long OLD = 1;
  private static final long NEW = 2;

  private final SimulatedDisk disk = new SimulatedDisk(1);
  private int survivors;

  @BeforeEach
  void leaveRecordsBehindALostOne() throws IOException {
    CommitLog log = open();
    for (int count = 0; count < 30; count++) {
      log.append(Drafts.ofSize(OLD, RECORD_BYTES));
    }
    disk.restartAfterLosingOneSector();
    survivors = replayed(open()).size();
    assertThat(survivors).isLessThan(20);
  }

  @Test
  void areNotSeenWhenAppendsReachTheEndOfThePreparedBytes() throws IOException {
    disk.roomBytes(SimulatedLog.STEP_BYTES);
    CommitLog log = open();
    int appended = appendUntilRefused(log);
    assertThat(appended * RECORD_BYTES).isBetween(RECORD_BYTES, SimulatedLog.STEP_BYTES);

    disk.restartAfterKill();

    assertThat(replayed(open())).hasSize(survivors + appended);
  }

  @Test
  void areNotSeenWhenThePowerIsCutAfterAForce() throws IOException {
    CommitLog log = open();
    Appended appended = log.append(Drafts.ofSize(NEW, RECORD_BYTES));
    log.forceUpTo(appended.endPosition());

    disk.restartAfterPowerCut(0);

    assertThat(replayed(open())).hasSize(survivors + 1).endsWith(NEW);
  }

  @Test
  void areNotSeenInTheNextSegment() throws IOException {
    CommitLog log = open();
    while (log.appendedPosition() < SimulatedLog.SEGMENT_BYTES + 8 * RECORD_BYTES) {
      log.append(Drafts.ofSize(OLD, RECORD_BYTES));
    }
    disk.restartAfterLosingOneSector();
    CommitLog next = open();
    assertThat(next.appendedPosition()).isLessThan(SimulatedLog.SEGMENT_BYTES);
    int appended = 0;
    while (next.appendedPosition() < SimulatedLog.SEGMENT_BYTES) {
      next.append(Drafts.ofSize(NEW, RECORD_BYTES));
      appended++;
    }

    disk.restartAfterKill();

    assertThat(replayed(open()).stream().filter(number -> number == NEW)).hasSize(appended);
    assertThat(replayed(open())).endsWith(NEW);
  }

  private CommitLog open() throws IOException {
    return SimulatedLog.open(disk, new LoggedEvents());
  }

  private int appendUntilRefused(CommitLog log) {
    for (int count = 0; ; count++) {
      try {
        log.append(Drafts.ofSize(NEW, RECORD_BYTES));
      } catch (AppendRefusedException e) {
        disk.roomBytes(Integer.MAX_VALUE);
        return count;
      }
    }
  }

  private static List<Long> replayed(CommitLog log) {
    List<Long> numbers = new ArrayList<>();
    log.replay(record -> numbers.add(record.queueOffset()));
    return numbers;
  }
}
