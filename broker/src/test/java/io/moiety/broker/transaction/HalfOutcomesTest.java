package io.moiety.broker.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.log.PutStatus;
import io.moiety.broker.store.Journal.Logged;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of half messages, and when. */
class HalfOutcomesTest {
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
  void anOutcomeThatIsNotDurableIsNotTold() {
    Logged half = bench.half("a");
    bench.store.flush();
    assertThat(bench.outcome(half)).isEqualTo(HalfState.OPEN);
    bench.resolver.resolve(bench.target(half, "a"), true, bench.store.now(), bench.answers::add);
    List<HalfOutcomes.Answer> told = new ArrayList<>();
    bench.outcomes.outcome(List.of(half.position()), told::add);
    assertThat(told).isEmpty();
    bench.store.flush();
    assertThat(told).containsExactly(new HalfOutcomes.Answer.Known(HalfState.COMMITTED));
  }

  @Test
  void anOutcomeThatTheDiskDoesNotConfirmIsNotTakenForAForgottenOne() {
    Logged half = bench.half("a");
    bench.resolver.resolve(bench.target(half, "a"), true, bench.store.now(), bench.answers::add);
    List<HalfOutcomes.Answer> told = new ArrayList<>();
    bench.outcomes.outcome(List.of(half.position()), told::add);
    bench.store.wallMillis.addAndGet(HalfBench.LONG_MILLIS);
    bench.store.store.publish(bench.store.now());
    assertThat(told)
        .containsExactly(new HalfOutcomes.Answer.NotDurable(PutStatus.FLUSH_DISK_TIMEOUT));
  }

  @Test
  void ofATransactionSentTwiceACommitCountsMostAndAnUnknownEndMoreThanARollback() {
    Logged rolledBack = bench.half("a");
    Logged committed = bench.half("b");
    bench.resolve(rolledBack, "a", false);
    bench.resolve(committed, "b", true);
    List<HalfOutcomes.Answer> told = new ArrayList<>();
    bench.outcomes.outcome(List.of(rolledBack.position(), committed.position()), told::add);
    bench.outcomes.outcome(List.of(rolledBack.position(), 1L), told::add);
    bench.outcomes.outcome(List.of(), told::add);
    assertThat(told)
        .containsExactly(
            new HalfOutcomes.Answer.Known(HalfState.COMMITTED),
            new HalfOutcomes.Answer.Known(HalfState.UNKNOWN),
            new HalfOutcomes.Answer.Known(HalfState.UNKNOWN));
  }
}
