package io.moiety.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How segments are prepared, as far as an append sees it. */
final class SegmentAllocatorTest {

  private static final int SEGMENT_BYTES = 1024 * 1024;
  private static final int STEP_BYTES = SimulatedLog.STEP_BYTES;

  private final SimulatedDisk disk = new SimulatedDisk(1);

  @Test
  void preparesAsMuchAsALargeRecordNeeds() throws IOException {
    int maxRecordBytes = SEGMENT_BYTES / 2;
    CommitLog log = open(maxRecordBytes);
    for (int number = 0; number < 10; number++) {
      Appended large = log.append(Drafts.ofSize(number, maxRecordBytes - 10_000 * (number % 2)));
      assertThat(log.read(large.position(), large.sizeBytes()).queueOffset()).isEqualTo(number);
      log.append(Drafts.ofSize(number, 300));
    }
  }

  @Test
  void preparesAYoungSegmentOnlyALittleAhead() throws IOException {
    disk.roomBytes(SEGMENT_BYTES);
    CommitLog log = open(4_000);
    for (int number = 0; number < 100; number++) {
      log.append(Drafts.ofSize(number, 1_000));
    }

    int preparedBytes = SEGMENT_BYTES - disk.roomBytes();
    assertThat(preparedBytes)
        .isBetween(100_000, 100_000 + 3 * SegmentAllocator.STEPS_AHEAD * STEP_BYTES);
    assertThat(disk.list()).hasSize(1);
  }

  @Test
  void makesTheNextSegmentBeforeThisOneIsFull() throws IOException {
    CommitLog log = open(4_000);
    while (log.appendedPosition() < SEGMENT_BYTES / 2) {
      log.append(Drafts.ofSize(1, 1_000));
    }

    assertThat(disk.list()).hasSize(2);
  }

  @Test
  void writesPagesAndForcesThemWhenLittleIsForced() throws IOException {
    CommitLog log = open(4_000);
    appendAndForce(log, 200);
    int before = disk.zeroForces();
    appendAndForce(log, 200);

    assertThat(disk.zeroForces()).isGreaterThan(before);
    assertThat(disk.pieceBytes()).isEqualTo(SegmentChannel.PAGE_BYTES);
  }

  @Test
  void writesLargerPiecesAndForcesNoZerosWhenMuchIsForced() throws IOException {
    CommitLog log = open(4_000);
    appendAndForce(log, 4_000);
    int before = disk.zeroForces();
    appendAndForce(log, 4_000);

    assertThat(disk.zeroForces()).isEqualTo(before);
    assertThat(disk.pieceBytes()).isGreaterThan(SegmentChannel.PAGE_BYTES);
  }

  private static void appendAndForce(CommitLog log, int recordBytes) {
    for (int number = 0; number < 50; number++) {
      log.forceUpTo(log.append(Drafts.ofSize(number, recordBytes)).endPosition());
    }
  }

  private CommitLog open(int maxRecordBytes) throws IOException {
    LogConfig config = SimulatedLog.config(SEGMENT_BYTES, maxRecordBytes, STEP_BYTES);
    return SimulatedLog.open(disk, config, () -> 1, new LoggedEvents(), new Random(1));
  }
}
