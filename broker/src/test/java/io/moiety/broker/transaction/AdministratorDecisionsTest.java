package io.moiety.broker.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.log.PutStatus;
import io.moiety.broker.store.Journal.Logged;
import io.moiety.broker.transaction.AdministratorDecisions.Verdict;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What administrators see of half messages and decide of them. */
class AdministratorDecisionsTest {
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
  void whatWasParkedIsResumedUnderItsOldNamesAndAskedAboutAnew() {
    Logged half = bench.half("a");
    bench.half("b");
    bench.store.flush();
    bench.askInVain();
    bench.checks.clear();
    assertThat(bench.decide(half, Verdict.RESUME))
        .containsExactly(new AdministratorAnswer.Done("OPEN"));
    long later = bench.store.now();
    bench.reopen();
    bench.store.wallMillis.set(later + HalfBench.LONG_MILLIS);
    bench.checkBack.run(bench.store.now());
    assertThat(bench.checks).hasSize(1);
    assertThat(bench.checks.get(0).fields().requiredLong("commitLogOffset"))
        .isEqualTo(half.position());
    assertThat(bench.checks.get(0).fields().requiredLong("tranStateTableOffset"))
        .isEqualTo(half.queueOffset());
    RecordView asked = RecordView.of(bench.checks.get(0).body());
    assertThat(asked.property(PropertyNames.TRANSACTION_CHECK_TIMES)).contains("1");
    assertThat(asked.position()).isEqualTo(half.position());
    assertThat(asked.property(PropertyNames.RESUMED)).isEmpty();

    bench.resolve(half, "a", true);
    bench.resolve(half, "a", true);
    assertThat(bench.answers)
        .hasSize(2)
        .containsOnly(new Resolver.Answer.Resolved(PutStatus.PUT_OK));
    bench.reopen();
    assertThat(bench.store.served("orders")).containsExactly("a");
    assertThat(bench.outcome(half)).isEqualTo(HalfState.COMMITTED);
  }

  @Test
  void whatWasResumedIsParkedAgainAndResumedAgain() {
    Logged half = bench.half("a");
    bench.store.flush();
    for (int i = 0; i < 3; i++) {
      bench.askInVain();
      assertThat(bench.outcome(half)).isEqualTo(HalfState.PARKED);
      assertThat(bench.decide(half, Verdict.RESUME))
          .containsExactly(new AdministratorAnswer.Done("OPEN"));
    }
    assertThat(bench.decide(half, Verdict.RESUME).get(0))
        .isInstanceOf(AdministratorAnswer.Refused.class);
    bench.resolve(half, "a", false);
    assertThat(bench.outcome(half)).isEqualTo(HalfState.ROLLED_BACK);
    assertThat(bench.decide(half, Verdict.RESUME).get(0))
        .isInstanceOf(AdministratorAnswer.Refused.class);
    assertThat(bench.store.served("orders")).isEmpty();
  }

  @Test
  void anAdministratorDecidesAParkedMessageAndTheLogSaysWho() {
    Logged half = bench.half("a");
    bench.store.flush();
    bench.askInVain();
    List<AdministratorAnswer> told = new ArrayList<>();
    bench.administrator.decide(
        new TransactionId.Half(half.position()),
        Verdict.COMMIT,
        "ann",
        bench.store.now(),
        told::add);
    assertThat(told).isEmpty();
    bench.store.flush();
    assertThat(told).containsExactly(new AdministratorAnswer.Done("COMMITTED"));
    bench.reopen();
    assertThat(bench.store.served("orders")).containsExactly("a");
    assertThat(bench.resolution(half).property(PropertyNames.DECIDED_BY)).contains("ann");
    assertThat(bench.resolution(half).property(PropertyNames.RESUMED)).isEmpty();
    assertThat(bench.decide(half, Verdict.ROLLBACK).get(0))
        .isInstanceOf(AdministratorAnswer.Refused.class);
  }

  @Test
  void anAdministratorsRollbackOfAnOpenMessageIsFinalAndTheLogSaysWho() {
    Logged half = bench.half("a");
    bench.store.flush();
    assertThat(bench.decide(half, Verdict.ROLLBACK))
        .containsExactly(new AdministratorAnswer.Done("ROLLED_BACK"));
    assertThat(bench.resolution(half).property(PropertyNames.DECIDED_BY)).contains("ann");
    assertThat(bench.decide(half, Verdict.ROLLBACK))
        .containsExactly(new AdministratorAnswer.Done("ROLLED_BACK"));
    bench.resolve(half, "a", true);
    assertThat(bench.answers).hasSize(1).hasOnlyElementsOfType(Resolver.Answer.Refused.class);
    assertThat(bench.store.served("orders")).isEmpty();
  }

  @Test
  void everythingThatWaitsIsListedOncePageByPage() {
    List<Long> parked = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      parked.add(bench.half("p" + i).position());
    }
    bench.store.flush();
    bench.askInVain();
    List<Long> open = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      open.add(bench.half("o" + i).position());
    }
    bench.store.flush();
    assertThat(bench.listed(ListingCursor.Section.OPEN)).containsExactlyElementsOf(open);
    assertThat(bench.listed(ListingCursor.Section.PARKED)).containsExactlyElementsOf(parked);
  }
}
