package io.moiety.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.protocol.RecordView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Appends and forces a varied load to a log that may lose power or be killed at any time, starts it
 * again, and compares with what was told: everything durable is there, once, in order, whole; what
 * is there beyond it is a prefix of what was appended. What is there after a start is durable from
 * then on. Old segments are deleted meanwhile: what is gone is whole segments, from the beginning.
 */
final class CrashTrial {

  private static final long IN_FLIGHT = Long.MAX_VALUE;

  /** What was given to the log. */
  private record Given(long number, int sizeBytes, long endPosition) {
    boolean liesBefore(long position) {
      return endPosition <= position;
    }
  }

  private final SimulatedDisk disk;
  private final Random random;

  /** Records of like sizes begin where records of an earlier life began, and may meet them. */
  private final int sizeUnitBytes;

  private final int forcePercent;

  private final List<Given> given = new ArrayList<>();

  /** How many of them a start must find, whatever happens. */
  private int durableCount;

  /** How many a start must find when there is no power cut before. */
  private int writtenCount;

  /** Whether the log got so far since the last start that what is given agrees with it. */
  private boolean checked;

  /** The log begins here or before: what was deleted may come back in a crash. */
  private long latestFirstPosition;

  private long nextNumber = 1;
  private long nowMillis = 1_000;

  CrashTrial(long seed) {
    disk = new SimulatedDisk(seed);
    random = new Random(seed);
    forcePercent = List.of(2, 25).get(random.nextInt(2));
    sizeUnitBytes = List.of(1, 256, 512).get(random.nextInt(3));
  }

  /** Starts the log, checks it, works with it and stops it in order. */
  void live(int actions) throws IOException {
    LoggedEvents events = new LoggedEvents();
    checked = false;
    try {
      if (random.nextInt(4) == 0) {
        requireDamageToBeNoticed();
      }
      CommitLog log = SimulatedLog.open(disk, () -> nowMillis, events, random);
      forgetDeleted(log.firstPosition());
      check(replayed(log));
      for (int action = 0; action < actions; action++) {
        act(log);
      }
      log.close();
    } finally {
      durableCount = countUpTo(events.durable());
    }
  }

  /** As {@link #live}, but the power goes at an operation of the disk, if there are so many. */
  boolean liveUntilPowerCut(int actions, long operations) throws IOException {
    try {
      return liveUntilStop(actions, operations);
    } finally {
      disk.restartAfterPowerCut();
      writtenCount = durableCount;
    }
  }

  /** As {@link #live}, but the process is killed at an operation of the disk: nothing is lost. */
  boolean liveUntilKill(int actions, long operations) throws IOException {
    try {
      return liveUntilStop(actions, operations);
    } finally {
      disk.restartAfterKill();
      if (checked) {
        writtenCount = countUpTo(IN_FLIGHT - 1);
      }
    }
  }

  private boolean liveUntilStop(int actions, long operations) throws IOException {
    disk.stopAfter(operations);
    try {
      live(actions);
      return false;
    } catch (MachineStop expected) {
      return true;
    }
  }

  private void act(CommitLog log) {
    int dice = random.nextInt(100);
    if (dice >= 5 + forcePercent) {
      append(log, size(dice));
    } else if (dice >= 5) {
      log.forceUpTo(log.appendedPosition());
    } else if (dice >= 2) {
      deleteSome(log);
    } else {
      nowMillis += random.nextInt(1_000) - 300;
    }
  }

  private void deleteSome(CommitLog log) {
    long span = log.appendedPosition() - log.firstPosition();
    long position = log.firstPosition() + (long) (span * random.nextDouble());
    latestFirstPosition = Math.max(latestFirstPosition, position);
    latestFirstPosition = log.deleteBefore(position);
    assertThat(latestFirstPosition).isEqualTo(log.firstPosition());
    assertThat(latestFirstPosition).isLessThanOrEqualTo(Math.max(position, log.firstPosition()));
    for (Given old : given) {
      if (old.liesBefore(latestFirstPosition)) {
        assertThatThrownBy(() -> log.read(old.endPosition() - old.sizeBytes(), old.sizeBytes()))
            .isInstanceOf(RecordGoneException.class);
      }
    }
  }

  /**
   * What the hint promises is there, or the start is refused: a damaged record before it must not
   * pass for the end of the log.
   */
  private void requireDamageToBeNoticed() throws IOException {
    long promised = promisedPosition();
    long first = disk.list().isEmpty() ? 0 : disk.list().get(0).basePosition();
    List<Given> there =
        given.stream()
            .filter(old -> old.liesBefore(promised) && old.endPosition() > first)
            .toList();
    if (there.isEmpty()) {
      return;
    }
    Given victim = there.get(random.nextInt(there.size()));
    long position = victim.endPosition() - 1 - random.nextInt(victim.sizeBytes());
    int bit = random.nextInt(8);
    boolean noticed = false;
    disk.flip(position, bit);
    try {
      replayed(SimulatedLog.open(disk, () -> nowMillis, new LoggedEvents(), random));
    } catch (StoreDamagedException expected) {
      noticed = true;
    } finally {
      disk.flip(position, bit);
    }
    assertThat(noticed).as("damage at %d before the hint %d", position, promised).isTrue();
  }

  private long promisedPosition() throws IOException {
    Optional<HintFile> file = disk.existingHint();
    if (file.isEmpty()) {
      return 0;
    }
    return new DurableHint(file.get()).read().map(DurableHint.Value::position).orElse(0L);
  }

  int reuses() {
    return disk.reuses();
  }

  private void forgetDeleted(long firstPosition) {
    assertThat(firstPosition).isLessThanOrEqualTo(latestFirstPosition);
    latestFirstPosition = firstPosition;
    int gone = (int) given.stream().filter(old -> old.liesBefore(firstPosition)).count();
    given.subList(0, gone).clear();
    durableCount -= gone;
    writtenCount -= gone;
    assertThat(durableCount).as("only durable records were deleted").isNotNegative();
  }

  private int size(int dice) {
    int most = dice > 95 ? SimulatedLog.MAX_RECORD_BYTES : 700;
    int sizeBytes = Drafts.EMPTY_BYTES + random.nextInt(most - Drafts.EMPTY_BYTES + 1);
    return (sizeBytes + sizeUnitBytes - 1) / sizeUnitBytes * sizeUnitBytes;
  }

  private void append(CommitLog log, int sizeBytes) {
    long number = nextNumber++;
    given.add(new Given(number, sizeBytes, IN_FLIGHT));
    Appended appended = log.append(Drafts.ofSize(number, sizeBytes));
    given.set(given.size() - 1, new Given(number, sizeBytes, appended.endPosition()));
    RecordView record = log.read(appended.position(), sizeBytes);
    assertThat(record.queueOffset()).isEqualTo(number);
  }

  private int countUpTo(long endPosition) {
    int count = durableCount;
    while (count < given.size() && given.get(count).endPosition() <= endPosition) {
      count++;
    }
    return count;
  }

  private void check(List<RecordView> found) {
    assertThat(found).as("durable records").hasSizeGreaterThanOrEqualTo(durableCount);
    assertThat(found).as("written records").hasSizeGreaterThanOrEqualTo(writtenCount);
    assertThat(found).as("records at all").hasSizeLessThanOrEqualTo(given.size());
    long storeTimestampMillis = 0;
    for (int i = 0; i < found.size(); i++) {
      RecordView record = found.get(i);
      Given expected = given.get(i);
      assertThat(record.queueOffset()).as("record " + i).isEqualTo(expected.number());
      assertThat(record.body())
          .isEqualTo(Drafts.ofSize(expected.number(), expected.sizeBytes()).body());
      assertThat(record.storeTimestampMillis()).isGreaterThanOrEqualTo(storeTimestampMillis);
      storeTimestampMillis = record.storeTimestampMillis();
    }
    given.subList(found.size(), given.size()).clear();
    for (int i = 0; i < found.size(); i++) {
      RecordView record = found.get(i);
      given.set(
          i,
          new Given(
              record.queueOffset(), record.sizeBytes(), record.position() + record.sizeBytes()));
    }
    durableCount = found.size();
    writtenCount = found.size();
    checked = true;
  }

  private static List<RecordView> replayed(CommitLog log) {
    List<RecordView> records = new ArrayList<>();
    log.replay(record -> records.add(log.read(record.position(), record.sizeBytes())));
    return records;
  }
}
