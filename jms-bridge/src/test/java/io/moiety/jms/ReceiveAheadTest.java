package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReceiveAheadTest {

  private static final long MILLI = 1_000_000;

  private final ReceiveAhead ahead = new ReceiveAhead(256);
  private long nowNanos;

  /** Asks, gets all that it asks for, and takes so long for them until it asks again. */
  private int askAndTake(long millis) {
    int asked = ahead.toAskFor(nowNanos);
    ahead.arrived(asked);
    nowNanos += millis * MILLI;
    return asked;
  }

  private List<Integer> askAndTake(int times, long millis) {
    List<Integer> asked = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      asked.add(askAndTake(millis));
    }
    return asked;
  }

  @Test
  void manyReceivesWithoutAPauseAskForMoreAndMoreUpToTheMost() {
    assertThat(askAndTake(14, 5)).containsExactly(1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 8, 16, 16, 16);
  }

  @Test
  void aPauseEndsThat() {
    askAndTake(11, 5);
    assertThat(askAndTake(16 * 5 + 1)).isEqualTo(16);
    assertThat(askAndTake(9, 5)).containsExactly(1, 1, 1, 1, 1, 1, 1, 1, 2);
  }

  @Test
  void soDoFewerThanWereAskedFor() {
    askAndTake(11, 5);
    assertThat(ahead.toAskFor(nowNanos)).isEqualTo(16);
    ahead.arrived(15);
    assertThat(ahead.toAskFor(nowNanos)).isEqualTo(1);
  }

  @Test
  void oneThatFoundNothingWasNotOneOfThem() {
    askAndTake(7, 0);
    ahead.toAskFor(nowNanos);
    ahead.arrived(0);
    assertThat(askAndTake(8, 0)).containsOnly(1);
  }

  @Test
  void oneThatIsNotAnsweredYetWasNotOneOfThem() {
    askAndTake(8, 0);
    assertThat(ahead.toAskFor(nowNanos)).isEqualTo(2);
    assertThat(ahead.toAskFor(nowNanos)).isEqualTo(1);
  }

  @Test
  void noMoreAreAskedForThanAreAllowed() {
    ReceiveAhead single = new ReceiveAhead(1);
    for (int i = 0; i < 20; i++) {
      assertThat(single.toAskFor(0)).isEqualTo(1);
      single.arrived(1);
    }
  }
}
