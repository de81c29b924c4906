package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.client.Branch;
import io.moiety.client.BranchState;
import io.moiety.client.BrokerException;
import io.moiety.client.ConnectionLostException;
import io.moiety.client.XaFailure;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.ResponseCode;
import jakarta.jms.JMSException;
import jakarta.jms.TransactionRolledBackException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.transaction.xa.XAException;
import javax.transaction.xa.Xid;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LostAnswersTest {

  private static final BranchXid XID = new BranchXid(1, new byte[] {1}, new byte[] {2});
  private final Throwable lost = new ConnectionLostException("lost", true);

  private final FakeLink link = new FakeLink();
  private final FakeLink second = new FakeLink();
  private final List<Xid> unanswered = new ArrayList<>();
  private final LostAnswers lostAnswers =
      new LostAnswers(
          (name, instance, events) -> CompletableFuture.completedFuture(second), unanswered::add);

  private static void assertXaError(ThrowingCallable call, int code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            XAException.class, failure -> assertThat(failure.errorCode).isEqualTo(code));
  }

  @Test
  void preparedBranchIsCommittedAgainOverNewConnection() throws Exception {
    lostAnswers.commit(XID, lost);
    assertThat(second.requests).containsExactly("commit", "close");
  }

  @Test
  void onePhaseCommitThatHappenedIsSuccess() throws Exception {
    second.outcome = BranchState.COMMITTED;
    lostAnswers.commitOnePhase(XID, lost);
    assertThat(second.requests).containsExactly("outcome", "close");
  }

  @ParameterizedTest
  @CsvSource({
    "ROLLED_BACK, 101",
    "HEURISTIC_COMMIT, 7",
    "HEURISTIC_ROLLBACK, 6",
    "PREPARED, -7",
    "UNKNOWN, -7"
  })
  void otherOutcomesAreToldAsWhatTheyAre(BranchState outcome, int code) {
    second.outcome = outcome;
    assertXaError(() -> lostAnswers.commitOnePhase(XID, lost), code);
  }

  @ParameterizedTest
  @EnumSource(names = {"ACTIVE", "ROLLBACK_ONLY"})
  void openBranchIsRolledBackBeforeItIsSaidToBe(BranchState outcome) {
    second.outcome = outcome;
    assertXaError(() -> lostAnswers.commitOnePhase(XID, lost), XAException.XA_RBCOMMFAIL);
    assertThat(second.requests).containsExactly("outcome", "rollback", "close");
  }

  @Test
  void openBranchThatCannotBeRolledBackStaysUnknown() {
    second.outcome = BranchState.ACTIVE;
    second.failures.put("rollback", new XaFailure(XAException.XAER_NOTA, "gone"));
    assertXaError(() -> lostAnswers.commitOnePhase(XID, lost), XAException.XAER_RMFAIL);
  }

  @Test
  void unreachableBrokerIsNeverRollback() {
    LostAnswers nobody =
        new LostAnswers(
            (name, instance, events) -> CompletableFuture.failedFuture(lost), unanswered::add);
    assertXaError(() -> nobody.commitOnePhase(XID, lost), XAException.XAER_RMFAIL);
    assertXaError(() -> nobody.commit(XID, lost), XAException.XAER_RMFAIL);
    assertThat(unanswered).isEmpty();
    assertXaError(() -> nobody.rollback(XID, lost), XAException.XAER_RMFAIL);
    assertThat(unanswered).containsExactly(XID);
  }

  @Test
  void refusedQuestionIsNotSaidToBeRollback() {
    BrokerException refused = new BrokerException(ResponseCode.NO_PERMISSION, "not you");
    second.failures.put("commit", refused);
    second.failures.put("outcome", refused);
    assertXaError(() -> lostAnswers.commit(XID, lost), XAException.XAER_RMFAIL);
    assertXaError(() -> lostAnswers.commitOnePhase(XID, lost), XAException.XAER_RMFAIL);
  }

  private LocalTransaction transactionWithSend() throws JMSException {
    LocalTransaction transaction = new LocalTransaction(link, new Deliveries(link), lostAnswers);
    assertThat(transaction.joinSend().map(part -> part.sequence())).isEqualTo(Optional.of(1));
    return transaction;
  }

  @Test
  void localCommitWhoseAnswerWasLostSucceedsWhenItHappened() throws Exception {
    LocalTransaction transaction = transactionWithSend();
    link.failures.put("endAndCommit", new ConnectionLostException("lost", true));
    second.outcome = BranchState.COMMITTED;
    assertThatCode(transaction::commit).doesNotThrowAnyException();
  }

  @Test
  void localCommitThatWasRefusedIsRollback() throws Exception {
    LocalTransaction transaction = transactionWithSend();
    link.failures.put(
        "endAndCommit", new XaFailure(XAException.XA_RBCOMMFAIL, "a send is missing"));
    assertThatThrownBy(transaction::commit)
        .isInstanceOf(TransactionRolledBackException.class)
        .hasMessageContaining("a send is missing");
    assertThat(second.requests).isEmpty();
  }

  @Test
  void localCommitThatTheStoreDoesNotKnowIsNotCalledRollback() throws Exception {
    LocalTransaction transaction = transactionWithSend();
    link.failures.put("endAndCommit", new ConnectionLostException("lost", true));
    assertThatThrownBy(transaction::commit)
        .isInstanceOf(JMSException.class)
        .isNotInstanceOf(TransactionRolledBackException.class);
  }

  @ParameterizedTest
  @CsvSource({"true, 101", "false, -7"})
  void openBranchThatIsGoneAfterALostRollbackIsRolledBackOnlyWhereNobodyElseCanHaveEndedIt(
      boolean resumes, int code) {
    second.resumes = resumes;
    second.outcomes.add(BranchState.ROLLBACK_ONLY);
    second.failures.put("rollback", new ConnectionLostException("lost", true));
    assertXaError(() -> lostAnswers.commitOnePhase(XID, lost), code);
  }

  @Test
  void refusalThatLeavesTheOutcomeOpenIsNotCalledRollbackForTheLossBehindIt() throws Exception {
    LocalTransaction transaction = transactionWithSend();
    link.resumes = true;
    link.lostAtCommit = true;
    link.failures.put(
        "endAndCommit", new XaFailure(XAException.XAER_RMFAIL, "the disk did not answer"));
    second.outcome = BranchState.COMMITTED;
    assertThatCode(transaction::commit).doesNotThrowAnyException();
    assertThat(second.requests).containsExactly("outcome", "close");
  }

  @Test
  void commitOfABranchThatEndedWithItsConnectionIsRollback() throws Exception {
    LocalTransaction transaction = transactionWithSend();
    link.lostAtCommit = true;
    link.failures.put("endAndCommit", new XaFailure(XAException.XAER_NOTA, "no such branch"));
    assertThatThrownBy(transaction::commit).isInstanceOf(TransactionRolledBackException.class);
    assertThat(second.requests).isEmpty();
  }

  @Test
  void sendThatTheNextConnectionRefusesSaysThatTheTransactionIsRolledBack() throws Exception {
    LocalTransaction transaction = transactionWithSend();
    link.connectionNumber = 1;
    int manyBytes = 100 * 1024 * 1024;
    BrokerException refused = new BrokerException(ResponseCode.SYSTEM_ERROR, "no such branch");
    assertThatThrownBy(() -> transaction.sent(CompletableFuture.failedFuture(refused), manyBytes))
        .isInstanceOf(TransactionRolledBackException.class);
  }

  @Test
  void resourceAsksForTheOutcomeBeforeItThrows() throws Exception {
    JmsXaResource resource =
        new JmsXaResource(
            link,
            new BranchTable(),
            new XaAssociation(new Deliveries(link)),
            new Deliveries(link),
            lostAnswers,
            300);
    link.failures.put("commitOnePhase", new ConnectionLostException("lost", true));
    link.failures.put("commit", new ConnectionLostException("lost", true));
    second.outcome = BranchState.COMMITTED;
    resource.commit(XID, true);
    resource.commit(XID, false);
    assertThat(second.requests).containsExactly("outcome", "close", "commit", "close");
  }

  @Test
  void sessionThatIsClosedInABranchWhichALossUndidDoesNotThrow() throws Exception {
    Deliveries deliveries = new Deliveries(link);
    XaAssociation association = new XaAssociation(deliveries);
    deliveries.open();
    deliveries.seen(Records.delivery(5, "x", 0));
    association.set(new BranchWork(new Branch(XID, 7)));
    link.failures.put("acknowledgeInBranch", LinkLostException.givenBack());
    assertThatCode(association::close).doesNotThrowAnyException();
    assertThat(link.requests).contains("acknowledgeInBranch");
  }

  @Test
  void resourceTellsFailedSendAtTheEndOfItsBranch() throws Exception {
    BranchTable branches = new BranchTable();
    XaAssociation association = new XaAssociation(new Deliveries(link));
    JmsXaResource resource =
        new JmsXaResource(link, branches, association, new Deliveries(link), lostAnswers, 300);
    resource.start(XID, JmsXaResource.TMNOFLAGS);
    association.joinSend();
    association.sent(CompletableFuture.failedFuture(lost), 10);
    assertXaError(() -> resource.end(XID, JmsXaResource.TMSUCCESS), XAException.XA_RBROLLBACK);
    assertThat(link.requests).containsExactly("start", "end", "end");
    assertThat(link.endFlags).containsExactly(JmsXaResource.TMSUCCESS, JmsXaResource.TMFAIL);
  }

  @Test
  void refusedStepsKeepTheBrokersCodeAndLostOnesAreRmFail() {
    JmsXaResource resource =
        new JmsXaResource(
            link,
            new BranchTable(),
            new XaAssociation(new Deliveries(link)),
            new Deliveries(link),
            lostAnswers,
            300);
    link.failures.put("prepare", new XaFailure(XAException.XA_RBTIMEOUT, "too late"));
    assertXaError(() -> resource.prepare(XID), XAException.XA_RBTIMEOUT);
    link.failures.put("prepare", new ConnectionLostException("lost", true));
    assertXaError(() -> resource.prepare(XID), XAException.XAER_RMFAIL);
    link.failures.put("recover", new ConnectionLostException("lost", true));
    assertXaError(() -> resource.recover(JmsXaResource.TMSTARTRSCAN), XAException.XAER_RMFAIL);
    assertXaError(() -> resource.end(XID, JmsXaResource.TMSUCCESS), XAException.XAER_PROTO);
  }
}
