package io.moiety.broker.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.store.AckRange;
import io.moiety.broker.store.SystemRecord.BranchSend;
import io.moiety.protocol.BranchXid;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a branch takes before it is prepared: who may work for it, how much, and how long. */
class BranchRequestsTest {
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
  void whatAllUndecidedBranchesHaveIsBounded() {
    Branches few = new Branches(bench.store.decided, new Incarnations(7), bench.store, 3);
    BranchXid prepared = bench.endedBranch(1, "orders");
    bench.prepare(prepared, 1, 0);
    long first = started(few, bench.xid(2));
    few.sent(bench.xid(2), new BranchSend(1, 0, 100), 1);
    few.sent(bench.xid(2), new BranchSend(2, 100, 100), 1);

    XaRefusal refusal = few.refuseSend(bench.xid(2), first, 3).orElseThrow();
    assertThat(refusal.xaError()).isEqualTo(XAException.XA_RBROLLBACK);
    assertThat(refusal.reason()).contains("have 3 messages", "3 are allowed");
    long second = started(few, bench.xid(3));
    few.abandon(few.find(bench.xid(2)).orElseThrow());
    assertThat(few.refuseSend(bench.xid(3), second, 1)).isEmpty();
    few.sent(bench.xid(3), new BranchSend(1, 0, 100), 1);
    few.sent(bench.xid(3), new BranchSend(2, 100, 100), 1);
    long third = started(few, bench.xid(4));
    assertThat(few.refuseSend(bench.xid(4), third, 1)).isPresent();

    bench.rollback(prepared);
    bench.flush();
    assertThat(bench.store.decided.preparedParts()).isZero();
    long fourth = started(few, bench.xid(5));
    assertThat(few.refuseSend(bench.xid(5), fourth, 1)).isEmpty();
    bench.reopen();
    assertThat(bench.store.decided.preparedParts()).isZero();
  }

  private long started(Branches branches, BranchXid xid) {
    return ((Branches.StartAnswer.Started)
            branches.start(xid, XAResource.TMNOFLAGS, 0, 1, bench.store.now()))
        .incarnation();
  }

  @Test
  void anotherIncarnationOfABranchIsNotPrepared() {
    BranchXid xid = bench.endedBranch(1, "orders");
    long incarnation = bench.incarnation(xid);
    bench.prepare(xid, incarnation + 1, 1, 0);
    bench.assertLastRefusedWith(XAException.XAER_NOTA);
    bench.prepare(xid, incarnation, 1, 0);
    bench.flush();
    assertThat(bench.answers.get(1)).isEqualTo(new XaAnswer.Ok());
  }

  @Test
  void whatBecameOfAnEarlierBranchOfItsXidIsNoAnswerForALaterOne() {
    BranchXid xid = bench.endedBranch(1, "orders");
    long earlier = bench.incarnation(xid);
    bench.commitOnePhase(xid, 1, 0);
    bench.flush();
    long later = bench.store.start(xid);
    bench.rollback(xid);

    endAndCommit(xid, later);
    bench.flush();
    bench.assertLastRefusedWith(XAException.XAER_NOTA);
    bench.prepare(xid, later, 0, 0);
    bench.assertLastRefusedWith(XAException.XAER_NOTA);
    endAndCommit(xid, earlier);
    bench.flush();
    assertThat(bench.answers.get(bench.answers.size() - 1)).isEqualTo(new XaAnswer.Ok());
  }

  private void endAndCommit(BranchXid xid, long incarnation) {
    bench.store.decisions.endAndCommit(
        xid, incarnation, 0, 0, bench.store.now(), bench.answers::add);
  }

  @Test
  void aMessageIsNotAllOfABranchInWhichOthersWorkOrWillGoOn() {
    BranchXid xid = bench.xid(1);
    long incarnation = bench.store.start(xid);
    assertThat(bench.store.branches.refuseOnlySend(xid, incarnation)).isEmpty();
    assertThat(bench.store.branches.start(xid, XAResource.TMJOIN, 0, 2, bench.store.now()))
        .isEqualTo(new Branches.StartAnswer.Started(incarnation));
    assertOnlySendRefused(xid, incarnation);
    bench.end(xid, incarnation, XAResource.TMSUSPEND);
    assertOnlySendRefused(xid, incarnation);
    assertThat(bench.store.branches.start(xid, XAResource.TMRESUME, 0, 2, bench.store.now()))
        .isEqualTo(new Branches.StartAnswer.Started(incarnation));
    bench.end(xid, incarnation, XAResource.TMSUCCESS);
    assertThat(bench.store.branches.refuseOnlySend(xid, incarnation)).isEmpty();
  }

  private void assertOnlySendRefused(BranchXid xid, long incarnation) {
    assertThat(bench.store.branches.refuseOnlySend(xid, incarnation))
        .map(XaRefusal::xaError)
        .contains(XAException.XAER_PROTO);
  }

  @Test
  void aMissingSendMakesPrepareRollBack() {
    BranchXid xid = bench.endedBranch(1, "orders");
    bench.prepare(xid, 2, 0);
    bench.assertLastRefusedWith(XAException.XA_RBCOMMFAIL);
    bench.rollback(xid);
    bench.assertLastRefusedWith(XAException.XAER_NOTA);
  }

  @Test
  void aLostConnectionRollsItsBranchesBackAndWhoeverAsksHearsThat() {
    BranchXid xid = bench.xid(1);
    long incarnation = bench.store.start(xid);
    bench.store.send(xid, incarnation, 1, "orders", "one");
    bench.acknowledge(xid, incarnation);
    bench.store.branches.connectionLost(1);
    assertThat(bench.store.givenBack).containsExactly(BranchBench.INPUT);
    bench.ask(xid);
    assertThat(bench.states).containsExactly(BranchState.ROLLBACK_ONLY);

    bench.commitOnePhase(xid, 1, 1);
    bench.assertLastRefusedWith(XAException.XA_RBCOMMFAIL);
    bench.rollback(xid);
    bench.assertLastRefusedWith(XAException.XAER_NOTA);
    assertThat(bench.store.givenBack).containsExactly(BranchBench.INPUT);
  }

  @Test
  void aBranchWhoseConnectionWasLostIsKnownForAWhileBehindItsTimeout() {
    BranchXid xid = bench.xid(1);
    bench.store.branches.start(xid, XAResource.TMNOFLAGS, 1_000, 1, bench.store.now());
    bench.store.branches.connectionLost(1);
    bench.store.wallMillis.addAndGet(1_000 + Branch.KNOWN_MILLIS - 1);
    bench.store.branches.run(bench.store.now());
    assertThat(bench.store.branches.find(xid)).isPresent();
    bench.store.wallMillis.addAndGet(1_000);
    bench.store.branches.run(bench.store.now());
    assertThat(bench.store.branches.find(xid)).isEmpty();
  }

  @Test
  void workIsRefusedAfterTheEnd() {
    BranchXid xid = bench.endedBranch(1, "orders");
    long incarnation = bench.incarnation(xid);
    assertThat(bench.store.branches.refuseSend(xid, incarnation, 2)).isPresent();
    assertThat(bench.store.branches.refuseSend(xid, incarnation + 1, 2)).isPresent();
  }

  @Test
  void aNumberIsUsedOnceInABranchSinceACompletionGoesByIt() {
    BranchXid xid = bench.xid(1);
    long incarnation = bench.store.start(xid);
    bench.store.send(xid, incarnation, 1, "orders", "one");
    assertThat(bench.store.branches.refuseSend(xid, incarnation, 1)).isPresent();
    assertThat(bench.store.branches.refuseSend(xid, incarnation, 2)).isEmpty();
  }

  @Test
  void aBranchThatWouldNotFitARecordIsRefusedBeforeItsPrepare() {
    BranchXid xid = bench.xid(1);
    long incarnation = bench.store.start(xid);
    String group = "g".repeat(250);
    Optional<XaRefusal> refusal = Optional.empty();
    for (int i = 0; i < Branch.MAX_PARTS && refusal.isEmpty(); i++) {
      refusal =
          bench.store.branches.acknowledge(
              xid, incarnation, 1, List.of(new AckRange(group, "orders", 0, 2L * i, 2L * i)));
    }
    assertThat(refusal).map(XaRefusal::xaError).contains(XAException.XA_RBROLLBACK);
    assertThat(bench.store.held).hasSizeBetween(1_000, Branch.MAX_PARTS - 1);
  }

  @Test
  void aReadOnlyBranchVotesSoAndIsGone() {
    BranchXid xid = bench.endedBranch(1);
    bench.prepare(xid, 0, 0);
    assertThat(bench.answers).containsExactly(new XaAnswer.ReadOnly());
    assertThat(bench.recovered()).isEmpty();
  }

  @Test
  void aBranchThatNobodyEndsIsRolledBackAfterItsTimeoutAndItsManagerHearsWhy() {
    BranchXid xid = bench.xid(1);
    bench.store.branches.start(xid, XAResource.TMNOFLAGS, 1_000, 1, bench.store.now());
    long incarnation = bench.incarnation(xid);
    bench.acknowledge(xid, incarnation);
    bench.store.wallMillis.addAndGet(999);
    bench.store.branches.run(bench.store.now());
    assertThat(bench.store.givenBack).isEmpty();
    bench.store.wallMillis.addAndGet(1_000);
    bench.store.branches.run(bench.store.now());
    assertThat(bench.store.givenBack).containsExactly(BranchBench.INPUT);
    assertThat(bench.store.branches.refuseSend(xid, incarnation, 1))
        .map(XaRefusal::xaError)
        .contains(XAException.XA_RBTIMEOUT);
    bench.commitOnePhase(xid, 0, 1);
    bench.assertLastRefusedWith(XAException.XA_RBTIMEOUT);
    assertThat(bench.store.givenBack).containsExactly(BranchBench.INPUT);
  }

  @Test
  void aPreparedBranchIsNeitherPreparedAgainNorCommittedInOnePhase() {
    BranchXid xid = bench.preparedBranch(1, "orders");
    bench.prepare(xid, 1, 0);
    bench.assertLastRefusedWith(XAException.XAER_PROTO);
    bench.commitOnePhase(xid, 1, 0);
    bench.assertLastRefusedWith(XAException.XAER_PROTO);
    bench.ask(xid);
    assertThat(bench.states).containsExactly(BranchState.PREPARED);
  }

  @Test
  void aBranchThatCanOnlyBeRolledBackIsNeitherJoinedNorResumed() {
    BranchXid xid = bench.xid(1);
    long incarnation = bench.store.start(xid);
    bench.end(xid, incarnation, XAResource.TMFAIL);
    for (int flags : new int[] {XAResource.TMJOIN, XAResource.TMRESUME}) {
      bench.assertStartRefusedWith(xid, flags, XAException.XA_RBROLLBACK);
    }
  }

  @Test
  void aBranchThatHasEndedCanStillBeFailedAndThenOnlyRolledBack() {
    BranchXid xid = bench.xid(1);
    long incarnation = bench.store.start(xid);
    bench.end(xid, incarnation, XAResource.TMSUCCESS);
    assertThat(bench.store.branches.end(xid, incarnation, XAResource.TMSUCCESS)).isPresent();
    bench.end(xid, incarnation, XAResource.TMFAIL);
    bench.prepare(xid, 0, 0);
    bench.assertLastRefusedWith(XAException.XA_RBROLLBACK);
  }

  @Test
  void aSuspendedAssociationIsResumedAlsoWhenAnotherJoinedMeanwhile() {
    BranchXid xid = bench.xid(1);
    long incarnation = bench.store.start(xid);
    bench.end(xid, incarnation, XAResource.TMSUSPEND);
    assertThat(bench.store.branches.refuseSend(xid, incarnation, 1)).isPresent();
    for (int flags : new int[] {XAResource.TMJOIN, XAResource.TMRESUME}) {
      assertThat(bench.store.branches.start(xid, flags, 0, 2, bench.store.now()))
          .isEqualTo(new Branches.StartAnswer.Started(incarnation));
    }
    bench.end(xid, incarnation, XAResource.TMSUCCESS);
    bench.prepare(xid, 0, 0);
    bench.assertLastRefusedWith(XAException.XAER_PROTO);
    bench.end(xid, incarnation, XAResource.TMSUCCESS);
    assertThat(bench.store.branches.end(xid, incarnation, XAResource.TMSUCCESS))
        .map(XaRefusal::xaError)
        .contains(XAException.XAER_PROTO);
    bench.prepare(xid, 0, 0);
    assertThat(bench.answers.get(1)).isEqualTo(new XaAnswer.ReadOnly());
  }
}
