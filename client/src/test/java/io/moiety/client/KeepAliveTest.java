package io.moiety.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.client.KeepAlive.Step;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class KeepAliveTest {

  /** The clock's numbers have no meaning of their own, and go from the highest to the lowest. */
  private final long start = Math.subtractExact(Long.MAX_VALUE, 10);

  private final KeepAlive keepAlive = new KeepAlive(Duration.ofNanos(300), start);

  @Test
  void asksEveryThirdOfTheTimeoutAlsoWhenTheClockWrapsAround() {
    assertThat(keepAlive.nanosUntilNextStep(start)).isEqualTo(100);
    assertThat(keepAlive.at(start + 99)).isEqualTo(Step.NOTHING);
    assertThat(keepAlive.at(start + 100)).isEqualTo(Step.ASK);
    assertThat(keepAlive.at(start + 101)).isEqualTo(Step.NOTHING);
    assertThat(keepAlive.nanosUntilNextStep(start + 101)).isEqualTo(99);
    assertThat(keepAlive.at(start + 200)).isEqualTo(Step.ASK);
  }

  @Test
  void silenceForTheTimeoutIsALoss() {
    assertThat(keepAlive.at(start + 299)).isEqualTo(Step.ASK);
    assertThat(keepAlive.nanosUntilNextStep(start + 299)).isEqualTo(1);
    assertThat(keepAlive.at(start + 300)).isEqualTo(Step.LOST);
  }

  @Test
  void whatIsHeardPutsTheLossOff() {
    keepAlive.heard(start + 250);
    assertThat(keepAlive.at(start + 549)).isEqualTo(Step.ASK);
    assertThat(keepAlive.at(start + 550)).isEqualTo(Step.LOST);
  }

  @Test
  void aStepThatIsOverdueIsDueNow() {
    assertThat(keepAlive.nanosUntilNextStep(start + 1_000)).isZero();
  }
}
