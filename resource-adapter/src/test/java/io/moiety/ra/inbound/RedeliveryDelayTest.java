package io.moiety.ra.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RedeliveryDelayTest {

  @Test
  void growsWithEachFailureUpToItsLimit() {
    RedeliveryDelay delay = new RedeliveryDelay(100, 3, 1_000);

    assertThat(delay.beforeDelivery(1)).isZero();
    assertThat(delay.beforeDelivery(2)).isEqualTo(100);
    assertThat(delay.beforeDelivery(3)).isEqualTo(300);
    assertThat(delay.beforeDelivery(4)).isEqualTo(900);
    assertThat(delay.beforeDelivery(5)).isEqualTo(1_000);
    assertThat(delay.beforeDelivery(Integer.MAX_VALUE)).isEqualTo(1_000);
  }
}
