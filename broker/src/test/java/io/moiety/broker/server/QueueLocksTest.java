package io.moiety.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class QueueLocksTest {

  private static final QueueKey Q0 = new QueueKey("T", 0);
  private static final QueueKey Q1 = new QueueKey("T", 1);

  private final QueueLocks locks = new QueueLocks();

  @Test
  void queueHasOneClientOfAGroupAtATime() {
    assertThat(locks.lock("G", "a", List.of(Q0), 0)).containsExactly(Q0);
    assertThat(locks.lock("G", "b", List.of(Q0, Q1), 1)).containsExactly(Q1);
    assertThat(locks.lock("other", "b", List.of(Q0), 1)).containsExactly(Q0);
  }

  @Test
  void lockThatIsRenewedIsKeptAndOneThatIsNotIsFree() {
    locks.lock("G", "a", List.of(Q0), 0);
    assertThat(locks.lock("G", "a", List.of(Q0), 40_000)).containsExactly(Q0);
    assertThat(locks.lock("G", "b", List.of(Q0), 40_000 + QueueLocks.LEASE_MILLIS - 1)).isEmpty();
    assertThat(locks.lock("G", "b", List.of(Q0), 40_000 + QueueLocks.LEASE_MILLIS))
        .containsExactly(Q0);
  }

  @Test
  void locksThatHaveEndedAreForgottenByWhoLooks() {
    locks.lock("G", "a", List.of(Q0, Q1), 0);
    assertThat(locks.areHeld("G", QueueLocks.LEASE_MILLIS - 1)).isTrue();
    assertThat(locks.groups()).isEqualTo(1);
    assertThat(locks.areHeld("G", QueueLocks.LEASE_MILLIS)).isFalse();
    assertThat(locks.groups()).isZero();
    assertThat(locks.lock("G", "b", List.of(Q0), QueueLocks.LEASE_MILLIS)).containsExactly(Q0);
  }

  @Test
  void onlyTheHolderUnlocks() {
    locks.lock("G", "a", List.of(Q0), 0);
    locks.unlock("G", "b", List.of(Q0));
    assertThat(locks.lock("G", "b", List.of(Q0), 1)).isEmpty();

    locks.unlock("G", "a", List.of(Q0, Q1));
    assertThat(locks.lock("G", "b", List.of(Q0), 1)).containsExactly(Q0);
  }

  @Test
  void locksOfAllGroupsAreBoundedAndAreFreeAgainWhenTheyEnd() {
    List<QueueKey> many =
        IntStream.range(0, QueueLocks.MAX_LOCKS).mapToObj(i -> new QueueKey("T", i)).toList();
    List<QueueKey> one = List.of(new QueueKey("T", 0));
    QueueLocks bounded = new QueueLocks();
    bounded.lock("G", "a", many, 0);

    assertThat(bounded.lock("H", "b", one, QueueLocks.LEASE_MILLIS - 1)).isEmpty();
    assertThat(bounded.lock("H", "b", one, QueueLocks.LEASE_MILLIS)).isEqualTo(one);
  }

  @Test
  void oneRequestTakesNoMoreThanThereIs() {
    List<QueueKey> tooMany =
        IntStream.range(0, QueueLocks.MAX_LOCKS + 5).mapToObj(i -> new QueueKey("T", i)).toList();

    assertThat(locks.lock("G", "a", tooMany, 0)).hasSize(QueueLocks.MAX_LOCKS);
    locks.unlock("G", "a", tooMany.subList(0, 3));
    assertThat(locks.lock("H", "b", tooMany.subList(0, 5), 1)).hasSize(3);
  }

  @Test
  void groupsWithoutLocksAreForgotten() {
    for (int i = 0; i < 1_000; i++) {
      locks.lock("G" + i, "a", List.of(), 0);
      locks.lock("H" + i, "a", List.of(Q0), 0);
      locks.unlock("H" + i, "a", List.of(Q0));
      locks.unlock("I" + i, "a", List.of(Q0));
    }
    assertThat(locks.groups()).isZero();
  }

  @Test
  void placesComeBackAgainAndAgain() {
    List<QueueKey> all =
        IntStream.range(0, QueueLocks.MAX_LOCKS).mapToObj(i -> new QueueKey("T", i)).toList();
    for (int round = 0; round < 3; round++) {
      long nowMillis = round * QueueLocks.LEASE_MILLIS;
      assertThat(locks.lock("G" + round, "a", all, nowMillis)).hasSize(QueueLocks.MAX_LOCKS);
      assertThat(locks.lock("other", "a", List.of(Q0), nowMillis)).isEmpty();
    }
  }
}
