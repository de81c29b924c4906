package io.moiety.broker.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Positions here are small numbers; nothing is durable beyond 10 unless a test says so. */
class ForceDemandTest {
  private static final long NOW = 1_000;

  private final ForceDemand demand = new ForceDemand(true);

  @Test
  void whatMustBeForcedIsForcedAtTheEndOfItsBatchAndOnce() {
    demand.must(10, 20, 10);
    assertThat(demand.take(NOW, 30, 10)).hasValue(20);
    assertThat(demand.take(NOW, 30, 10)).isEmpty();
  }

  @Test
  void whatNobodyWaitsForIsForcedSoon() {
    demand.soon(20, NOW);
    assertThat(demand.take(NOW, 20, 10)).isEmpty();
    long due = demand.dueMillis();
    assertThat(due).isBetween(NOW + 1, NOW + 10);
    assertThat(demand.take(due, 20, 10)).hasValue(20);
    assertThat(demand.dueMillis()).isEqualTo(Long.MAX_VALUE);
    assertThat(demand.take(due, 20, 10)).isEmpty();
  }

  @Test
  void laterOnesDoNotPutOffTheForceOfEarlierOnes() {
    demand.soon(20, NOW);
    long due = demand.dueMillis();
    demand.soon(30, NOW + 1);
    assertThat(demand.dueMillis()).isEqualTo(due);
  }

  @Test
  void theForceThatSomebodyWaitsForBringsWhatIsBeforeItToo() {
    demand.soon(20, NOW);
    demand.must(20, 30, 10);
    assertThat(demand.take(NOW, 30, 10)).hasValue(30);
    assertThat(demand.dueMillis()).isEqualTo(Long.MAX_VALUE);
    demand.soon(40, NOW + 1);
    assertThat(demand.take(demand.dueMillis(), 40, 30)).hasValue(40);
  }

  @Test
  void whatAnotherForceHasBroughtToTheDiskIsNotForcedAgain() {
    demand.must(10, 20, 10);
    demand.soon(30, NOW);
    assertThat(demand.take(NOW, 30, 10)).hasValue(20);
    long due = demand.dueMillis();
    assertThat(due).isNotEqualTo(Long.MAX_VALUE);
    assertThat(demand.take(due, 30, 30)).isEmpty();
    assertThat(demand.dueMillis()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void nothingBehindIsForcedForOneWhoWaits() {
    demand.soon(20, NOW);
    demand.awaited(15);
    demand.awaited(12);
    assertThat(demand.take(NOW, 40, 10)).hasValue(15);
  }

  @Test
  void everythingIsSeenWhenNothingIsToBeForced() {
    assertThat(demand.servableEnd(10, 30)).isEqualTo(30);
    demand.must(30, 40, 10);
    assertThat(demand.servableEnd(40, 50)).isEqualTo(50);
  }

  @Test
  void whatCameBeforeTheFirstToBeForcedIsSeenMeanwhile() {
    demand.must(30, 40, 10);
    demand.must(60, 70, 10);
    assertThat(demand.servableEnd(10, 80)).isEqualTo(30);
    assertThat(demand.servableEnd(40, 80)).isEqualTo(40);
    assertThat(demand.servableEnd(70, 80)).isEqualTo(80);
  }

  @Test
  void withoutSyncFlushOnlyWhatIsAwaitedIsForced() {
    ForceDemand async = new ForceDemand(false);
    async.must(10, 20, 10);
    async.soon(20, NOW);
    assertThat(async.take(NOW + 100, 20, 10)).isEmpty();
    assertThat(async.dueMillis()).isEqualTo(Long.MAX_VALUE);
    assertThat(async.servableEnd(10, 30)).isEqualTo(30);
    async.awaited(25);
    assertThat(async.take(NOW, 30, 10)).hasValue(25);
  }
}
