package io.moiety.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A log whose oldest segments are given up, and their files used again. */
final class DeletionTest {

  private static final int RECORD_BYTES = 512;
  private static final int RECORDS_PER_SEGMENT = SimulatedLog.SEGMENT_BYTES / RECORD_BYTES;

  private final SimulatedDisk disk = new SimulatedDisk(1);
  private final AtomicLong nowMillis = new AtomicLong(1_000);

  @Test
  void beginsAfterTheWholeSegmentsBeforeAPosition() throws IOException {
    CommitLog log = filled(5);

    assertThat(log.deleteBefore(position(2) + 1)).isEqualTo(position(2));

    assertThat(log.firstPosition()).isEqualTo(position(2));
    assertThat(log.segments()).extracting(SegmentInfo::basePosition).startsWith(position(2));
    assertThat(log.deleteBefore(position(1))).isEqualTo(position(2));
  }

  @Test
  void keepsTheSegmentItIsInAndWhatIsNotDurable() throws IOException {
    CommitLog log = filled(4);
    for (int appended = 0; appended < 2 * RECORDS_PER_SEGMENT; appended++) {
      log.append(Drafts.ofSize(appended, RECORD_BYTES));
    }

    log.deleteBefore(Long.MAX_VALUE);
    assertThat(log.firstPosition()).isEqualTo(position(4));

    log.forceUpTo(log.appendedPosition());
    log.deleteBefore(Long.MAX_VALUE);
    assertThat(log.firstPosition()).isBetween(position(5), position(6));
    assertThat(log.segments()).hasSize(1);
  }

  @Test
  void tellsADeletedRecordFromADamagedOne() throws IOException {
    CommitLog log = filled(3);
    log.deleteBefore(position(1));

    assertThatThrownBy(() -> log.read(0, RECORD_BYTES))
        .isInstanceOf(RecordGoneException.class)
        .hasMessageContaining("the log begins at " + position(1));
    assertThat(log.find(0)).isEmpty();
    assertThat(log.find(position(1))).isPresent();
    assertThatThrownBy(() -> log.read(position(1) + 1, RECORD_BYTES))
        .isExactlyInstanceOf(RecordDamagedException.class);
  }

  @Test
  void startsWhereItBeginsAfterDeletionAlsoWithoutTheHint() throws IOException {
    CommitLog log = filled(5);
    log.deleteBefore(position(3));
    letTheAllocatorWork(log);
    log.close();
    disk.loseHint();

    CommitLog again = open();

    assertThat(again.firstPosition()).isEqualTo(position(3));
    assertThat(replayed(again, position(3))).first().isEqualTo(3L * RECORDS_PER_SEGMENT);
    assertThat(again.appendedPosition()).isEqualTo(log.appendedPosition());
  }

  @Test
  void replaysFromARecordOn() throws IOException {
    filled(3).close();
    CommitLog log = open();
    long from = position(1) + 3 * RECORD_BYTES;

    assertThat(replayed(log, from))
        .hasSize(2 * RECORDS_PER_SEGMENT - 3)
        .startsWith(RECORDS_PER_SEGMENT + 3L);
    assertThat(replayed(log, log.appendedPosition())).isEmpty();
    assertThatThrownBy(() -> replayed(log, log.appendedPosition() + 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("holds 0 to " + log.appendedPosition());
  }

  @Test
  void saysHowOldASegmentIsAlsoAfterAStart() throws IOException {
    CommitLog log = filled(3);
    append(log, 3);
    List<SegmentInfo> before = log.segments();
    log.close();

    List<SegmentInfo> after = open().segments();

    assertThat(before).hasSameSizeAs(after);
    for (int i = 0; i < before.size(); i++) {
      assertThat(after.get(i).basePosition()).isEqualTo(before.get(i).basePosition());
      assertThat(after.get(i).endPosition()).isEqualTo(before.get(i).endPosition());
      assertThat(after.get(i).greatestStoreTimestampMillis())
          .isBetween(
              before.get(i).greatestStoreTimestampMillis(),
              before.get(i).greatestStoreTimestampMillis() + 1);
    }
    assertThat(before.get(0).greatestStoreTimestampMillis()).isEqualTo(1_000 + RECORDS_PER_SEGMENT);
  }

  @Test
  void usesTheFilesOfDeletedSegmentsAgain() throws IOException {
    CommitLog log = filled(4);
    log.deleteBefore(position(3));
    letTheAllocatorWork(log);
    disk.countCreations();
    append(log, RECORDS_PER_SEGMENT);
    log.forceUpTo(log.appendedPosition());

    assertThat(disk.creations()).isZero();
    log.close();
    assertThat(replayed(open(), log.firstPosition()))
        .hasSize(3 * RECORDS_PER_SEGMENT - 1)
        .doesNotHaveDuplicates();
  }

  @Test
  void readsSegmentsFarBehindTheTailThroughTheirFiles() throws IOException {
    CommitLog log = filled(40);
    Random random = new Random(1);

    for (int read = 0; read < 500; read++) {
      int number = random.nextInt(40 * RECORDS_PER_SEGMENT);
      assertThat(log.read((long) number * RECORD_BYTES, RECORD_BYTES).queueOffset())
          .isEqualTo(number);
    }

    assertThat(disk.mappedCount()).isLessThanOrEqualTo(4);
    assertThat(disk.openChannels()).isBetween(1, ColdChannels.MOST_OPEN + 1);
    log.close();
    assertThat(disk.mappedCount()).isZero();
    assertThat(disk.openChannels()).isZero();
  }

  @Test
  void leavesNoSpareBehindAStart() throws IOException {
    CommitLog log = filled(4);
    log.deleteBefore(position(3));
    letTheAllocatorWork(log);
    log.close();
    assertThat(disk.spareCount()).isPositive();

    open();

    assertThat(disk.spareCount()).isZero();
  }

  private CommitLog filled(int segments) throws IOException {
    CommitLog log = open();
    append(log, segments * RECORDS_PER_SEGMENT);
    log.forceUpTo(log.appendedPosition());
    return log;
  }

  private void append(CommitLog log, int count) {
    for (int appended = 0; appended < count; appended++) {
      if (appended % RECORDS_PER_SEGMENT == 0) {
        log.forceUpTo(log.appendedPosition());
      }
      nowMillis.incrementAndGet();
      log.append(Drafts.ofSize(log.appendedPosition() / RECORD_BYTES, RECORD_BYTES));
    }
  }

  /** The log wakes it as it is appended to. */
  private void letTheAllocatorWork(CommitLog log) {
    append(log, RECORDS_PER_SEGMENT - 1);
    log.forceUpTo(log.appendedPosition());
  }

  private CommitLog open() throws IOException {
    return SimulatedLog.open(disk, nowMillis::get, new LoggedEvents(), new Random(1));
  }

  private static long position(int segment) {
    return (long) segment * SimulatedLog.SEGMENT_BYTES;
  }

  private static List<Long> replayed(CommitLog log, long from) {
    List<Long> numbers = new ArrayList<>();
    log.replay(from, record -> numbers.add(record.queueOffset()));
    return numbers;
  }
}
