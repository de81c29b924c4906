package io.moiety.broker.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.store.Journal.Logged;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When producers are asked what became of their half messages, and what counts. */
class CheckBackTest {
  @TempDir Path directory;
  private HalfBench bench;

  @BeforeEach
  void open() {
    bench = HalfBench.open(directory);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void halfMessagesOfAnEarlierRunAreReadBeforeTheyAreAskedAbout() {
    bench.half("a");
    bench.half("b");
    bench.store.flush();
    bench.reopen();
    bench.store.readers.hold();
    bench.store.wallMillis.addAndGet(6_000);
    bench.checkBack.run(bench.store.now());
    assertThat(bench.checks).isEmpty();
    assertThat(bench.checkBack.nextDueMillis()).isEqualTo(Long.MAX_VALUE);
    assertThat(bench.store.readers.waiting()).isEqualTo(1);
    bench.store.readers.readOne();
    bench.checkBack.run(bench.store.now());
    assertThat(bench.checks).hasSize(2);
  }

  @Test
  void whatWasReadForThatIsAskedAboutBeforeAnythingElseIsRead() {
    for (int i = 0; i < 2 * HalfChunk.MAX_HALVES; i++) {
      bench.half("half message " + i);
    }
    bench.store.flush();
    bench.reopen();
    bench.store.readers.hold();
    bench.store.wallMillis.addAndGet(6_000);
    bench.checkBack.run(bench.store.now());
    assertThat(bench.store.readers.waiting()).isEqualTo(1);
    bench.store.readers.readOne();
    bench.checkBack.run(bench.store.now());
    assertThat(bench.checks).isNotEmpty();
    assertThat(bench.store.readers.waiting()).isZero();
  }

  @Test
  void anImmunityForEverIsOneOfAYear() {
    bench.half(
        "a",
        MessageProperties.empty().with(PropertyNames.CHECK_IMMUNITY_SECONDS, "9223372036854775"));
    assertThat(bench.store.halves.nextCheckMillis())
        .isEqualTo(bench.store.now() + TimeUnit.DAYS.toMillis(365));
    assertThat(bench.store.halves.toCheckUntil(bench.store.now(), 9)).isEmpty();
  }

  @Test
  void aDamagedHalfMessageDoesNotKeepTheOthersFromBeingAskedAbout() throws IOException {
    Logged damaged = bench.half("a");
    bench.half("b");
    bench.store.flush();
    TestStore.damage(directory, damaged.position());
    bench.store.wallMillis.addAndGet(6_000);
    bench.checkBack.run(bench.store.now());
    assertThat(bench.checks).hasSize(1);
  }

  @Test
  void producersAreAskedOnlyAfterTheImmunityTime() {
    bench.half("a");
    bench.store.flush();
    bench.store.wallMillis.addAndGet(5_999);
    bench.checkBack.run(bench.store.now());
    assertThat(bench.checks).isEmpty();
    bench.store.wallMillis.addAndGet(1);
    bench.checkBack.run(bench.store.now());
    assertThat(bench.checks).hasSize(1);
    RecordView asked = RecordView.of(bench.checks.get(0).body());
    assertThat(asked.topic()).isEqualTo("orders");
    assertThat(asked.property(PropertyNames.TRANSACTION_CHECK_TIMES)).contains("1");
  }

  @Test
  void timeWithoutProducersDoesNotCountTowardsTheMaximum() {
    bench.half("a");
    bench.store.flush();
    bench.producerConnected = false;
    for (int i = 0; i < 10 * HalfBench.MAX_CHECKS; i++) {
      bench.store.wallMillis.addAndGet(30_000);
      bench.checkBack.run(bench.store.now());
    }
    bench.producerConnected = true;
    bench.store.wallMillis.addAndGet(30_000);
    bench.checkBack.run(bench.store.now());
    assertThat(bench.checks).hasSize(1);
    assertThat(bench.store.halves.openCount()).isEqualTo(1);
  }

  @Test
  void deliveredChecksAreCountedOverARestart() {
    bench.half("a");
    bench.store.flush();
    bench.store.wallMillis.addAndGet(30_000);
    bench.checkBack.run(bench.store.now());
    bench.store.flush();
    long later = bench.store.now();
    bench.reopen();
    bench.store.wallMillis.set(later);
    bench.askInVain();
    assertThat(bench.checks).hasSize(HalfBench.MAX_CHECKS);
  }

  @Test
  void aCheckThatFoundTheTransactionActiveDoesNotCountAndIsTakenBackOnce() {
    Logged half = bench.half("a");
    bench.store.flush();
    for (int i = 0; i < 5 * HalfBench.MAX_CHECKS; i++) {
      bench.store.wallMillis.addAndGet(HalfBench.LONG_MILLIS / 2);
      bench.checkBack.run(bench.store.now());
      assertThat(bench.checkBack.stillActive(bench.target(half, "a"), Resolver.Claimant.ANYBODY, 1))
          .isEmpty();
      assertThat(bench.checkBack.stillActive(bench.target(half, "a"), Resolver.Claimant.ANYBODY, 1))
          .isEmpty();
    }
    assertThat(bench.checks).hasSize(5 * HalfBench.MAX_CHECKS);
    assertThat(bench.checks)
        .allSatisfy(
            check ->
                assertThat(
                        RecordView.of(check.body()).property(PropertyNames.TRANSACTION_CHECK_TIMES))
                    .contains("1"));
    assertThat(bench.store.halves.openCount()).isEqualTo(1);
    bench.store.wallMillis.addAndGet(HalfBench.LONG_MILLIS);
    bench.checkBack.run(bench.store.now());
    assertThat(bench.checkBack.stillActive(bench.target(half, "b"), Resolver.Claimant.ANYBODY, 1))
        .isPresent();
    assertThat(bench.store.halves.find(half.position()).orElseThrow().checks()).isEqualTo(1);
  }

  @Test
  void theTimeInWhichTheBrokerWasDownOrBusyIsNobodysAbsence() {
    bench.half("a");
    bench.store.flush();
    bench.producerConnected = false;
    bench.lookUntil(bench.store.now() + 2 * HalfBench.INTERVAL_MILLIS);
    bench.store.wallMillis.addAndGet(2 * HalfBench.UNASKED_MILLIS);
    bench.checkBack.run(bench.store.now());
    assertThat(bench.store.halves.openCount()).isEqualTo(1);

    long later = bench.store.now() + 2 * HalfBench.UNASKED_MILLIS;
    bench.reopen();
    bench.store.wallMillis.set(later);
    bench.checkBack.run(bench.store.now());
    assertThat(bench.store.halves.openCount()).isEqualTo(1);
    bench.producerConnected = true;
    bench.lookUntil(later + HalfBench.INTERVAL_MILLIS);
    assertThat(bench.checks).hasSize(1);
  }
}
