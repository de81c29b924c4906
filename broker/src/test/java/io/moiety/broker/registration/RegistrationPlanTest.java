package io.moiety.broker.registration;

import static io.moiety.broker.registration.RegistrationPlan.Step.CONNECT;
import static io.moiety.broker.registration.RegistrationPlan.Step.GIVE_UP;
import static io.moiety.broker.registration.RegistrationPlan.Step.REGISTER;
import static io.moiety.broker.registration.RegistrationPlan.Step.WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegistrationPlanTest {
  private static final long VERSION = 1;
  private final RegistrationPlan plan = new RegistrationPlan(0);
  private long nowMillis;

  private RegistrationPlan.Step next() {
    return plan.next(nowMillis, VERSION);
  }

  private void register() {
    assertThat(next()).isEqualTo(CONNECT);
    plan.connected(nowMillis);
    assertThat(next()).isEqualTo(REGISTER);
    plan.answered(nowMillis);
  }

  @Test
  void connectsAndRegistersAtOnceAndThenEachPeriod() {
    register();
    for (int period = 0; period < 3; period++) {
      assertThat(next()).isEqualTo(WAIT);
      nowMillis = plan.dueMillis() - 1;
      assertThat(next()).isEqualTo(WAIT);
      nowMillis++;
      assertThat(next()).isEqualTo(REGISTER);
      plan.answered(nowMillis);
    }
    assertThat(nowMillis).isEqualTo(3 * RegistrationPlan.PERIOD_MILLIS);
  }

  @Test
  void registersAtOnceWhenTheTopicsHaveChangedButNotWhileItWaitsForAnAnswer() {
    register();
    assertThat(plan.next(nowMillis, 2)).isEqualTo(REGISTER);
    assertThat(plan.next(nowMillis, 3)).isEqualTo(WAIT);
    plan.answered(nowMillis);
    assertThat(plan.next(nowMillis, 3)).isEqualTo(REGISTER);
    plan.answered(nowMillis);
    assertThat(plan.next(nowMillis, 3)).isEqualTo(WAIT);
  }

  @Test
  void triesAgainLessAndLessOftenUntilItHasWorkedForAWhile() {
    List<Long> waits = new ArrayList<>();
    for (int attempt = 0; attempt < 8; attempt++) {
      assertThat(next()).isEqualTo(CONNECT);
      plan.lost(nowMillis);
      waits.add(plan.dueMillis() - nowMillis);
      nowMillis = plan.dueMillis() - 1;
      assertThat(next()).isEqualTo(WAIT);
      nowMillis++;
    }
    assertThat(waits)
        .containsExactly(1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 30_000L, 30_000L, 30_000L);
    register();
    plan.lost(nowMillis);
    assertThat(plan.dueMillis() - nowMillis).isEqualTo(30_000);
    nowMillis = plan.dueMillis();
    register();
    nowMillis = plan.dueMillis();
    assertThat(next()).isEqualTo(REGISTER);
    plan.answered(nowMillis);
    plan.lost(nowMillis);
    assertThat(plan.dueMillis() - nowMillis).isEqualTo(1_000);
  }

  @Test
  void givesUpAConnectionFromWhichNothingComes() {
    assertThat(next()).isEqualTo(CONNECT);
    nowMillis += RegistrationPlan.ANSWER_TIMEOUT_MILLIS;
    assertThat(next()).isEqualTo(GIVE_UP);
    plan.lost(nowMillis);
    nowMillis = plan.dueMillis();
    assertThat(next()).isEqualTo(CONNECT);
    plan.connected(nowMillis);
    assertThat(next()).isEqualTo(REGISTER);
    nowMillis += RegistrationPlan.ANSWER_TIMEOUT_MILLIS;
    assertThat(next()).isEqualTo(GIVE_UP);
  }

  @Test
  void tellsItsNewNameServerAllAgainAfterALoss() {
    register();
    plan.lost(nowMillis);
    nowMillis = plan.dueMillis();
    register();
  }

  @Test
  void onlyAChangeIsNews() {
    assertThat(plan.lost(nowMillis)).isTrue();
    assertThat(plan.lost(nowMillis)).isFalse();
    assertThat(plan.answered(nowMillis)).isTrue();
    assertThat(plan.answered(nowMillis)).isFalse();
    assertThat(plan.lost(nowMillis)).isTrue();
    assertThat(plan.answered(nowMillis)).isTrue();
  }
}
