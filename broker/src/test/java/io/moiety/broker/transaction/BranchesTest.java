package io.moiety.broker.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.broker.config.DelayLevels;
import io.moiety.broker.delay.DelayRouting;
import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.log.Appended;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.store.AckRange;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.Journal.Logged;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.SystemRecord.BranchDecided;
import io.moiety.broker.store.SystemRecord.BranchPrepared;
import io.moiety.broker.store.SystemRecord.BranchSend;
import io.moiety.broker.store.SystemRecord.Decision;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.RecordDraft;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
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
    store.branchCompletion.completeOpen(store.now());
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
  void whatAllUndecidedBranchesHaveIsBounded() {
    Branches few = new Branches(store.decided, new Incarnations(7), store, 3);
    BranchXid prepared = endedBranch(1, "orders");
    store.decisions.prepare(prepared, 1, 0, store.now(), answers::add);
    long first = started(few, store.xid(2));
    few.sent(store.xid(2), new BranchSend(1, 0, 100), 1);
    few.sent(store.xid(2), new BranchSend(2, 100, 100), 1);

    XaRefusal refusal = few.refuseSend(store.xid(2), first, 3).orElseThrow();
    assertThat(refusal.xaError()).isEqualTo(XAException.XA_RBROLLBACK);
    assertThat(refusal.reason()).contains("have 3 messages", "3 are allowed");
    long second = started(few, store.xid(3));
    few.abandon(few.find(store.xid(2)).orElseThrow());
    assertThat(few.refuseSend(store.xid(3), second, 1)).isEmpty();
    few.sent(store.xid(3), new BranchSend(1, 0, 100), 1);
    few.sent(store.xid(3), new BranchSend(2, 100, 100), 1);
    long third = started(few, store.xid(4));
    assertThat(few.refuseSend(store.xid(4), third, 1)).isPresent();

    store.decisions.rollback(prepared, store.now(), answers::add);
    store.flush();
    assertThat(store.decided.preparedParts()).isZero();
    long fourth = started(few, store.xid(5));
    assertThat(few.refuseSend(store.xid(5), fourth, 1)).isEmpty();
    reopen();
    assertThat(store.decided.preparedParts()).isZero();
  }

  private long started(Branches branches, BranchXid xid) {
    return ((Branches.StartAnswer.Started)
            branches.start(xid, XAResource.TMNOFLAGS, 0, 1, store.now()))
        .incarnation();
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
    assertThat(store.questions.recover(Optional.empty(), 10)).containsExactly(xid);

    store.decisions.commit(xid, store.now(), answers::add);
    store.decisions.commit(xid, store.now(), answers::add);
    store.flush();
    reopen();
    assertThat(answers).containsOnly(new XaAnswer.Ok());
    assertThat(store.served("orders")).containsExactly("orders1");
    assertThat(store.served("shipments")).containsExactly("shipments1");
    assertThat(store.questions.recover(Optional.empty(), 10)).isEmpty();
  }

  @Test
  void aPreparedBranchWhoseXidWasDecidedBeforeIsStillPreparedAfterABase() {
    BranchXid xid = preparedBranch(1, "orders");
    store.decisions.commit(xid, store.now(), answers::add);
    assertThat(preparedBranch(1, "shipments")).isEqualTo(xid);
    List<SystemRecord> base = new ArrayList<>();
    store.decided.sayFacts(base::add);

    DecidedBranches replayed = new DecidedBranches();
    base.forEach(fact -> replayed.applyFact(fact, noRecord()));
    assertThat(replayed.state()).isEqualTo(store.decided.state());
    assertThat(replayed.inDoubtAfter("", 10)).containsExactly(xid);

    DecidedBranches replayedInAnotherOrder = new DecidedBranches();
    Collections.reverse(base);
    base.forEach(fact -> replayedInAnotherOrder.applyFact(fact, noRecord()));
    assertThat(replayedInAnotherOrder.state()).isEqualTo(store.decided.state());
  }

  private static LoggedRecord noRecord() {
    return new LoggedRecord(
        "none", 0, 0, 0, 0, 0, 0, 0, 0, MessageProperties.empty(), ByteBuffer.allocate(0));
  }

  @Test
  void whatWasNotPreparedIsForgottenByARestart() {
    BranchXid xid = endedBranch(1, "orders");
    store.flush();
    reopen();
    store.decisions.commit(xid, store.now(), answers::add);
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
  void anotherIncarnationOfABranchIsNotPrepared() {
    BranchXid xid = endedBranch(1, "orders");
    long incarnation = store.branches.find(xid).orElseThrow().incarnation();
    store.decisions.prepare(xid, incarnation + 1, 1, 0, store.now(), answers::add);
    assertLastRefusedWith(XAException.XAER_NOTA);
    store.decisions.prepare(xid, incarnation, 1, 0, store.now(), answers::add);
    store.flush();
    assertThat(answers.get(1)).isEqualTo(new XaAnswer.Ok());
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
    store.decisions.commit(xid, store.now(), answers::add);
    assertLastRefusedWith(XAException.XA_RBROLLBACK);
    assertThat(store.served("orders")).isEmpty();
  }

  @Test
  void onePhaseCommitDeliversAndIsRemembered() {
    BranchXid xid = endedBranch(1, "orders");
    store.decisions.commitOnePhase(xid, 1, 0, store.now(), answers::add);
    assertThat(store.served("orders")).isEmpty();
    store.flush();
    assertThat(answers).containsExactly(new XaAnswer.Ok());
    assertThat(store.served("orders")).containsExactly("orders1");
    store.questions.outcome(xid, states::add);
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
    store.questions.outcome(xid, states::add);
    assertThat(states).containsExactly(BranchState.ROLLBACK_ONLY);

    store.decisions.commitOnePhase(xid, 1, 1, store.now(), answers::add);
    assertLastRefusedWith(XAException.XA_RBCOMMFAIL);
    store.decisions.rollback(xid, store.now(), answers::add);
    assertLastRefusedWith(XAException.XAER_NOTA);
    assertThat(store.givenBack).containsExactly(range);
  }

  @Test
  void aBranchWhoseConnectionWasLostIsKnownForAWhileBehindItsTimeout() {
    BranchXid xid = store.xid(1);
    store.branches.start(xid, XAResource.TMNOFLAGS, 1_000, 1, store.now());
    store.branches.connectionLost(1);
    store.wallMillis.addAndGet(1_000 + Branch.KNOWN_MILLIS - 1);
    store.branches.run(store.now());
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
    store.questions.outcome(xid, states::add);
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
    store.decisions.commitOnePhase(xid, 2, 0, store.now(), answers::add);
    assertLastRefusedWith(XAException.XAER_RMFAIL);
    store.flush();
    store.questions.outcome(xid, states::add);
    assertThat(states).containsExactly(BranchState.COMMITTED);
    store.branchCompletion.completeOpen(store.now());
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
    assertThat(store.questions.recover(Optional.empty(), 10)).containsExactly(xid);
    store.decisions.commit(xid, store.now(), answers::add);
    assertLastRefusedWith(XAException.XA_HEURCOM);
    store.decisions.forget(xid, store.now(), answers::add);
    store.flush();
    assertThat(answers.get(1)).isEqualTo(new XaAnswer.Ok());
    reopen();
    assertThat(store.questions.recover(Optional.empty(), 10)).isEmpty();
    store.decisions.commit(xid, store.now(), answers::add);
    assertLastRefusedWith(XAException.XAER_NOTA);
  }

  @Test
  void aReadOnlyBranchVotesSoAndIsGone() {
    BranchXid xid = endedBranch(1);
    store.decisions.prepare(xid, 0, 0, store.now(), answers::add);
    assertThat(answers).containsExactly(new XaAnswer.ReadOnly());
    assertThat(store.questions.recover(Optional.empty(), 10)).isEmpty();
  }

  @Test
  void aBranchThatNobodyEndsIsRolledBackAfterItsTimeoutAndItsManagerHearsWhy() {
    BranchXid xid = store.xid(1);
    store.branches.start(xid, XAResource.TMNOFLAGS, 1_000, 1, store.now());
    long incarnation = store.branches.find(xid).orElseThrow().incarnation();
    AckRange range = new AckRange("group", "orders", 0, 3, 5);
    assertThat(store.branches.acknowledge(xid, incarnation, 1, List.of(range))).isEmpty();
    store.wallMillis.addAndGet(999);
    store.branches.run(store.now());
    assertThat(store.givenBack).isEmpty();
    store.wallMillis.addAndGet(1_000);
    store.branches.run(store.now());
    assertThat(store.givenBack).containsExactly(range);
    assertThat(store.branches.refuseSend(xid, incarnation, 1))
        .map(XaRefusal::xaError)
        .contains(XAException.XA_RBTIMEOUT);
    store.decisions.commitOnePhase(xid, 0, 1, store.now(), answers::add);
    assertLastRefusedWith(XAException.XA_RBTIMEOUT);
    assertThat(store.givenBack).containsExactly(range);
  }

  @Test
  void incarnationsOfARestartedBrokerAreNew() {
    long before = store.start(store.xid(1));
    store.flush();
    reopen();
    assertThat(store.start(store.xid(1))).isGreaterThan(before);
  }

  private BranchXid preparedBranch(int number, String... topics) {
    BranchXid xid = endedBranch(number, topics);
    store.decisions.prepare(xid, topics.length, 0, store.now(), answers::add);
    store.flush();
    answers.clear();
    return xid;
  }

  @Test
  void aRepeatedCommitIsAnsweredOnlyWhenTheMessagesThatWereMissingAreDurable() {
    BranchXid xid = preparedBranch(1, "orders", "orders");
    BranchPrepared prepared = store.decided.prepared(xid).orElseThrow();
    store.store.record(
        new BranchDecided(
            xid,
            prepared.incarnation(),
            Decision.COMMIT,
            "test",
            store.now(),
            prepared.sends(),
            prepared.acks()));
    store.flush();
    store.decisions.commit(xid, store.now(), answers::add);
    assertThat(answers).isEmpty();
    assertThat(store.served("orders")).isEmpty();
    store.flush();
    assertThat(answers).containsExactly(new XaAnswer.Ok());
    assertThat(store.served("orders")).hasSize(2);
    store.decisions.commit(xid, store.now(), answers::add);
    store.flush();
    assertThat(store.served("orders")).hasSize(2);
  }

  @Test
  void aRepeatedCommitWhoseMessagesCannotBeReadIsNotAnsweredAsComplete() {
    BranchXid xid = store.xid(1);
    long incarnation = store.start(xid);
    Logged half = store.send(xid, incarnation, 1, "orders", "one");
    store.branches.sent(xid, new BranchSend(2, half.position() + 1, half.sizeBytes()), 1);
    assertThat(store.branches.end(xid, incarnation, XAResource.TMSUCCESS)).isEmpty();
    store.decisions.commitOnePhase(xid, 2, 0, store.now(), answers::add);
    store.flush();
    store.decisions.commitOnePhase(xid, 2, 0, store.now(), answers::add);
    assertLastRefusedWith(XAException.XAER_RMFAIL);
    store.flush();
    assertThat(answers).hasSize(2);
  }

  @Test
  void aCommitIsNotAnsweredByTheForceOfItsDecisionAlone() {
    BranchXid xid = preparedBranch(1, "orders");
    store.decisions.commit(xid, store.now(), answers::add);
    store.decisions.commit(xid, store.now(), answers::add);
    assertThat(answers).isEmpty();
    assertThat(store.decided.outcome(xid).orElseThrow().endPosition())
        .isEqualTo(store.store.endPosition());
    store.flush();
    assertThat(answers).containsExactly(new XaAnswer.Ok(), new XaAnswer.Ok());
  }

  @Test
  void anAdministratorsCommitOfAPreparedBranchIsHeuristicAndRecordedWithWho() {
    BranchXid xid = preparedBranch(1, "orders");
    List<AdministratorAnswer> told = new ArrayList<>();
    store.decisions.decideHeuristically(xid, true, "administrator ann", store.now(), told::add);
    assertThat(told).isEmpty();
    store.flush();
    assertThat(told).containsExactly(new AdministratorAnswer.Done("HEURISTIC_COMMIT"));
    assertThat(store.served("orders")).containsExactly("orders1");
    reopen();
    assertThat(store.questions.recover(Optional.empty(), 10)).containsExactly(xid);
    assertThat(store.decided.outcome(xid).orElseThrow().decided().decidedBy())
        .isEqualTo("administrator ann");

    store.decisions.commit(xid, store.now(), answers::add);
    assertLastRefusedWith(XAException.XA_HEURCOM);
    store.decisions.rollback(xid, store.now(), answers::add);
    assertLastRefusedWith(XAException.XA_HEURCOM);
    assertThat(store.branches.start(xid, XAResource.TMNOFLAGS, 0, 1, store.now()))
        .isInstanceOfSatisfying(
            Branches.StartAnswer.Refused.class,
            refused -> assertThat(refused.refusal().xaError()).isEqualTo(XAException.XAER_DUPID));
    store.decisions.decideHeuristically(xid, false, "administrator bob", store.now(), told::add);
    assertThat(told.get(1)).isInstanceOf(AdministratorAnswer.Refused.class);
  }

  @Test
  void anAdministratorsRollbackOfAPreparedBranchIsHeuristicUntilItIsForgotten() {
    BranchXid xid = preparedBranch(1, "orders");
    List<AdministratorAnswer> told = new ArrayList<>();
    store.decisions.decideHeuristically(xid, false, "administrator ann", store.now(), told::add);
    store.flush();
    store.decisions.commit(xid, store.now(), answers::add);
    assertLastRefusedWith(XAException.XA_HEURRB);
    store.wallMillis.addAndGet(2 * DecidedBranches.REMEMBER_MILLIS);
    BranchXid later = preparedBranch(2, "orders");
    store.decisions.rollback(later, store.now(), answers::add);
    store.flush();
    store.decisions.commit(xid, store.now(), answers::add);
    assertLastRefusedWith(XAException.XA_HEURRB);
    store.decisions.forget(xid, store.now(), answers::add);
    store.flush();
    store.decisions.commit(xid, store.now(), answers::add);
    assertLastRefusedWith(XAException.XAER_NOTA);
    assertThat(store.served("orders")).isEmpty();
  }

  @Test
  void anAdministratorRollsBackAnActiveBranchAndCannotCommitIt() {
    BranchXid xid = endedBranch(1, "orders");
    List<AdministratorAnswer> told = new ArrayList<>();
    store.decisions.decideHeuristically(xid, true, "administrator ann", store.now(), told::add);
    assertThat(told.get(0)).isInstanceOf(AdministratorAnswer.Refused.class);
    store.decisions.decideHeuristically(xid, false, "administrator ann", store.now(), told::add);
    assertThat(told.get(1)).isEqualTo(new AdministratorAnswer.Done("ROLLBACK_ONLY"));
    store.decisions.prepare(xid, 1, 0, store.now(), answers::add);
    assertLastRefusedWith(XAException.XA_RBOTHER);
    store.flush();
    assertThat(store.served("orders")).isEmpty();
  }

  @Test
  void aPreparedBranchIsNeitherPreparedAgainNorCommittedInOnePhase() {
    BranchXid xid = preparedBranch(1, "orders");
    store.decisions.prepare(xid, 1, 0, store.now(), answers::add);
    assertLastRefusedWith(XAException.XAER_PROTO);
    store.decisions.commitOnePhase(xid, 1, 0, store.now(), answers::add);
    assertLastRefusedWith(XAException.XAER_PROTO);
    store.questions.outcome(xid, states::add);
    assertThat(states).containsExactly(BranchState.PREPARED);
  }

  @Test
  void aBranchThatCanOnlyBeRolledBackIsNeitherJoinedNorResumed() {
    BranchXid xid = store.xid(1);
    long incarnation = store.start(xid);
    assertThat(store.branches.end(xid, incarnation, XAResource.TMFAIL)).isEmpty();
    for (int flags : new int[] {XAResource.TMJOIN, XAResource.TMRESUME}) {
      assertThat(store.branches.start(xid, flags, 0, 1, store.now()))
          .isInstanceOfSatisfying(
              Branches.StartAnswer.Refused.class,
              refused ->
                  assertThat(refused.refusal().xaError()).isEqualTo(XAException.XA_RBROLLBACK));
    }
  }

  @Test
  void recoverGoesOnBehindTheLastOfThePageBefore() {
    List<BranchXid> prepared = new ArrayList<>();
    for (int i = 1; i <= 7; i++) {
      prepared.add(preparedBranch(i, "orders"));
    }
    store.decisions.decideHeuristically(
        prepared.get(3), true, "administrator ann", store.now(), told -> {});
    List<BranchXid> found = new ArrayList<>();
    Optional<BranchXid> after = Optional.empty();
    do {
      List<BranchXid> page = store.questions.recover(after, 3);
      found.addAll(page);
      after = page.size() < 3 ? Optional.empty() : Optional.of(page.get(2));
    } while (after.isPresent());
    assertThat(found).containsExactlyInAnyOrderElementsOf(prepared);
  }

  @Test
  void aSuspendedAssociationIsResumedAlsoWhenAnotherJoinedMeanwhile() {
    BranchXid xid = store.xid(1);
    long incarnation = store.start(xid);
    assertThat(store.branches.end(xid, incarnation, XAResource.TMSUSPEND)).isEmpty();
    assertThat(store.branches.refuseSend(xid, incarnation, 1)).isPresent();
    for (int flags : new int[] {XAResource.TMJOIN, XAResource.TMRESUME}) {
      assertThat(store.branches.start(xid, flags, 0, 2, store.now()))
          .isEqualTo(new Branches.StartAnswer.Started(incarnation));
    }
    assertThat(store.branches.end(xid, incarnation, XAResource.TMSUCCESS)).isEmpty();
    store.decisions.prepare(xid, 0, 0, store.now(), answers::add);
    assertLastRefusedWith(XAException.XAER_PROTO);
    assertThat(store.branches.end(xid, incarnation, XAResource.TMSUCCESS)).isEmpty();
    assertThat(store.branches.end(xid, incarnation, XAResource.TMSUCCESS))
        .map(XaRefusal::xaError)
        .contains(XAException.XAER_PROTO);
    store.decisions.prepare(xid, 0, 0, store.now(), answers::add);
    assertThat(answers.get(1)).isEqualTo(new XaAnswer.ReadOnly());
  }

  @Test
  void aHeuristicCommitIsForgottenOnlyWhenItIsComplete() {
    BranchXid xid = store.xid(1);
    long incarnation = store.start(xid);
    Logged half = store.send(xid, incarnation, 1, "orders", "one");
    store.branches.sent(xid, new BranchSend(2, half.position() + 1, half.sizeBytes()), 1);
    assertThat(store.branches.end(xid, incarnation, XAResource.TMSUCCESS)).isEmpty();
    store.decisions.prepare(xid, 2, 0, store.now(), answers::add);
    store.decisions.decideHeuristically(xid, true, "ann", store.now(), told -> {});
    store.flush();
    store.decisions.commit(xid, store.now(), answers::add);
    assertLastRefusedWith(XAException.XAER_RMFAIL);
    store.decisions.forget(xid, store.now(), answers::add);
    assertLastRefusedWith(XAException.XAER_RMFAIL);
    assertThat(store.questions.recover(Optional.empty(), 10)).containsExactly(xid);
  }

  @Test
  void aHeuristicCommitThatACrashCutOffIsCompletedBeforeItIsForgotten() {
    BranchXid xid = preparedBranch(1, "orders");
    BranchPrepared prepared = store.decided.prepared(xid).orElseThrow();
    store.store.record(
        new BranchDecided(
            xid,
            prepared.incarnation(),
            Decision.HEURISTIC_COMMIT,
            "ann",
            store.now(),
            prepared.sends(),
            prepared.acks()));
    store.decisions.forget(xid, store.now(), answers::add);
    store.flush();
    assertThat(answers).containsExactly(new XaAnswer.Ok());
    assertThat(store.served("orders")).containsExactly("orders1");
    List<SystemRecord> base = new ArrayList<>();
    store.decided.sayFacts(base::add);
    assertThat(base).isEmpty();
  }

  @Test
  void aBranchIsDecidedForGoodHoweverItsCompletionEnds() {
    BranchXid xid = store.xid(1);
    long incarnation = store.start(xid);
    Logged noHalf = store.store.put(store.draft("orders", "names no topic"));
    store.branches.sent(xid, new BranchSend(1, noHalf.position(), noHalf.sizeBytes()), 1);
    assertThat(store.branches.end(xid, incarnation, XAResource.TMSUCCESS)).isEmpty();
    assertThatThrownBy(() -> store.decisions.commitOnePhase(xid, 1, 0, store.now(), answers::add))
        .isInstanceOf(IllegalStateException.class);
    store.flush();
    store.decisions.rollback(xid, store.now(), answers::add);
    assertLastRefusedWith(XAException.XAER_PROTO);
    store.questions.outcome(xid, states::add);
    assertThat(states).containsExactly(BranchState.COMMITTED);
  }

  @Test
  void aMessageThatCannotBeStoredKeepsBackNeitherItsBranchNorOthers() {
    MeasuredJournal journal = new MeasuredJournal(store.store);
    journal.illegalTopic = "illegal";
    BranchCompletion completion =
        new BranchCompletion(
            store.decided,
            journal,
            new Completion(
                store.store,
                journal,
                new DelayRouting(new DelayLevels(List.of(Duration.ofSeconds(1))))));
    for (BranchXid xid :
        List.of(preparedBranch(1, "illegal", "orders"), preparedBranch(2, "shipments"))) {
      completion.decide(
          store.decided.prepared(xid).orElseThrow(), Decision.COMMIT, "test", store.now());
    }
    completion.completeOpen(store.now());
    store.flush();
    assertThat(store.served("orders")).containsExactly("orders1");
    assertThat(store.served("shipments")).containsExactly("shipments2");
    assertThat(store.decided.incomplete())
        .extracting(BranchDecided::xid)
        .containsExactly(store.xid(1));
    assertThat(completion.nextDueMillis()).isEqualTo(store.now() + 1_000);
  }

  /** The store's, which says what room was asked for and may refuse it. */
  private static final class MeasuredJournal implements Journal {
    private final Journal journal;
    private boolean refuses;
    private String illegalTopic = "";
    private long askedBytes;

    MeasuredJournal(Journal journal) {
      this.journal = journal;
    }

    @Override
    public void requireRoom(long bytes) {
      askedBytes = bytes;
      if (refuses) {
        throw new AppendRefusedException(PutStatus.OS_PAGE_CACHE_BUSY, "no room in this test");
      }
    }

    @Override
    public Appended record(SystemRecord fact) {
      return journal.record(fact);
    }

    @Override
    public Logged put(RecordDraft draft) {
      if (draft.topic().equals(illegalTopic)) {
        throw new AppendRefusedException(PutStatus.MESSAGE_ILLEGAL, "too large in this test");
      }
      return journal.put(draft);
    }

    @Override
    public void whenServed(long endPosition, Waiter waiter) {
      journal.whenServed(endPosition, waiter);
    }

    @Override
    public void whenDurable(long endPosition, Waiter waiter) {
      journal.whenDurable(endPosition, waiter);
    }

    @Override
    public long endPosition() {
      return journal.endPosition();
    }
  }

  @Test
  void aCommitForWhichThereIsNoRoomChangesNothingAndTakesNoMoreThanItAskedFor() {
    BranchXid xid = preparedBranch(1, "orders", "t".repeat(200), "shipments");
    MeasuredJournal journal = new MeasuredJournal(store.store);
    journal.refuses = true;
    Completion completion =
        new Completion(
            store.store,
            journal,
            new DelayRouting(new DelayLevels(List.of(Duration.ofSeconds(1)))));
    BranchDecisions decisions =
        new BranchDecisions(
            store.branches,
            store.decided,
            journal,
            new BranchCompletion(store.decided, journal, completion));
    long before = store.store.endPosition();
    assertThatThrownBy(() -> decisions.commit(xid, store.now(), answers::add))
        .isInstanceOf(AppendRefusedException.class);
    assertThat(store.store.endPosition()).isEqualTo(before);
    assertThat(answers).isEmpty();
    assertThat(store.decided.prepared(xid)).isPresent();

    journal.refuses = false;
    decisions.commit(xid, store.now(), answers::add);
    assertThat(store.store.endPosition() - before).isLessThanOrEqualTo(journal.askedBytes);
    store.flush();
    assertThat(answers).containsExactly(new XaAnswer.Ok());
  }
}
