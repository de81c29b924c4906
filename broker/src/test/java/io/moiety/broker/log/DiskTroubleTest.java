package io.moiety.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.IOException;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The log on a disk that is full or fails. */
final class DiskTroubleTest {

  private static final int RECORD_BYTES = 500;

  private final SimulatedDisk disk = new SimulatedDisk(1);
  private final LoggedEvents events = new LoggedEvents();

  @Test
  void refusesAppendsForGoodAfterOneFailedForceAndStaysReadable() throws IOException {
    CommitLog log = SimulatedLog.open(disk, events);
    Appended durable = log.append(Drafts.ofSize(1, RECORD_BYTES));
    log.forceUpTo(durable.endPosition());
    Appended lost = log.append(Drafts.ofSize(2, RECORD_BYTES));
    disk.failNextForce();

    log.forceUpTo(lost.endPosition());
    log.forceUpTo(lost.endPosition());

    assertThat(log.failed()).isTrue();
    assertThat(events.failures()).singleElement().isInstanceOf(IOException.class);
    assertThat(log.durablePosition()).isEqualTo(durable.endPosition());
    assertRefused(
        () -> log.append(Drafts.ofSize(3, RECORD_BYTES)), PutStatus.SERVICE_NOT_AVAILABLE);
    assertThat(log.read(durable.position(), durable.sizeBytes()).queueOffset()).isEqualTo(1);
  }

  @Test
  void doesNotPromiseMoreAfterAFailedForceWhenItIsClosed() throws IOException {
    CommitLog log = SimulatedLog.open(disk, events);
    Appended durable = log.append(Drafts.ofSize(1, RECORD_BYTES));
    log.forceUpTo(durable.endPosition());
    log.append(Drafts.ofSize(2, RECORD_BYTES));
    disk.failNextForce();
    log.forceUpTo(log.appendedPosition());

    log.close();
    disk.restartAfterPowerCut(0);

    CommitLog again = SimulatedLog.open(disk, new LoggedEvents());
    assertThat(again.appendedPosition()).isEqualTo(durable.endPosition());
  }

  @Test
  void refusesAppendsWhileTheDiskIsFullAndTakesThemAgainAfterwards() throws IOException {
    CommitLog log = SimulatedLog.open(disk, events);
    Appended first = log.append(Drafts.ofSize(1, RECORD_BYTES));
    disk.roomBytes(3 * SimulatedLog.STEP_BYTES);

    int appended = appendUntilRefused(log);

    assertThat(appended).isPositive();
    assertThat(log.read(first.position(), first.sizeBytes()).queueOffset()).isEqualTo(1);
    log.forceUpTo(log.appendedPosition());
    assertThat(log.durablePosition()).isEqualTo(log.appendedPosition());
    assertThat(log.failed()).isFalse();
    assertRefused(
        () -> log.append(Drafts.ofSize(2, RECORD_BYTES)), PutStatus.CREATE_MAPPED_FILE_FAILED);

    disk.roomBytes(Integer.MAX_VALUE);
    assertRefused(
        () -> log.append(Drafts.ofSize(3, RECORD_BYTES)), PutStatus.CREATE_MAPPED_FILE_FAILED);
    Appended later = log.append(Drafts.ofSize(3, RECORD_BYTES));
    assertThat(log.read(later.position(), later.sizeBytes()).queueOffset()).isEqualTo(3);
  }

  @Test
  void keepsARecordThatFitsAfterOneThatDidNotFindTheNextSegment() throws IOException {
    CommitLog log = SimulatedLog.open(disk, events);
    disk.roomBytes(SimulatedLog.SEGMENT_BYTES);
    appendUntilRefused(log);
    long end = log.appendedPosition();

    Appended small = log.append(Drafts.ofSize(7, Drafts.EMPTY_BYTES));

    assertThat(small.position()).isEqualTo(end);
    assertThat(log.read(small.position(), small.sizeBytes()).queueOffset()).isEqualTo(7);
  }

  @Test
  void startsOnAFullDiskAndServesWhatIsThere() throws IOException {
    CommitLog log = SimulatedLog.open(disk, events);
    Appended first = log.append(Drafts.ofSize(1, RECORD_BYTES));
    log.close();
    disk.roomBytes(0);

    CommitLog again = SimulatedLog.open(disk, new LoggedEvents());

    assertThat(again.read(first.position(), first.sizeBytes()).queueOffset()).isEqualTo(1);
    assertRefused(
        () -> again.append(Drafts.ofSize(2, RECORD_BYTES)), PutStatus.CREATE_MAPPED_FILE_FAILED);
  }

  @Test
  void makesAnotherSegmentWhenTheForceOfAnUnusedOneFails() throws IOException {
    int segmentBytes = 1024 * 1024;
    CommitLog log =
        SimulatedLog.open(
            disk,
            SimulatedLog.CONFIG.withSegmentSizeBytes(segmentBytes),
            () -> 1,
            events,
            new Random(1));
    disk.failNextForceFrom(segmentBytes);

    while (log.appendedPosition() < 3L * segmentBytes) {
      appendUntilRefused(log, 10);
    }

    assertThat(disk.failsAForce()).isFalse();
    assertThat(log.failed()).isFalse();
  }

  private static int appendUntilRefused(CommitLog log) {
    return appendUntilRefused(log, Integer.MAX_VALUE);
  }

  private static int appendUntilRefused(CommitLog log, int most) {
    for (int count = 0; count < most; count++) {
      try {
        log.append(Drafts.ofSize(1, RECORD_BYTES));
      } catch (AppendRefusedException e) {
        assertThat(e).hasMessageContaining("position " + log.appendedPosition());
        return count;
      }
    }
    return most;
  }

  private static void assertRefused(ThrowingCallable append, PutStatus status) {
    assertThatThrownBy(append)
        .asInstanceOf(type(AppendRefusedException.class))
        .extracting(AppendRefusedException::status)
        .isEqualTo(status);
  }
}
