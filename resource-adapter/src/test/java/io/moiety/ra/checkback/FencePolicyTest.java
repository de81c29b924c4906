package io.moiety.ra.checkback;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class FencePolicyTest {

  private static final HalfOrigin ORIGIN = new HalfOrigin("tx", "instance", 60, "table");

  private final FencePolicy policy = new FencePolicy();

  private boolean missed(int sinceSendSeconds) {
    return policy.missed(
        ORIGIN,
        0,
        TimeUnit.SECONDS.toMillis(sinceSendSeconds),
        TimeUnit.SECONDS.toNanos(sinceSendSeconds));
  }

  @Test
  void permitsAFenceOnlyWhenTheOriginatorWasMissedForTheWholeTime() {
    assertThat(missed(1)).isFalse();
    assertThat(missed(60)).isFalse();
    assertThat(missed(61)).isTrue();
  }

  /** A node whose connection was cut for a moment. */
  @Test
  void beginsAnewWhenTheOriginatorWasSeenInBetween() {
    assertThat(missed(1)).isFalse();
    policy.seen("instance");
    assertThat(missed(61)).isFalse();
    assertThat(missed(121)).isTrue();
  }

  /** Another transaction of the same node, begun later. */
  @Test
  void permitsNoFenceBeforeTheTransactionsOwnTime() {
    assertThat(missed(1)).isFalse();
    assertThat(
            policy.missed(
                ORIGIN,
                TimeUnit.SECONDS.toMillis(50),
                TimeUnit.SECONDS.toMillis(100),
                TimeUnit.SECONDS.toNanos(100)))
        .isFalse();
  }

  @Test
  void keepsNodesApart() {
    assertThat(missed(1)).isFalse();
    policy.seen("another");
    assertThat(missed(61)).isTrue();
  }
}
