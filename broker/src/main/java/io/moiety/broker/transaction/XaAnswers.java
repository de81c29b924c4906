package io.moiety.broker.transaction;

import io.moiety.broker.log.PutStatus;
import io.moiety.broker.store.SystemRecord.Decision;
import io.moiety.protocol.BranchXid;
import javax.transaction.xa.XAException;

/**
 * What transaction managers are told: the only place that turns outcomes into codes. A rollback
 * code says for certain that nothing of the branch happens. Pure.
 */
final class XaAnswers {
  private XaAnswers() {}

  /** By what the disk said of a step that is in the log: done as it was promised, or not known. */
  static XaAnswer ofLoggedStep(PutStatus outcome, String step, BranchXid xid) {
    return outcome == PutStatus.PUT_OK
        ? new XaAnswer.Ok()
        : XaAnswer.refused(
            XAException.XAER_RMFAIL,
            "whether branch "
                + xid
                + " is "
                + step
                + " is not known: the disk answered "
                + outcome
                + "; ask again");
  }

  /** To a commit or a rollback of a branch that was decided before. */
  static XaAnswer decidedBefore(BranchXid xid, Decision decision, boolean commit) {
    String was = "branch " + xid + " was decided already: " + decision;
    return switch (decision) {
      case COMMIT -> commit ? new XaAnswer.Ok() : XaAnswer.refused(XAException.XAER_PROTO, was);
      case ROLLBACK ->
          commit ? XaAnswer.refused(XAException.XA_RBROLLBACK, was) : new XaAnswer.Ok();
      case HEURISTIC_COMMIT -> XaAnswer.refused(XAException.XA_HEURCOM, was);
      case HEURISTIC_ROLLBACK -> XaAnswer.refused(XAException.XA_HEURRB, was);
    };
  }

  static XaAnswer incomplete(BranchXid xid, String why) {
    return XaAnswer.refused(
        XAException.XAER_RMFAIL,
        "branch "
            + xid
            + " is committed, but not all of its messages could be stored yet; the broker goes on"
            + " trying: "
            + why);
  }

  static XaAnswer unknown(BranchXid xid) {
    return XaAnswer.refused(XAException.XAER_NOTA, "branch " + xid + " is unknown");
  }

  static XaAnswer outOfOrder(BranchXid xid, String why) {
    return XaAnswer.refused(XAException.XAER_PROTO, "branch " + xid + " " + why);
  }

  static BranchState state(Decision decision) {
    return switch (decision) {
      case COMMIT -> BranchState.COMMITTED;
      case ROLLBACK -> BranchState.ROLLED_BACK;
      case HEURISTIC_COMMIT -> BranchState.HEURISTIC_COMMIT;
      case HEURISTIC_ROLLBACK -> BranchState.HEURISTIC_ROLLBACK;
    };
  }
}
