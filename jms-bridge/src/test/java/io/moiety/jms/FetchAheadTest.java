package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FetchAheadTest {

  private static final int MOST = 100;
  private static final long MILLI = 1_000_000;

  private final FetchAhead ahead = new FetchAhead(0);
  private long nowNanos;

  /** A listener takes messages, and then there are none; how many the broker is asked for. */
  private int takeAndAsk(int messages, long millis) {
    for (int message = 0; message < messages; message++) {
      ahead.took();
    }
    nowNanos += millis * MILLI;
    return ahead.toAskFor(0, MOST, nowNanos);
  }

  @Test
  void aFastListenerHoldsTwiceAsManyEachTimeUpToTheMost() {
    assertThat(takeAndAsk(0, 0)).isEqualTo(16);
    assertThat(takeAndAsk(8, 1)).isEqualTo(32);
    assertThat(takeAndAsk(16, 1)).isEqualTo(64);
    assertThat(takeAndAsk(32, 1)).isEqualTo(100);
    assertThat(takeAndAsk(50, 1)).isEqualTo(100);
  }

  @Test
  void aSlowListenerHoldsFewAgain() {
    takeAndAsk(8, 1);
    takeAndAsk(16, 1);
    assertThat(takeAndAsk(32, 30)).isEqualTo(32);
    assertThat(takeAndAsk(16, 30)).isEqualTo(16);
    assertThat(takeAndAsk(8, 30)).isEqualTo(16);
  }

  @Test
  void aSlowListenerHoldsFewAgainAlsoWhereItAsksAfterEachMessage() {
    takeAndAsk(8, 1);
    takeAndAsk(16, 1);
    int asked = 0;
    for (int message = 0; message < 10; message++) {
      asked = takeAndAsk(1, 10);
    }
    assertThat(asked).isEqualTo(16);
  }

  @Test
  void oneThatIsNeitherHoldsWhatItHas() {
    takeAndAsk(8, 1);
    assertThat(takeAndAsk(16, 10)).isEqualTo(32);
  }

  @Test
  void aListenerThatHasLittleToDoIsNotTakenForFast() {
    assertThat(takeAndAsk(1, 1)).isEqualTo(16);
    assertThat(takeAndAsk(1, 1)).isEqualTo(16);
  }

  @Test
  void noMoreAreHeldThanAreAllowed() {
    assertThat(ahead.toAskFor(0, 4, 0)).isEqualTo(4);
    ahead.took();
    ahead.took();
    assertThat(ahead.toAskFor(2, 4, MILLI)).isEqualTo(2);
    assertThat(ahead.toAskFor(3, 4, MILLI)).isZero();
  }

  @Test
  void whoHoldsMoreThanASlowListenerMayAsksForNone() {
    takeAndAsk(8, 1);
    takeAndAsk(16, 1);
    assertThat(ahead.toAskFor(32, MOST, nowNanos + 30 * MILLI)).isZero();
    assertThat(ahead.toAskFor(16, MOST, nowNanos + 31 * MILLI)).isEqualTo(16);
  }
}
