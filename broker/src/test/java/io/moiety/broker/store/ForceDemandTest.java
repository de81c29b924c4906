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
    assertThat(demand.take(NOW, 30)).hasValue(20);
    assertThat(demand.take(NOW, 30)).isEmpty();
  }

  @Test
  void whatNobodyWaitsForIsForcedSoon() {
    demand.soon(NOW);
    assertThat(demand.take(NOW, 20)).isEmpty();
    long due = demand.dueMillis();
    assertThat(due).isBetween(NOW + 1, NOW + 10);
    assertThat(demand.take(due, 20)).hasValue(20);
    assertThat(demand.dueMillis()).isEqualTo(Long.MAX_VALUE);
    assertThat(demand.take(due, 20)).isEmpty();
  }

  @Test
  void laterOnesDoNotPutOffTheForceOfEarlierOnes() {
    demand.soon(NOW);
    long due = demand.dueMillis();
    demand.soon(NOW + 1);
    assertThat(demand.dueMillis()).isEqualTo(due);
  }

  @Test
  void nothingBehindIsForcedForOneWhoWaits() {
    demand.soon(NOW);
    demand.awaited(15);
    demand.awaited(12);
    assertThat(demand.take(NOW, 40)).hasValue(15);
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
    async.soon(NOW);
    assertThat(async.take(NOW + 100, 20)).isEmpty();
    assertThat(async.dueMillis()).isEqualTo(Long.MAX_VALUE);
    assertThat(async.servableEnd(10, 30)).isEqualTo(30);
    async.awaited(25);
    assertThat(async.take(NOW, 30)).hasValue(25);
  }
}
