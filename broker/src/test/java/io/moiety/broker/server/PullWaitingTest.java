package io.moiety.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PullWaitingTest {

  private static final QueueKey Q0 = new QueueKey("T", 0);
  private static final QueueKey Q1 = new QueueKey("T", 1);

  private final PullWaiting pulls = new PullWaiting(3);
  private final List<String> told = new ArrayList<>();

  private PullWaiting.Held named(String name) {
    return new PullWaiting.Held() {
      @Override
      public void served() {
        told.add(name + " served");
      }

      @Override
      public void expired() {
        told.add(name + " expired");
      }

      @Override
      public void failed(RuntimeException failure) {
        told.add(name + " failed: " + failure.getMessage());
      }
    };
  }

  @Test
  void servedQueueWakesItsPullsInOrderAndNoOthers() {
    pulls.hold(Q0, 100, named("a"));
    pulls.hold(Q1, 100, named("b"));
    pulls.hold(Q0, 50, named("c"));

    pulls.served(Q0);
    pulls.served(Q0);

    assertThat(told).containsExactly("a served", "c served");
    assertThat(pulls.waiting()).isEqualTo(1);
  }

  @Test
  void pullsExpireAtTheirTimeAndNotBefore() {
    pulls.hold(Q0, 100, named("a"));
    pulls.hold(Q0, 50, named("b"));
    assertThat(pulls.nextDueMillis()).isEqualTo(50);

    pulls.expire(49);
    assertThat(told).isEmpty();
    pulls.expire(99);
    assertThat(told).containsExactly("b expired");
    pulls.served(Q0);

    assertThat(told).containsExactly("b expired", "a served");
    assertThat(pulls.nextDueMillis()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void samePullWithSameDeadlineWaitsAsOftenAsItIsHeld() {
    PullWaiting.Held same = named("a");
    pulls.hold(Q0, 50, same);
    pulls.hold(Q0, 50, same);

    pulls.expire(50);

    assertThat(told).containsExactly("a expired", "a expired");
  }

  @Test
  void pullMayWaitAgainWhenItIsWoken() {
    pulls.hold(
        Q0,
        100,
        new PullWaiting.Held() {
          @Override
          public void served() {
            pulls.hold(Q0, 100, named("again"));
          }

          @Override
          public void expired() {
            throw new AssertionError("woken before");
          }

          @Override
          public void failed(RuntimeException failure) {
            throw failure;
          }
        });

    pulls.served(Q0);
    assertThat(pulls.waiting()).isEqualTo(1);
    pulls.expire(100);

    assertThat(told).containsExactly("again expired");
  }

  @Test
  void moreThanTheCapacityAreNotHeld() {
    for (int i = 0; i < 3; i++) {
      assertThat(pulls.hold(Q0, 100, named("held"))).isTrue();
    }
    assertThat(pulls.hold(Q1, 100, named("refused"))).isFalse();

    pulls.served(Q0);

    assertThat(pulls.hold(Q1, 100, named("held"))).isTrue();
  }

  @Test
  void aPullThatFailsIsToldSoAndTheOthersHearWhatTheyWaitFor() {
    pulls.hold(Q0, 100, failing("a"));
    pulls.hold(Q0, 100, named("b"));
    pulls.hold(Q1, 50, failing("c"));

    pulls.served(Q0);
    pulls.expire(50);

    assertThat(told).containsExactly("a failed: damaged", "b served", "c failed: damaged");
    assertThat(pulls.waiting()).isZero();
  }

  private PullWaiting.Held failing(String name) {
    return new PullWaiting.Held() {
      @Override
      public void served() {
        throw new IllegalStateException("damaged");
      }

      @Override
      public void expired() {
        throw new IllegalStateException("damaged");
      }

      @Override
      public void failed(RuntimeException failure) {
        told.add(name + " failed: " + failure.getMessage());
      }
    };
  }
}
