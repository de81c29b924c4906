package io.moiety.broker.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CheckPaceTest {
  private static final long INTERVAL_MILLIS = 30;

  private static long[] delays(int members, int checks) {
    return IntStream.rangeClosed(1, checks)
        .mapToLong(check -> CheckPace.delayMillis(check, members, INTERVAL_MILLIS))
        .toArray();
  }

  @Test
  void aGroupOfOneIsAskedLessOftenAfterItsSecondCheck() {
    assertThat(delays(1, 7)).containsExactly(30, 60, 120, 240, 240, 240, 240);
  }

  @Test
  void everyMemberIsAskedBeforeThePauseGrows() {
    assertThat(delays(3, 9)).containsExactly(30, 30, 30, 30, 30, 60, 60, 60, 120);
  }
}
