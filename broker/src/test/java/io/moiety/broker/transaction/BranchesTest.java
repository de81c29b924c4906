package io.moiety.broker.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.store.AckRange;
import io.moiety.broker.store.Journal.Logged;
import io.moiety.broker.store.SystemRecord.BranchDecided;
import io.moiety.broker.store.SystemRecord.BranchSend;
import io.moiety.broker.store.SystemRecord.Decision;
import io.moiety.protocol.BranchXid;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BranchesTest {
  @TempDir Path directory;
  private TestStore store;
  private final List<XaAnswer> answers = new ArrayList<>();
  private final List<BranchState> states = new ArrayList<>();

  @BeforeEach
  void open() {
    store = TestStore.open(directory);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void reopen() {
    store.close();
    store = TestStore.open(directory);
    store.decisions.completeOpen(store.now());
    store.flush();
  }

  private BranchXid endedBranch(int number, String... topics) {
    BranchXid xid = store.xid(number);
    long incarnation = store.start(xid);
    for (int i = 0; i < topics.length; i++) {
      store.send(xid, incarnation, i + 1, topics[i], topics[i] + number);
    }
    assertThat(store.branches.end(xid, incarnation, XAResource.TMSUCCESS)).isEmpty();
    return xid;
  }

  private void assertLastRefusedWith(int xaError) {
    assertThat(answers.get(answers.size() - 1))
        .isInstanceOfSatisfying(
            XaAnswer.Refused.class,
            refused -> assertThat(refused.refusal().xaError()).isEqualTo(xaError));
  }

  @Test
  void aPreparedBranchIsVotedForOnlyWhenItIsDurable() {
    BranchXid xid = endedBranch(1, "orders");
    store.decisions.prepare(xid, 1, 0, store.now(), answers::add);
    assertThat(answers).isEmpty();
    store.flush();
    assertThat(answers).containsExactly(new XaAnswer.Ok());
  }

  @Test
  void aPreparedBranchSurvivesARestartAndIsCommittedThenOnce() {
    BranchXid xid = endedBranch(1, "orders", "shipments");
    store.decisions.prepare(xid, 2, 0, store.now(), answers::add);
    store.flush();
    reopen();
    assertThat(store.served("orders")).isEmpty();
    assertThat(store.decisions.recover(Optional.empty(), 10)).containsExactly(xid);

    store.decisions.commit(xid, false, -1, -1, store.now(), answers::add);
    store.decisions.commit(xid, false, -1, -1, store.now(), answers::add);
    store.flush();
    reopen();
    assertThat(answers).containsOnly(new XaAnswer.Ok());
    assertThat(store.served("orders")).containsExactly("orders1");
    assertThat(store.served("shipments")).containsExactly("shipments1");
    assertThat(store.decisions.recover(Optional.empty(), 10)).isEmpty();
  }

  @Test
  void whatWasNotPreparedIsForgottenByARestart() {
    BranchXid xid = endedBranch(1, "orders");
    store.flush();
    reopen();
    store.decisions.commit(xid, false, -1, -1, store.now(), answers::add);
    assertLastRefusedWith(XAException.XAER_NOTA);
    assertThat(store.served("orders")).isEmpty();
  }

  @Test
  void aDecisionThatACrashCutOffFromItsMessagesIsCompletedAfterReplay() {
    BranchXid xid = endedBranch(1, "orders", "orders", "orders");
    Branch branch = store.branches.find(xid).orElseThrow();
    store.store.record(
        new BranchDecided(
            xid,
            branch.incarnation(),
            Decision.COMMIT,
            "test",
            store.now(),
            branch.sends(),
            branch.acks()));
    store.completion.complete(
        branch.sends().get(1).position(), branch.sends().get(1).sizeBytes(), store.now());
    store.flush();
    reopen();
    assertThat(store.served("orders")).hasSize(3);
    reopen();
    assertThat(store.served("orders")).hasSize(3);
  }

  @Test
  void aMissingSendMakesPrepareRollBack() {
    BranchXid xid = endedBranch(1, "orders");
    store.decisions.prepare(xid, 2, 0, store.now(), answers::add);
    assertLastRefusedWith(XAException.XA_RBCOMMFAIL);
    store.decisions.rollback(xid, store.now(), answers::add);
    assertLastRefusedWith(XAException.XAER_NOTA);
  }

  @Test
  void aRolledBackBranchGivesItsDeliveriesBackAndNothingIsEverSeen() {
    BranchXid xid = store.xid(1);
    long incarnation = store.start(xid);
    AckRange range = new AckRange("group", "orders", 0, 3, 5);
    store.send(xid, incarnation, 1, "shipments", "one");
    assertThat(store.branches.acknowledge(xid, incarnation, 1, List.of(range))).isEmpty();
    assertThat(store.held).containsExactly(range);
    store.decisions.rollback(xid, store.now(), answers::add);
    store.flush();
    assertThat(answers).containsExactly(new XaAnswer.Ok());
    assertThat(store.givenBack).containsExactly(range);
    assertThat(store.served("shipments")).isEmpty();
  }

  @Test
  void aPreparedBranchThatIsRolledBackRefusesALaterCommit() {
    BranchXid xid = endedBranch(1, "orders");
    store.decisions.prepare(xid, 1, 0, store.now(), answers::add);
    store.decisions.rollback(xid, store.now(), answers::add);
    store.flush();
    reopen();
    store.decisions.commit(xid, false, -1, -1, store.now(), answers::add);
    assertLastRefusedWith(XAException.XA_RBROLLBACK);
    assertThat(store.served("orders")).isEmpty();
  }

  @Test
  void onePhaseCommitDeliversAndIsRemembered() {
    BranchXid xid = endedBranch(1, "orders");
    store.decisions.commit(xid, true, 1, 0, store.now(), answers::add);
    assertThat(store.served("orders")).isEmpty();
    store.flush();
    assertThat(answers).containsExactly(new XaAnswer.Ok());
    assertThat(store.served("orders")).containsExactly("orders1");
    store.decisions.outcome(xid, states::add);
    assertThat(states).containsExactly(BranchState.COMMITTED);
  }

  @Test
  void aLostConnectionRollsItsBranchesBackAndWhoeverAsksHearsThat() {
    BranchXid xid = store.xid(1);
    long incarnation = store.start(xid);
    AckRange range = new AckRange("group", "orders", 0, 3, 5);
    store.send(xid, incarnation, 1, "orders", "one");
    assertThat(store.branches.acknowledge(xid, incarnation, 1, List.of(range))).isEmpty();
    store.branches.connectionLost(1);
    assertThat(store.givenBack).containsExactly(range);
    store.decisions.outcome(xid, states::add);
    assertThat(states).containsExactly(BranchState.ROLLBACK_ONLY);

    store.decisions.commit(xid, true, 1, 1, store.now(), answers::add);
    assertLastRefusedWith(XAException.XA_RBROLLBACK);
    store.decisions.rollback(xid, store.now(), answers::add);
    assertLastRefusedWith(XAException.XAER_NOTA);
    assertThat(store.givenBack).containsExactly(range);
  }

  @Test
  void aBranchWhoseConnectionWasLostIsForgottenAtItsTimeout() {
    BranchXid xid = store.xid(1);
    store.branches.start(xid, XAResource.TMNOFLAGS, 1_000, 1, store.now());
    store.branches.connectionLost(1);
    assertThat(store.branches.find(xid)).isPresent();
    store.wallMillis.addAndGet(1_000);
    store.branches.run(store.now());
    assertThat(store.branches.find(xid)).isEmpty();
  }

  @Test
  void workIsRefusedAfterTheEnd() {
    BranchXid xid = endedBranch(1, "orders");
    long incarnation = store.branches.find(xid).orElseThrow().incarnation();
    assertThat(store.branches.refuseSend(xid, incarnation, 2)).isPresent();
    assertThat(store.branches.refuseSend(xid, incarnation + 1, 2)).isPresent();
  }

  @Test
  void aNumberIsUsedOnceInABranchSinceACompletionGoesByIt() {
    BranchXid xid = store.xid(1);
    long incarnation = store.start(xid);
    store.send(xid, incarnation, 1, "orders", "one");
    assertThat(store.branches.refuseSend(xid, incarnation, 1)).isPresent();
    assertThat(store.branches.refuseSend(xid, incarnation, 2)).isEmpty();
  }

  @Test
  void aBranchThatWouldNotFitARecordIsRefusedBeforeItsPrepare() {
    BranchXid xid = store.xid(1);
    long incarnation = store.start(xid);
    String group = "g".repeat(250);
    Optional<XaRefusal> refusal = Optional.empty();
    for (int i = 0; i < Branch.MAX_PARTS && refusal.isEmpty(); i++) {
      refusal =
          store.branches.acknowledge(
              xid, incarnation, 1, List.of(new AckRange(group, "orders", 0, 2L * i, 2L * i)));
    }
    assertThat(refusal).map(XaRefusal::xaError).contains(XAException.XA_RBROLLBACK);
    assertThat(store.held).hasSizeBetween(1_000, Branch.MAX_PARTS - 1);
  }

  @Test
  void aPreparedBranchIsReportedOnlyWhenItIsDurable() {
    BranchXid xid = endedBranch(1, "orders");
    store.decisions.prepare(xid, 1, 0, store.now(), answers::add);
    store.decisions.outcome(xid, states::add);
    assertThat(states).isEmpty();
    store.flush();
    assertThat(states).containsExactly(BranchState.PREPARED);
  }

  @Test
  void aDecisionWhoseMessagesCannotBeReadIsADecisionAllTheSame() {
    BranchXid xid = store.xid(1);
    long incarnation = store.start(xid);
    Logged half = store.send(xid, incarnation, 1, "orders", "one");
    store.branches.sent(xid, new BranchSend(2, half.position() + 1, half.sizeBytes()), 1);
    assertThat(store.branches.end(xid, incarnation, XAResource.TMSUCCESS)).isEmpty();
    store.decisions.commit(xid, true, 2, 0, store.now(), answers::add);
    assertLastRefusedWith(XAException.XAER_RMFAIL);
    store.flush();
    store.decisions.outcome(xid, states::add);
    assertThat(states).containsExactly(BranchState.COMMITTED);
    store.decisions.completeOpen(store.now());
    store.flush();
    assertThat(store.served("orders")).containsExactly("one");
  }

  @Test
  void aHeuristicOutcomeIsTheTransactionManagersUntilItIsForgotten() {
    BranchXid xid = store.xid(1);
    store.store.record(
        new BranchDecided(
            xid, 77, Decision.HEURISTIC_COMMIT, "test", store.now(), List.of(), List.of()));
    store.flush();
    assertThat(store.decisions.recover(Optional.empty(), 10)).containsExactly(xid);
    store.decisions.commit(xid, false, -1, -1, store.now(), answers::add);
    assertLastRefusedWith(XAException.XA_HEURCOM);
    store.decisions.forget(xid, answers::add);
    store.flush();
    assertThat(answers.get(1)).isEqualTo(new XaAnswer.Ok());
    reopen();
    assertThat(store.decisions.recover(Optional.empty(), 10)).isEmpty();
    store.decisions.commit(xid, false, -1, -1, store.now(), answers::add);
    assertLastRefusedWith(XAException.XAER_NOTA);
  }

  @Test
  void aReadOnlyBranchVotesSoAndIsGone() {
    BranchXid xid = endedBranch(1);
    store.decisions.prepare(xid, 0, 0, store.now(), answers::add);
    assertThat(answers).containsExactly(new XaAnswer.ReadOnly());
    assertThat(store.decisions.recover(Optional.empty(), 10)).isEmpty();
  }

  @Test
  void aBranchThatNobodyEndsIsRolledBackAfterItsTimeout() {
    BranchXid xid = store.xid(1);
    store.branches.start(xid, XAResource.TMNOFLAGS, 1_000, 1, store.now());
    store.wallMillis.addAndGet(999);
    store.branches.run(store.now());
    assertThat(store.branches.find(xid)).isPresent();
    store.wallMillis.addAndGet(1_001);
    store.branches.run(store.now());
    assertThat(store.branches.find(xid)).isEmpty();
  }

  @Test
  void incarnationsOfARestartedBrokerAreNew() {
    long before = store.start(store.xid(1));
    store.flush();
    reopen();
    assertThat(store.start(store.xid(1))).isGreaterThan(before);
  }
}
