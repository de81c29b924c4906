package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.client.BranchState;
import io.moiety.client.ConnectionLostException;
import io.moiety.client.XaFailure;
import io.moiety.protocol.BranchXid;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.transaction.xa.XAException;
import javax.transaction.xa.Xid;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Rollbacks whose own answers are lost, over a link that connects again. */
class LostRollbackTest {

  private static final BranchXid XID = new BranchXid(1, new byte[] {1}, new byte[] {2});

  private final Throwable lost = new ConnectionLostException("lost", true);
  private final FakeLink link = new FakeLink();
  private final List<Xid> unanswered = new ArrayList<>();
  private final LostAnswers lostAnswers = LostAnswers.over(link, unanswered::add);

  private static void assertXaError(ThrowingCallable call, int code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            XAException.class, failure -> assertThat(failure.errorCode).isEqualTo(code));
  }

  @Test
  void branchThatIsStillOpenAfterALostRollbackIsRolledBackAgain() {
    link.resumes = true;
    link.outcome = BranchState.ACTIVE;
    link.refuseNext("rollback", new ConnectionLostException("lost again", true));
    assertXaError(() -> lostAnswers.commitOnePhase(XID, lost), XAException.XA_RBCOMMFAIL);
    assertThat(link.requests).containsExactly("outcome", "rollback", "outcome", "rollback");
  }

  @Test
  void branchThatCannotBeRolledBackIsLeftUnknownAfterAFewAttempts() {
    link.resumes = true;
    link.outcome = BranchState.ACTIVE;
    link.failures.put("rollback", new ConnectionLostException("lost again", true));
    assertXaError(() -> lostAnswers.commitOnePhase(XID, lost), XAException.XAER_RMFAIL);
    assertThat(Collections.frequency(link.requests, "rollback")).isBetween(2, 10);
  }

  @Test
  void onlyARollbackThatMayBeOutstandingIsToldToBe() {
    link.failures.put("rollback", new XaFailure(XAException.XAER_NOTA, "no such branch"));
    assertXaError(() -> lostAnswers.rollback(XID, lost), XAException.XAER_NOTA);
    assertThat(unanswered).isEmpty();
    link.failures.put("rollback", new ConnectionLostException("lost again", true));
    assertXaError(() -> lostAnswers.rollback(XID, lost), XAException.XAER_RMFAIL);
    assertThat(unanswered).containsExactly(XID);
  }
}
