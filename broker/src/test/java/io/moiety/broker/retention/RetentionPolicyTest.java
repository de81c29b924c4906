package io.moiety.broker.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.log.DiskSpace;
import io.moiety.broker.log.SegmentInfo;
import io.moiety.broker.store.RecordSpan;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RetentionPolicyTest {
  private static final DiskSpace HALF_FULL = new DiskSpace(500, 1_000, 400);
  private static final SegmentInfo OLDEST = new SegmentInfo(0, 100, 5_000);

  private final RetentionPolicy policy =
      new RetentionPolicy(new RetentionSettings(1_000, 80, 90, 300, 64));

  private final AtomicReference<DiskSpace> space = new AtomicReference<>(HALF_FULL);
  private final AtomicReference<Optional<String>> obstacle =
      new AtomicReference<>(Optional.empty());
  private final DiskGuard guard = new DiskGuard(space::get, obstacle::get, policy);

  @Test
  void aSegmentGoesWhenItsYoungestRecordIsOlderThanTheReservedTime() {
    assertThat(policy.mayGo(OLDEST, 300, HALF_FULL, 6_000)).isEmpty();
    assertThat(policy.mayGo(OLDEST, 300, HALF_FULL, 6_001).orElseThrow())
        .contains("fileReservedTime");
  }

  @Test
  void aYoungSegmentGoesWhenTheDiskIsUsedTooMuch() {
    assertThat(policy.mayGo(OLDEST, 300, new DiskSpace(201, 1_000, 0), 0)).isEmpty();
    assertThat(policy.mayGo(OLDEST, 300, new DiskSpace(200, 1_000, 0), 0).orElseThrow())
        .contains("80 %", "diskSpaceCleanForciblyRatio");
  }

  @Test
  void aYoungSegmentGoesWhenTheLogIsTooLarge() {
    assertThat(policy.mayGo(OLDEST, 301, HALF_FULL, 0).orElseThrow()).contains("maxStoreBytes");
  }

  @Test
  void aDiskOfUnknownSizeIsNotTakenForAFullOne() {
    assertThat(policy.refusal(new DiskSpace(0, 0, 0))).isEmpty();
  }

  @Test
  void producersAreRefusedAboveTheHighWaterMarkAndTakenAgainBelowIt() {
    assertThat(guard.refusal()).isEmpty();
    space.set(new DiskSpace(100, 1_000, 0));
    assertThat(guard.refusal().orElseThrow()).contains("diskSpaceWarningLevelRatio", "90 %");
    space.set(HALF_FULL);
    assertThat(guard.refusal()).isEmpty();
  }

  @Test
  void producersLeaveTheRestOfTheSegmentToOthersWhenNoRoomCanBePrepared() {
    obstacle.set(Optional.of("No space left on device"));
    assertThat(guard.refusal().orElseThrow()).contains("No space left on device", "make room");
    obstacle.set(Optional.empty());
    assertThat(guard.refusal()).isEmpty();
  }

  @Test
  void aPinnedLogRefusesProducersOnlyAboveItsLargestSize() {
    assertThat(policy.refusalWhilePinned(300)).isEmpty();
    guard.pinned(policy.refusalWhilePinned(301));
    assertThat(guard.refusal().orElseThrow()).contains("maxStoreBytes");
    guard.pinned(Optional.empty());
    assertThat(guard.refusal()).isEmpty();
  }

  @Test
  void aLiveSetIsFullWhenMoreThanItsBytesAreNeededOrSomethingCannotBeCopied() {
    LiveSet live = new LiveSet(100);
    live.add(10, 60);
    live.add(10, 60);
    live.add(5, 40);
    assertThat(live.isFull()).isFalse();
    assertThat(live.first(1, 1)).containsExactly(new RecordSpan(5, 40));
    live.remove(5);
    assertThat(live.bytes()).isEqualTo(60);
    live.add(70, 41);
    assertThat(live.isFull()).isTrue();
    LiveSet pinned = new LiveSet(100);
    pinned.pin();
    assertThat(pinned.isFull()).isTrue();
  }
}
