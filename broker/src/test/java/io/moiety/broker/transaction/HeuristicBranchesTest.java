package io.moiety.broker.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.SystemRecord.BranchDecided;
import io.moiety.broker.store.SystemRecord.BranchPrepared;
import io.moiety.broker.store.SystemRecord.Decision;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.PropertyNames;
import java.nio.file.Path;
import java.util.List;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an administrator decides in place of the transaction manager, until it is forgotten. */
class HeuristicBranchesTest {
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
  void aHeuristicOutcomeIsTheTransactionManagersUntilItIsForgotten() {
    BranchXid xid = bench.xid(1);
    bench.store.store.record(
        new BranchDecided(
            xid, 77, Decision.HEURISTIC_COMMIT, "test", bench.store.now(), List.of(), List.of()));
    bench.flush();
    assertThat(bench.recovered()).containsExactly(xid);
    bench.commit(xid);
    bench.assertLastRefusedWith(XAException.XA_HEURCOM);
    bench.forget(xid);
    bench.flush();
    assertThat(bench.answers.get(1)).isEqualTo(new XaAnswer.Ok());
    bench.reopen();
    assertThat(bench.recovered()).isEmpty();
    bench.commit(xid);
    bench.assertLastRefusedWith(XAException.XAER_NOTA);
  }

  @Test
  void anAdministratorsCommitOfAPreparedBranchIsHeuristicAndRecordedWithWho() {
    BranchXid xid = bench.preparedBranch(1, "orders");
    bench.decideHeuristically(xid, true, "administrator ann");
    assertThat(bench.told).isEmpty();
    bench.flush();
    assertThat(bench.told).containsExactly(new AdministratorAnswer.Done("HEURISTIC_COMMIT"));
    assertThat(bench.served("orders")).containsExactly("orders1");
    bench.reopen();
    assertThat(bench.recovered()).containsExactly(xid);
    assertThat(bench.store.decided.outcome(xid).orElseThrow().decided().decidedBy())
        .isEqualTo("administrator ann");

    bench.commit(xid);
    bench.assertLastRefusedWith(XAException.XA_HEURCOM);
    bench.rollback(xid);
    bench.assertLastRefusedWith(XAException.XA_HEURCOM);
    bench.assertStartRefusedWith(xid, XAResource.TMNOFLAGS, XAException.XAER_DUPID);
    bench.decideHeuristically(xid, false, "administrator bob");
    assertThat(bench.told.get(1)).isInstanceOf(AdministratorAnswer.Refused.class);
  }

  @Test
  void anAdministratorsRollbackOfAPreparedBranchIsHeuristicUntilItIsForgotten() {
    BranchXid xid = bench.preparedBranch(1, "orders");
    bench.decideHeuristically(xid, false, "administrator ann");
    bench.flush();
    bench.commit(xid);
    bench.assertLastRefusedWith(XAException.XA_HEURRB);
    bench.store.wallMillis.addAndGet(2 * RememberedOutcomes.REMEMBER_MILLIS);
    BranchXid later = bench.preparedBranch(2, "orders");
    bench.rollback(later);
    bench.flush();
    bench.commit(xid);
    bench.assertLastRefusedWith(XAException.XA_HEURRB);
    bench.forget(xid);
    bench.flush();
    bench.commit(xid);
    bench.assertLastRefusedWith(XAException.XAER_NOTA);
    assertThat(bench.served("orders")).isEmpty();
  }

  @Test
  void anAdministratorRollsBackAnActiveBranchAndCannotCommitIt() {
    BranchXid xid = bench.endedBranch(1, "orders");
    bench.decideHeuristically(xid, true, "administrator ann");
    assertThat(bench.told.get(0)).isInstanceOf(AdministratorAnswer.Refused.class);
    bench.decideHeuristically(xid, false, "administrator ann");
    assertThat(bench.told.get(1)).isEqualTo(new AdministratorAnswer.Done("ROLLBACK_ONLY"));
    bench.prepare(xid, 1, 0);
    bench.assertLastRefusedWith(XAException.XA_RBOTHER);
    bench.flush();
    assertThat(bench.served("orders")).isEmpty();
  }

  @Test
  void aHeuristicCommitIsForgottenOnlyWhenItIsComplete() {
    BranchXid xid = bench.endedBranchWhoseSecondMessageCannotBeRead();
    bench.prepare(xid, 2, 0);
    bench.decideHeuristically(xid, true, "ann");
    bench.flush();
    bench.commit(xid);
    bench.assertLastRefusedWith(XAException.XAER_RMFAIL);
    bench.forget(xid);
    bench.assertLastRefusedWith(XAException.XAER_RMFAIL);
    assertThat(bench.recovered()).containsExactly(xid);
  }

  @Test
  void aHeuristicCommitThatACrashCutOffIsCompletedBeforeItIsForgotten() {
    BranchXid xid = bench.preparedBranch(1, "orders");
    BranchPrepared prepared = bench.store.decided.prepared(xid).orElseThrow();
    bench.recordOnlyTheDecision(prepared, Decision.HEURISTIC_COMMIT);
    bench.forget(xid);
    bench.flush();
    assertThat(bench.answers).containsExactly(new XaAnswer.Ok());
    assertThat(bench.served("orders")).containsExactly("orders1");
    List<SystemRecord> base = bench.base();
    assertThat(base).isEmpty();
  }

  @Test
  void aBaseSaysHeuristicOutcomesUntilTheyAreForgotten() {
    BranchXid committed = bench.preparedBranch(1, "orders");
    BranchXid rolledBack = bench.preparedBranch(2, "orders");
    bench.decideHeuristically(committed, true, "ann");
    bench.decideHeuristically(rolledBack, false, "ann");
    bench.flush();
    bench.replayOnlyTheBase();
    assertThat(bench.recovered()).containsExactly(committed, rolledBack);
    bench.commit(committed);
    bench.assertLastRefusedWith(XAException.XA_HEURCOM);
    bench.rollback(rolledBack);
    bench.assertLastRefusedWith(XAException.XA_HEURRB);

    bench.forget(committed);
    bench.flush();
    bench.replayOnlyTheBase();
    assertThat(bench.recovered()).containsExactly(rolledBack);
  }

  @Test
  void anAdministratorForgetsAHeuristicOutcomeAndTheLogSaysWho() {
    BranchXid xid = bench.preparedBranch(1, "orders");
    bench.forgetHeuristic(xid, "administrator ann");
    assertThat(bench.told.get(0)).isInstanceOf(AdministratorAnswer.Refused.class);
    bench.forgetHeuristic(bench.xid(2), "administrator ann");
    assertThat(bench.told.get(1)).isInstanceOf(AdministratorAnswer.NotFound.class);

    bench.decideHeuristically(xid, false, "administrator ann");
    bench.flush();
    long position = bench.store.store.endPosition();
    bench.forgetHeuristic(xid, "administrator bob");
    assertThat(bench.told).hasSize(3);
    bench.flush();
    assertThat(bench.told.get(3)).isEqualTo(new AdministratorAnswer.Done("FORGOTTEN"));
    assertThat(bench.store.find(position).property(PropertyNames.DECIDED_BY))
        .contains("administrator bob");
    bench.reopen();
    assertThat(bench.recovered()).isEmpty();
    bench.forgetHeuristic(xid, "administrator bob");
    assertThat(bench.told.get(4)).isInstanceOf(AdministratorAnswer.NotFound.class);
  }
}
