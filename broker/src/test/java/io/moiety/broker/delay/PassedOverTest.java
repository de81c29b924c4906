package io.moiety.broker.delay;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.protocol.SystemTopics;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PassedOverTest {
  private final PassedOver passedOver = new PassedOver();

  private static Delayed message(int number) {
    return new Delayed(1_000, SystemTopics.TIMER, 0, number, number, number, 100);
  }

  private Optional<Delayed> due(long nowMillis) {
    return passedOver.due(nowMillis).map(PassedOver.Trial::message);
  }

  @Test
  void aMessageIsTriedAgainAfterAPauseThatDoublesUpToAMinute() {
    long now = 0;
    passedOver.add(message(1), now);
    for (long pauseMillis :
        new long[] {1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000}) {
      assertThat(passedOver.nextMillis()).isEqualTo(now + pauseMillis);
      assertThat(due(now + pauseMillis - 1)).isEmpty();
      now += pauseMillis;
      passedOver.failed(passedOver.due(now).orElseThrow(), now);
    }
  }

  @Test
  void oneFailureRestsTheOthersForAMomentAndASuccessDoesNot() {
    for (int number = 0; number < 4; number++) {
      passedOver.add(message(number), 0);
    }
    passedOver.done(passedOver.due(1_000).orElseThrow());
    passedOver.failed(passedOver.due(1_000).orElseThrow(), 1_000);
    assertThat(due(1_000)).isEmpty();
    assertThat(passedOver.nextMillis()).isEqualTo(2_000);
    assertThat(due(2_000)).contains(message(2));
  }

  @Test
  void thereAreABoundedNumber() {
    for (int number = 0; number < PassedOver.MAX; number++) {
      assertThat(passedOver.isFull()).isFalse();
      passedOver.add(message(number), 0);
    }
    assertThat(passedOver.isFull()).isTrue();
    passedOver.done(passedOver.due(1_000).orElseThrow());
    assertThat(passedOver.isFull()).isFalse();
  }
}
