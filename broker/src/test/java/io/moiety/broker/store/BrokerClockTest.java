package io.moiety.broker.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BrokerClockTest {
  private long wallMillis = 1_000_000;
  private long monotonicMillis = 5_000;
  private final long nanos = 123_456_789;
  private final BrokerClock clock =
      new BrokerClock(() -> wallMillis, () -> monotonicMillis * 1_000_000);

  private void pass(long millis) {
    wallMillis += millis;
    monotonicMillis += millis;
  }

  @Test
  void followsTheWallClock() {
    pass(1_500);
    assertThat(clock.nowMillis()).isEqualTo(1_001_500);
  }

  @Test
  void followsSmallCorrectionsOfTheWallClock() {
    wallMillis += 20;
    pass(100);
    assertThat(clock.nowMillis()).isEqualTo(1_000_120);
  }

  @Test
  void aJumpOfTheWallClockChangesNothing() {
    wallMillis += 3_600_000;
    pass(100);
    assertThat(clock.nowMillis()).isEqualTo(1_000_100);
    wallMillis -= 7_200_000;
    pass(100);
    assertThat(clock.nowMillis()).isEqualTo(1_000_200);
  }

  @Test
  void neverGoesBackwards() {
    pass(100);
    long before = clock.nowMillis();
    wallMillis -= 500;
    assertThat(clock.nowMillis()).isEqualTo(before);
    pass(600);
    assertThat(clock.nowMillis()).isEqualTo(before + 100);
  }

  @Test
  void tellsToTheNanosecondHowLongItIsUntilAMillisecondBegins() {
    BrokerClock exact = new BrokerClock(() -> 1_000, () -> nanos);
    assertThat(exact.nanosUntil(1_003)).isEqualTo(3_000_000);
    assertThat(exact.nanosUntil(999)).isEqualTo(-1_000_000);
    assertThat(exact.nanosUntil(Long.MAX_VALUE)).isGreaterThan(Long.MAX_VALUE / 2);
    assertThat(exact.nanosUntil(Long.MIN_VALUE)).isNegative();
  }

  @Test
  void theMachinesClockHasComeToAMillisecondWhenItSaysSo() {
    BrokerClock machine = BrokerClock.system();
    long millis = machine.nowMillis() + 3;
    while (machine.nanosUntil(millis) > 0) {
      Thread.onSpinWait();
    }
    assertThat(machine.nowMillis()).isGreaterThanOrEqualTo(millis);
  }
}
