package io.moiety.broker.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.SystemRecord.Decision;
import io.moiety.protocol.BranchXid;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.transaction.xa.XAException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a restart and a base know of branches, and what a transaction manager finds by it. */
class BranchRecoveryTest {
  @TempDir Path directory;
  private BranchBench bench;

  @BeforeEach
  void open() {
    bench = BranchBench.open(directory);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void aPreparedBranchSurvivesARestartAndIsCommittedThenOnce() {
    BranchXid xid = bench.endedBranch(1, "orders", "shipments");
    bench.prepare(xid, 2, 0);
    bench.flush();
    bench.reopen();
    assertThat(bench.served("orders")).isEmpty();
    assertThat(bench.recovered()).containsExactly(xid);

    bench.commit(xid);
    bench.commit(xid);
    bench.flush();
    bench.reopen();
    assertThat(bench.answers).containsOnly(new XaAnswer.Ok());
    assertThat(bench.served("orders")).containsExactly("orders1");
    assertThat(bench.served("shipments")).containsExactly("shipments1");
    assertThat(bench.recovered()).isEmpty();
  }

  @Test
  void aPreparedBranchWhoseXidWasDecidedBeforeIsStillPreparedAfterABase() {
    BranchXid xid = bench.preparedBranch(1, "orders");
    bench.commit(xid);
    assertThat(bench.preparedBranch(1, "shipments")).isEqualTo(xid);
    List<SystemRecord> base = bench.base();

    DecidedBranches replayed = new DecidedBranches();
    base.forEach(fact -> replayed.applyFact(fact, BranchBench.noRecord()));
    assertThat(replayed.state()).isEqualTo(bench.store.decided.state());
    assertThat(replayed.inDoubtAfter("", 10)).containsExactly(xid);

    DecidedBranches replayedInAnotherOrder = new DecidedBranches();
    Collections.reverse(base);
    base.forEach(fact -> replayedInAnotherOrder.applyFact(fact, BranchBench.noRecord()));
    assertThat(replayedInAnotherOrder.state()).isEqualTo(bench.store.decided.state());
  }

  @Test
  void whatWasNotPreparedIsForgottenByARestart() {
    BranchXid xid = bench.endedBranch(1, "orders");
    bench.flush();
    bench.reopen();
    bench.commit(xid);
    bench.assertLastRefusedWith(XAException.XAER_NOTA);
    assertThat(bench.served("orders")).isEmpty();
  }

  @Test
  void aDecisionThatACrashCutOffFromItsMessagesIsCompletedAfterReplay() {
    BranchXid xid = bench.endedBranch(1, "orders", "orders", "orders");
    Branch branch = bench.store.branches.find(xid).orElseThrow();
    bench.recordOnlyTheDecision(branch, Decision.COMMIT);
    bench.store.completion.complete(
        branch.sends().get(1).position(), branch.sends().get(1).sizeBytes(), bench.store.now());
    bench.flush();
    bench.reopen();
    assertThat(bench.served("orders")).hasSize(3);
    bench.reopen();
    assertThat(bench.served("orders")).hasSize(3);
  }

  @Test
  void aPreparedBranchThatIsRolledBackRefusesALaterCommit() {
    BranchXid xid = bench.endedBranch(1, "orders");
    bench.prepare(xid, 1, 0);
    bench.rollback(xid);
    bench.flush();
    bench.reopen();
    bench.commit(xid);
    bench.assertLastRefusedWith(XAException.XA_RBROLLBACK);
    assertThat(bench.served("orders")).isEmpty();
  }

  @Test
  void incarnationsOfARestartedBrokerAreNew() {
    long before = bench.store.start(bench.xid(1));
    bench.flush();
    bench.reopen();
    assertThat(bench.store.start(bench.xid(1))).isGreaterThan(before);
  }

  @Test
  void recoverGoesOnBehindTheLastOfThePageBefore() {
    List<BranchXid> prepared = new ArrayList<>();
    for (int i = 1; i <= 7; i++) {
      prepared.add(bench.preparedBranch(i, "orders"));
    }
    bench.decideHeuristically(prepared.get(3), true, "administrator ann");
    List<BranchXid> found = new ArrayList<>();
    Optional<BranchXid> after = Optional.empty();
    do {
      List<BranchXid> page = bench.store.questions.recover(after, 3);
      found.addAll(page);
      after = page.size() < 3 ? Optional.empty() : Optional.of(page.get(2));
    } while (after.isPresent());
    assertThat(found).containsExactlyInAnyOrderElementsOf(prepared);
  }

  @Test
  void whatADecisionDemandsIsReadAheadAndAppendedABoundedNumberAtATime() {
    BranchXid xid = bench.endedBranch(1, Collections.nCopies(150, "orders").toArray(String[]::new));
    bench.recordOnlyTheDecision(bench.store.branches.find(xid).orElseThrow(), Decision.COMMIT);
    bench.flush();
    bench.reopenWithoutCompleting();
    TestStore store = bench.store;
    store.readers.hold();
    Set<Integer> appended = new LinkedHashSet<>();
    while (!store.decided.incomplete().isEmpty() && appended.size() < 10) {
      store.unfinished.run(store.now());
      bench.flush();
      appended.add(bench.served("orders").size());
      if (store.readers.waiting() > 0) {
        assertThat(store.unfinished.nextDueMillis()).isEqualTo(Long.MAX_VALUE);
        store.readers.readOne();
      }
    }
    assertThat(appended).containsExactly(0, 64, 128, 150);
    assertThat(store.decided.incomplete()).isEmpty();
    assertThat(store.unfinished.nextDueMillis()).isEqualTo(Long.MAX_VALUE);
  }
}
