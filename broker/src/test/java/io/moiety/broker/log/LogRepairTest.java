package io.moiety.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** An operator gives up damaged places; nothing else is lost. */
final class LogRepairTest {

  private static final int RECORD_BYTES = 500;
  private static final int RECORDS = 100;

  private final SimulatedDisk disk = new SimulatedDisk(1);

  @Test
  void goesOnBehindADamagedRecordAndLosesOnlyThat() throws IOException {
    filled();
    disk.bytesOf(1)[4 * RECORD_BYTES + 77] ^= 1;
    long goOn = refusal().goOnPosition();
    assertThat(goOn).isEqualTo(SimulatedLog.SEGMENT_BYTES + 5L * RECORD_BYTES);

    CommitLog log = open(OptionalLong.of(goOn));

    int lost = 32 + 4;
    assertThat(replayed(log)).isEqualTo(allBut(lost, lost + 1));
    log.append(Drafts.ofSize(RECORDS, RECORD_BYTES));
    log.close();
    assertThat(replayed(open(OptionalLong.empty()))).hasSize(RECORDS).endsWith((long) RECORDS);
  }

  @Test
  void givesUpNothingWhenAnotherPositionIsNamed() throws IOException {
    filled();
    disk.bytesOf(1)[4 * RECORD_BYTES + 77] ^= 1;
    long goOn = refusal().goOnPosition();
    byte[] before = disk.bytesOf(1).clone();

    for (long other : new long[] {goOn + RECORD_BYTES, goOn - 1, goOn + 1, 0}) {
      assertThatThrownBy(() -> open(OptionalLong.of(other)))
          .isInstanceOf(StoreDamagedException.class)
          .hasMessageContaining("recoverFrom=" + goOn);
    }

    assertThat(disk.bytesOf(1)).isEqualTo(before);
  }

  @Test
  void givesUpSeveralPlacesOneByOne() throws IOException {
    filled();
    disk.bytesOf(0)[2 * RECORD_BYTES] ^= 1;
    disk.bytesOf(1)[4 * RECORD_BYTES + 77] ^= 1;
    long first = refusal().goOnPosition();

    CommitLog half = open(OptionalLong.of(first));
    assertThatThrownBy(() -> replayed(half)).isInstanceOf(StoreDamagedException.class);
    half.close();
    long second = refusal().goOnPosition();
    assertThat(second).isGreaterThan(first);

    assertThat(replayed(open(OptionalLong.of(second)))).hasSize(RECORDS - 2);
  }

  @Test
  void doesNothingToAHealthyLog() throws IOException {
    filled();
    byte[] before = disk.bytesOf(1).clone();

    CommitLog log = open(OptionalLong.of(SimulatedLog.SEGMENT_BYTES + 4L * RECORD_BYTES));

    assertThat(replayed(log)).hasSize(RECORDS);
    assertThat(disk.bytesOf(1)).isEqualTo(before);
  }

  @Test
  void goesOnBehindAMissingSegment() throws IOException {
    filled();
    disk.remove(1);
    long goOn = refusal().goOnPosition();
    assertThat(goOn).isEqualTo(2L * SimulatedLog.SEGMENT_BYTES);

    CommitLog log = open(OptionalLong.of(goOn));

    assertThat(replayed(log)).isEqualTo(allBut(32, 64));
    log.close();
    assertThat(replayed(open(OptionalLong.empty()))).isEqualTo(allBut(32, 64));
  }

  @Test
  void neverUsesAPositionAgainWhenTheEndOfTheLogIsMissing() throws IOException {
    long end = filled();
    disk.remove(3);
    long goOn = refusal().goOnPosition();
    assertThat(goOn).isEqualTo(end);

    CommitLog log = open(OptionalLong.of(goOn));

    assertThat(replayed(log)).isEqualTo(allBut(96, RECORDS));
    assertThat(log.append(Drafts.ofSize(7, RECORD_BYTES)).position()).isEqualTo(end);
    log.close();
    assertThat(replayed(open(OptionalLong.empty()))).endsWith(95L, 7L);
  }

  @Test
  void isRepeatedWhenItWasCutOff() throws IOException {
    int stops = 0;
    for (int operation = 1; operation <= 12; operation++) {
      SimulatedDisk cut = new SimulatedDisk(operation);
      filled(cut);
      cut.remove(1);
      long goOn = 2L * SimulatedLog.SEGMENT_BYTES;
      cut.stopAfter(operation);
      try {
        open(cut, OptionalLong.of(goOn)).close();
      } catch (MachineStop expected) {
        stops++;
      }
      cut.restartAfterPowerCut();

      assertThat(replayed(open(cut, OptionalLong.of(goOn))))
          .as("cut at operation " + operation)
          .isEqualTo(allBut(32, 64));
    }
    assertThat(stops).isGreaterThan(4);
  }

  private long filled() throws IOException {
    return filled(disk);
  }

  private static long filled(SimulatedDisk disk) throws IOException {
    CommitLog log = open(disk, OptionalLong.empty());
    for (int number = 0; number < RECORDS; number++) {
      log.append(Drafts.ofSize(number, RECORD_BYTES));
    }
    log.close();
    return log.appendedPosition();
  }

  /** How the start is refused, at the latest when the log is replayed. */
  private StoreDamagedException refusal() {
    return catchThrowableOfType(
        StoreDamagedException.class,
        () -> {
          try (CommitLog log = open(OptionalLong.empty())) {
            replayed(log);
          }
        });
  }

  private CommitLog open(OptionalLong recoverFrom) throws IOException {
    return open(disk, recoverFrom);
  }

  private static CommitLog open(SimulatedDisk disk, OptionalLong recoverFrom) throws IOException {
    return SimulatedLog.open(
        disk,
        SimulatedLog.CONFIG.withRecoverFrom(recoverFrom),
        () -> 1,
        new LoggedEvents(),
        new Random(1));
  }

  private static List<Long> allBut(int from, int until) {
    return LongStream.range(0, RECORDS)
        .filter(number -> number < from || number >= until)
        .boxed()
        .toList();
  }

  private static List<Long> replayed(CommitLog log) {
    List<Long> numbers = new ArrayList<>();
    log.replay(record -> numbers.add(record.queueOffset()));
    return numbers;
  }
}
