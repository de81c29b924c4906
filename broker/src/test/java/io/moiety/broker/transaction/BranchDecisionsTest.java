package io.moiety.broker.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.store.SystemRecord.BranchPrepared;
import io.moiety.broker.store.SystemRecord.Decision;
import io.moiety.protocol.BranchXid;
import java.nio.file.Path;
import javax.transaction.xa.XAException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a transaction manager decides, what becomes of it, and when it hears that. */
class BranchDecisionsTest {
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
  void aPreparedBranchIsVotedForOnlyWhenItIsDurable() {
    BranchXid xid = bench.endedBranch(1, "orders");
    bench.prepare(xid, 1, 0);
    assertThat(bench.answers).isEmpty();
    bench.flush();
    assertThat(bench.answers).containsExactly(new XaAnswer.Ok());
  }

  @Test
  void aPreparedBranchIsReportedOnlyWhenItIsDurable() {
    BranchXid xid = bench.endedBranch(1, "orders");
    bench.prepare(xid, 1, 0);
    bench.ask(xid);
    assertThat(bench.states).isEmpty();
    bench.flush();
    assertThat(bench.states).containsExactly(BranchState.PREPARED);
  }

  @Test
  void aDecisionThatTheDiskDoesNotConfirmIsNotTakenForAForgottenOne() {
    BranchXid xid = bench.endedBranch(1, "orders");
    bench.commitOnePhase(xid, 1, 0);
    bench.ask(xid);
    bench.store.wallMillis.addAndGet(HalfBench.LONG_MILLIS);
    bench.store.store.publish(bench.store.now());
    assertThat(bench.states).isEmpty();
    bench.assertLastRefusedWith(XAException.XAER_RMFAIL);
  }

  @Test
  void aRolledBackBranchGivesItsDeliveriesBackAndNothingIsEverSeen() {
    BranchXid xid = bench.xid(1);
    long incarnation = bench.store.start(xid);
    bench.store.send(xid, incarnation, 1, "shipments", "one");
    bench.acknowledge(xid, incarnation);
    assertThat(bench.store.held).containsExactly(BranchBench.INPUT);
    bench.rollback(xid);
    bench.flush();
    assertThat(bench.answers).containsExactly(new XaAnswer.Ok());
    assertThat(bench.store.givenBack).containsExactly(BranchBench.INPUT);
    assertThat(bench.served("shipments")).isEmpty();
  }

  @Test
  void onePhaseCommitDeliversAndIsRemembered() {
    BranchXid xid = bench.endedBranch(1, "orders");
    bench.commitOnePhase(xid, 1, 0);
    assertThat(bench.served("orders")).isEmpty();
    bench.flush();
    assertThat(bench.answers).containsExactly(new XaAnswer.Ok());
    assertThat(bench.served("orders")).containsExactly("orders1");
    bench.ask(xid);
    assertThat(bench.states).containsExactly(BranchState.COMMITTED);
  }

  @Test
  void aDecisionWhoseMessagesCannotBeReadIsADecisionAllTheSame() {
    BranchXid xid = bench.endedBranchWhoseSecondMessageCannotBeRead();
    bench.commitOnePhase(xid, 2, 0);
    bench.assertLastRefusedWith(XAException.XAER_RMFAIL);
    bench.flush();
    bench.ask(xid);
    assertThat(bench.states).containsExactly(BranchState.COMMITTED);
    bench.store.completeDue();
    bench.flush();
    assertThat(bench.served("orders")).containsExactly("one");
  }

  @Test
  void aRepeatedCommitIsAnsweredOnlyWhenTheMessagesThatWereMissingAreDurable() {
    BranchXid xid = bench.preparedBranch(1, "orders", "orders");
    BranchPrepared prepared = bench.store.decided.prepared(xid).orElseThrow();
    bench.recordOnlyTheDecision(prepared, Decision.COMMIT);
    bench.flush();
    bench.commit(xid);
    assertThat(bench.answers).isEmpty();
    assertThat(bench.served("orders")).isEmpty();
    bench.flush();
    assertThat(bench.answers).containsExactly(new XaAnswer.Ok());
    assertThat(bench.served("orders")).hasSize(2);
    bench.commit(xid);
    bench.flush();
    assertThat(bench.served("orders")).hasSize(2);
  }

  @Test
  void aRepeatedCommitWhoseMessagesCannotBeReadIsNotAnsweredAsComplete() {
    BranchXid xid = bench.endedBranchWhoseSecondMessageCannotBeRead();
    bench.commitOnePhase(xid, 2, 0);
    bench.flush();
    bench.commitOnePhase(xid, 2, 0);
    bench.assertLastRefusedWith(XAException.XAER_RMFAIL);
    bench.flush();
    assertThat(bench.answers).hasSize(2);
  }

  @Test
  void aCommitIsNotAnsweredByTheForceOfItsDecisionAlone() {
    BranchXid xid = bench.preparedBranch(1, "orders");
    bench.commit(xid);
    bench.commit(xid);
    assertThat(bench.answers).isEmpty();
    assertThat(bench.store.decided.outcome(xid).orElseThrow().endPosition())
        .isEqualTo(bench.store.store.endPosition());
    bench.flush();
    assertThat(bench.answers).containsExactly(new XaAnswer.Ok(), new XaAnswer.Ok());
  }

  @Test
  void aBranchIsDecidedForGoodHoweverItsCompletionEnds() {
    BranchXid xid = bench.preparedBranchWithAnOddMessage(1, "orders");
    bench.commit(xid);
    bench.assertLastRefusedWith(XAException.XAER_RMFAIL);
    bench.flush();
    bench.rollback(xid);
    bench.assertLastRefusedWith(XAException.XAER_PROTO);
    bench.ask(xid);
    assertThat(bench.states).containsExactly(BranchState.COMMITTED);
    assertThat(bench.served("orders")).containsExactly("orders1");
  }
}
