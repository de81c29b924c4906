package io.moiety.broker.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ColdReadsTest {
  private static final int WINDOW_BYTES = 100;
  private static final int MAX_WINDOWS = 3;

  private final AtomicLong endPosition = new AtomicLong(1_000);
  private final List<Long> read = new ArrayList<>();
  private final HeldReads readers = new HeldReads();
  private final List<Runnable> turn = new ArrayList<>();
  private final ColdReads coldReads =
      new ColdReads(
          this::bringToCache,
          endPosition::get,
          new ColdReads.Settings(500, WINDOW_BYTES, MAX_WINDOWS),
          readers,
          turn::add);

  private void bringToCache(long position, int sizeBytes) {
    assertThat(sizeBytes).isEqualTo(WINDOW_BYTES);
    read.add(position);
  }

  private static RecordSpan span(long position) {
    return new RecordSpan(position, 50);
  }

  private void read(RecordSpan... records) {
    assertThat(coldReads.read(List.of(records), () -> {})).isTrue();
    turn.forEach(Runnable::run);
    turn.clear();
  }

  @Test
  void whatThisRunAppendedLastIsWarm() {
    endPosition.set(1_400);
    assertThat(coldReads.isWarm(span(1_000))).isTrue();
    assertThat(coldReads.isWarm(span(999))).as("appended by an earlier run").isFalse();
    endPosition.set(1_501);
    assertThat(coldReads.isWarm(span(1_000))).as("appended long ago").isFalse();
  }

  @Test
  void whatWasReadIsWarmWithWhatLiesBesideIt() {
    read(span(130));
    assertThat(read).containsExactly(100L);
    assertThat(coldReads.isWarm(span(100))).isTrue();
    assertThat(coldReads.isWarm(span(151))).as("reaches into the next window").isFalse();
    assertThat(coldReads.coldOf(List.of(span(120), span(200)))).containsExactly(span(200));
  }

  @Test
  void aRecordOfSeveralWindowsIsReadWhole() {
    RecordSpan large = new RecordSpan(150, 200);
    read(large, span(110));
    assertThat(read).containsExactly(100L, 200L, 300L);
    assertThat(coldReads.isWarm(large)).isTrue();
  }

  @Test
  void onlyTheLastUsedWindowsAreTakenForWarm() {
    read(span(0), span(100), span(200));
    assertThat(coldReads.isWarm(span(0))).isTrue();
    read(span(300));
    assertThat(coldReads.isWarm(span(0))).isTrue();
    assertThat(coldReads.isWarm(span(100))).isFalse();
  }

  @Test
  void theEndOfAReadIsToldInTheTurnAndNothingIsWarmBefore() {
    List<String> told = new ArrayList<>();
    readers.hold();
    assertThat(coldReads.read(List.of(span(0)), () -> told.add("read"))).isTrue();
    assertThat(turn).isEmpty();
    readers.readOne();
    assertThat(coldReads.isWarm(span(0))).isFalse();
    assertThat(told).isEmpty();
    turn.get(0).run();
    assertThat(coldReads.isWarm(span(0))).isTrue();
    assertThat(told).containsExactly("read");
  }

  @Test
  void whatCannotBeReadIsToldToo() {
    List<String> told = new ArrayList<>();
    ColdReads failing =
        new ColdReads(
            (position, sizeBytes) -> {
              throw new IllegalStateException("the disk is gone");
            },
            endPosition::get,
            ColdReads.Settings.defaults(),
            readers,
            Runnable::run);
    assertThat(failing.read(List.of(span(0)), () -> told.add("over"))).isTrue();
    assertThat(told).containsExactly("over");
  }

  @Test
  void whatIsTooMuchForTheReadersIsLeftToTheCaller() {
    readers.full();
    assertThat(coldReads.read(List.of(span(0)), () -> {})).isFalse();
    assertThat(turn).isEmpty();
  }
}
