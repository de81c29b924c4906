package io.moiety.ra.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PauseGateTest {

  private static void next() {}

  @Test
  void asksForAPauseAfterSoManyFailuresInARow() {
    PauseGate gate = new PauseGate(3);
    gate.failed();
    gate.failed();
    gate.taken();

    assertThat(gate.failed()).isFalse();
    assertThat(gate.failed()).isFalse();
    assertThat(gate.failed()).isTrue();
  }

  @Test
  void neverAsksWithoutALimit() {
    PauseGate gate = new PauseGate(0);

    assertThat(gate.failed()).isFalse();
    assertThat(gate.consecutiveFailures()).isEqualTo(1);
  }

  @Test
  void keepsWhatWaitsUntilTheEndOfThatPause() {
    PauseGate gate = new PauseGate(1);
    assertThat(gate.holds(PauseGateTest::next)).isFalse();
    long first = gate.pause();
    long second = gate.pause();
    assertThat(gate.holds(PauseGateTest::next)).isTrue();

    assertThat(gate.resumeAfter(first)).isEmpty();
    assertThat(gate.isPaused()).isTrue();
    assertThat(gate.resumeAfter(second)).hasSize(1);
    assertThat(gate.isPaused()).isFalse();
  }

  @Test
  void pausesAgainAtTheFirstFailureAfterAPauseByItself() {
    PauseGate gate = new PauseGate(5);
    for (int failure = 0; failure < 5; failure++) {
      gate.failed();
    }
    gate.resumeAfter(gate.pause());

    assertThat(gate.failed()).isTrue();
  }

  @Test
  void startsAfreshWhenAnAdministratorResumes() {
    PauseGate gate = new PauseGate(2);
    gate.failed();
    gate.failed();
    gate.pause();
    assertThat(gate.holds(PauseGateTest::next)).isTrue();

    assertThat(gate.resume()).hasSize(1);
    assertThat(gate.failed()).isFalse();
  }
}
