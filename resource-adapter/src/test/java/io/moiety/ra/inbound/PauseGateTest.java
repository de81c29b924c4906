package io.moiety.ra.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PauseGateTest {

  private static void next() {}

  @Test
  void pausesAfterSoManyFailuresInARow() {
    PauseGate gate = new PauseGate(3);
    gate.failed();
    gate.failed();
    gate.taken();

    assertThat(gate.failed()).isEmpty();
    assertThat(gate.failed()).isEmpty();
    assertThat(gate.failed()).isPresent();
    assertThat(gate.isPaused()).isTrue();
  }

  @Test
  void neverPausesByItselfWithoutALimit() {
    PauseGate gate = new PauseGate(0);

    assertThat(gate.failed()).isEmpty();
    assertThat(gate.consecutiveFailures()).isEqualTo(1);
  }

  @Test
  void keepsWhatWaitsUntilTheEndOfThePause() {
    PauseGate gate = new PauseGate(1);
    assertThat(gate.holds(PauseGateTest::next)).isFalse();
    long pause = gate.failed().orElseThrow();
    assertThat(gate.holds(PauseGateTest::next)).isTrue();

    assertThat(gate.resumeAfter(pause)).hasSize(1);
    assertThat(gate.isPaused()).isFalse();
  }

  @Test
  void theEndOfAPauseByItselfEndsNoPauseOfAnAdministrator() {
    PauseGate gate = new PauseGate(1);
    long pause = gate.failed().orElseThrow();
    gate.pause();

    assertThat(gate.resumeAfter(pause)).isEmpty();
    assertThat(gate.isPaused()).isTrue();
  }

  @Test
  void failuresOfBeansThatWereBusyBeginNoPauseInsideOne() {
    PauseGate gate = new PauseGate(1);
    gate.pause();

    assertThat(gate.failed()).isEmpty();
  }

  @Test
  void forgetsWhatWaitsOverALostConnection() {
    PauseGate gate = new PauseGate(1);
    gate.pause();
    assertThat(gate.holds(PauseGateTest::next)).isTrue();
    gate.forget();
    assertThat(gate.holds(PauseGateTest::next)).isTrue();

    assertThat(gate.resume()).hasSize(1);
  }

  @Test
  void pausesAgainAtTheFirstFailureAfterAPauseByItself() {
    PauseGate gate = new PauseGate(5);
    for (int failure = 1; failure < 5; failure++) {
      gate.failed();
    }
    gate.resumeAfter(gate.failed().orElseThrow());

    assertThat(gate.failed()).isPresent();
  }

  @Test
  void startsAfreshWhenAnAdministratorResumes() {
    PauseGate gate = new PauseGate(2);
    gate.failed();
    gate.failed();
    assertThat(gate.holds(PauseGateTest::next)).isTrue();

    assertThat(gate.resume()).hasSize(1);
    assertThat(gate.failed()).isEmpty();
  }
}
