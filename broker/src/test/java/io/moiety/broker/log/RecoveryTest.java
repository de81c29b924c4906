package io.moiety.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a start makes of files that were damaged, shortened or removed. */
final class RecoveryTest {

  private static final int RECORD_BYTES = 500;

  private final SimulatedDisk disk = new SimulatedDisk(1);

  @Test
  void endsTheLogAtATornTailThatWasNotDurable() throws IOException {
    CommitLog log = open();
    Appended first = log.append(Drafts.ofSize(1, RECORD_BYTES));
    log.forceUpTo(first.endPosition());
    Appended torn = log.append(Drafts.ofSize(2, RECORD_BYTES));
    disk.bytesOf(0)[(int) torn.endPosition() - 1] ^= 1;

    CommitLog again = open();

    assertThat(replayed(again)).containsExactly(1L);
    assertThat(again.append(Drafts.ofSize(3, RECORD_BYTES)).position())
        .isEqualTo(first.endPosition());
  }

  @Test
  void endsTheLogAtGarbage() throws IOException {
    Appended last = filled(3);
    byte[] garbage = new byte[200];
    new Random(1).nextBytes(garbage);
    System.arraycopy(garbage, 0, disk.bytesOf(0), (int) last.endPosition(), garbage.length);

    assertThat(replayed(open())).containsExactly(1L, 2L, 3L);
  }

  @Test
  void endsTheLogAtALengthThatLeadsFarAway() throws IOException {
    Appended last = filled(3);
    byte[] bytes = disk.bytesOf(0);
    int index = (int) last.position();
    System.arraycopy(bytes, index, bytes, (int) last.endPosition(), RECORD_BYTES);
    bytes[(int) last.endPosition()] = 0x7F;

    assertThat(replayed(open())).containsExactly(1L, 2L, 3L);
  }

  @Test
  void doesNotStartOnADamagedRecordThatWasDurable() throws IOException {
    filled(100);
    byte[] bytes = disk.bytesOf(1);
    bytes[4 * RECORD_BYTES + 77] ^= 1;
    long position = SimulatedLog.SEGMENT_BYTES + 4L * RECORD_BYTES;

    assertThatThrownBy(() -> replayed(open()))
        .hasMessageContaining("damaged at position " + position)
        .hasMessageContaining("simulated/16384")
        .asInstanceOf(type(StoreDamagedException.class))
        .extracting(StoreDamagedException::position)
        .isEqualTo(position);
  }

  @Test
  void noticesEveryFlippedBitOfADurableRecordBeforeItIsReplayed() throws IOException {
    filled(3);
    byte[] bytes = disk.bytesOf(0);
    for (int at = 8 * RECORD_BYTES; at < 16 * RECORD_BYTES; at++) {
      bytes[at / 8] ^= (byte) (1 << at % 8);
      assertThatThrownBy(() -> replayed(open()))
          .as("bit " + at)
          .isInstanceOf(StoreDamagedException.class)
          .hasMessageContaining("position " + RECORD_BYTES);
      bytes[at / 8] ^= (byte) (1 << at % 8);
    }
    assertThat(replayed(open())).hasSize(3);
  }

  @Test
  void noticesEveryFlippedBitOfASmallRecordWhenItIsRead() throws IOException {
    CommitLog log = open();
    log.append(Drafts.ofSize(1, RECORD_BYTES));
    Appended small = log.append(Drafts.ofSize(2, Drafts.EMPTY_BYTES + 9));
    for (long position = small.position(); position < small.endPosition(); position++) {
      for (int bit = 0; bit < 8; bit++) {
        requireNoticed(log, small, position, bit);
      }
    }
    assertThat(log.read(small.position(), small.sizeBytes()).queueOffset()).isEqualTo(2);
  }

  @Test
  void noticesAnyFlippedBitOfALargeRecordWhenItIsRead() throws IOException {
    CommitLog log = open();
    Appended large = log.append(Drafts.ofSize(2, SimulatedLog.MAX_RECORD_BYTES));
    Random random = new Random(1);
    for (int flip = 0; flip < 2_000; flip++) {
      long position = large.position() + random.nextInt(large.sizeBytes());
      requireNoticed(log, large, position, random.nextInt(8));
    }
  }

  private void requireNoticed(CommitLog log, Appended at, long position, int bit) {
    disk.flip(position, bit);
    assertThatThrownBy(() -> log.read(at.position(), at.sizeBytes()))
        .as("bit %d at %d", bit, position)
        .isInstanceOf(RecordDamagedException.class);
    assertThat(log.find(at.position())).isEmpty();
    disk.flip(position, bit);
  }

  @Test
  void doesNotStartOnAFlippedBitInTheBlankRecordAtASegmentsEnd() throws IOException {
    filled(100);
    int blank = SimulatedLog.SEGMENT_BYTES / RECORD_BYTES * RECORD_BYTES;
    disk.bytesOf(0)[blank + 3] ^= 1;

    assertThatThrownBy(() -> replayed(open()))
        .isInstanceOf(StoreDamagedException.class)
        .hasMessageContaining("position " + blank);
  }

  @Test
  void doesNotStartWithoutASegmentInTheMiddle() throws IOException {
    filled(100);
    disk.remove(1);

    assertThatThrownBy(this::open)
        .isInstanceOf(StoreDamagedException.class)
        .hasMessageContaining("position 16384")
        .hasMessageContaining("the next one begins at 32768");
  }

  @Test
  void doesNotStartOnAShortenedSegmentInTheMiddle() throws IOException {
    filled(100);
    disk.truncate(1, 5_000);

    assertThatThrownBy(this::open)
        .isInstanceOf(StoreDamagedException.class)
        .hasMessageContaining("position 21384");
  }

  @Test
  void doesNotStartWhenTheFilesEndBeforeWhatWasDurable() throws IOException {
    Appended last = filled(3);
    disk.truncate(0, 700);

    assertThatThrownBy(this::open)
        .isInstanceOf(StoreDamagedException.class)
        .hasMessageContaining("position 700")
        .hasMessageContaining("durable up to " + last.endPosition());
  }

  @Test
  void doesNotStartWhenAllSegmentsAreGone() throws IOException {
    Appended last = filled(3);
    disk.remove(0);

    assertThatThrownBy(this::open)
        .isInstanceOf(StoreDamagedException.class)
        .hasMessageContaining("durable up to " + last.endPosition());
  }

  @Test
  void goesOnInAFileThatLostOnlyUnusedBytes() throws IOException {
    Appended last = filled(3);
    disk.truncate(0, (int) last.endPosition() + 100);

    CommitLog log = open();
    for (int number = 4; number <= 60; number++) {
      log.append(Drafts.ofSize(number, RECORD_BYTES));
    }
    log.close();

    assertThat(replayed(open())).hasSize(60);
  }

  @Test
  void findsEverythingWithoutTheHint() throws IOException {
    filled(100);
    disk.loseHint();

    CommitLog log = open();

    assertThat(replayed(log)).hasSize(100);
    assertThat(log.durablePosition()).isEqualTo(log.appendedPosition());
  }

  @Test
  void doesNotStartWithoutTheHintWhenRecordsFollowADamagedSegment() throws IOException {
    filled(100);
    disk.loseHint();
    disk.bytesOf(1)[2 * RECORD_BYTES + 99] ^= 1;
    long position = SimulatedLog.SEGMENT_BYTES + 2L * RECORD_BYTES;

    assertThatThrownBy(this::open)
        .isInstanceOf(StoreDamagedException.class)
        .hasMessageContaining("position " + position)
        .hasMessageContaining("while records follow in simulated/32768");
  }

  @Test
  void doesNotGoBackInTimeAfterAStart() throws IOException {
    CommitLog log = SimulatedLog.open(disk, () -> 5_000, new LoggedEvents(), new Random(1));
    log.append(Drafts.ofSize(1, RECORD_BYTES));
    log.close();

    CommitLog later = SimulatedLog.open(disk, () -> 4_000, new LoggedEvents(), new Random(1));

    assertThat(later.append(Drafts.ofSize(2, RECORD_BYTES)).storeTimestampMillis())
        .isEqualTo(5_000);
  }

  @Test
  void keepsARolledLogWithoutABlankRecordWhereTheSegmentIsFullToTheByte() throws IOException {
    CommitLog log = open();
    int count = 2 * SimulatedLog.SEGMENT_BYTES / 512;
    for (int number = 1; number <= count; number++) {
      assertThat(log.append(Drafts.ofSize(number, 512)).position()).isEqualTo(512L * (number - 1));
    }
    log.close();

    CommitLog again = open();

    assertThat(replayed(again)).hasSize(count);
    assertThat(again.appendedPosition()).isEqualTo(512L * count);
  }

  private Appended filled(int count) throws IOException {
    CommitLog log = open();
    Appended last = log.append(Drafts.ofSize(1, RECORD_BYTES));
    for (int number = 2; number <= count; number++) {
      last = log.append(Drafts.ofSize(number, RECORD_BYTES));
    }
    log.close();
    return last;
  }

  private CommitLog open() throws IOException {
    return SimulatedLog.open(disk, new LoggedEvents());
  }

  private static List<Long> replayed(CommitLog log) {
    List<Long> numbers = new ArrayList<>();
    log.replay(record -> numbers.add(record.queueOffset()));
    return numbers;
  }
}
