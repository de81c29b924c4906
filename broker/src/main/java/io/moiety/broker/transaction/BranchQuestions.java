package io.moiety.broker.transaction;

import io.moiety.broker.log.PutStatus;
import io.moiety.broker.store.Journal;
import io.moiety.protocol.BranchXid;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.transaction.xa.XAException;

/**
 * What transaction managers and clients ask of branches. Nothing is told that a crash could take
 * back.
 *
 * <p>Owner: the store turn.
 */
public final class BranchQuestions {
  private final Branches branches;
  private final DecidedBranches decided;
  private final Journal journal;

  public BranchQuestions(Branches branches, DecidedBranches decided, Journal journal) {
    this.branches = branches;
    this.decided = decided;
    this.journal = journal;
  }

  /**
   * {@code xa_recover}: prepared and heuristically decided branches after the given one, in order.
   */
  public List<BranchXid> recover(Optional<BranchXid> after, int limit) {
    return decided.inDoubtAfter(after.map(BranchXid::toText).orElse(""), limit);
  }

  /** Tells when everything that {@link #recover} may have listed is durable. */
  public void whenTold(Consumer<XaAnswer> answer) {
    journal.whenDurable(
        journal.endPosition(),
        outcome ->
            answer.accept(
                outcome == PutStatus.PUT_OK
                    ? new XaAnswer.Ok()
                    : XaAnswer.refused(
                        XAException.XAER_RMFAIL,
                        "the branches in doubt are not known: the disk answered " + outcome)));
  }

  /**
   * What became of a branch.
   *
   * @param notKnown told instead when that is not durable, so that it may be taken back: who takes
   *     a branch that is unknown for one that was not committed must not hear so of such a one
   */
  public void outcome(BranchXid xid, Consumer<BranchState> answer, Consumer<XaRefusal> notKnown) {
    Optional<Branch> branch = branches.find(xid);
    Optional<RememberedOutcomes.Outcome> outcome = decided.outcome(xid);
    if (branch.isPresent()) {
      answer.accept(branch.get().state());
    } else if (decided.prepared(xid).isPresent()) {
      tell(BranchState.PREPARED, journal.endPosition(), answer, notKnown);
    } else if (outcome.isPresent()) {
      tell(
          XaAnswers.state(outcome.get().decided().decision()),
          outcome.get().endPosition(),
          answer,
          notKnown);
    } else {
      answer.accept(BranchState.UNKNOWN);
    }
  }

  private void tell(
      BranchState state,
      long endPosition,
      Consumer<BranchState> answer,
      Consumer<XaRefusal> notKnown) {
    journal.whenDurable(
        endPosition,
        durable -> {
          if (durable == PutStatus.PUT_OK) {
            answer.accept(state);
          } else {
            notKnown.accept(
                new XaRefusal(
                    XAException.XAER_RMFAIL,
                    "what became of the branch is not known yet: the disk answered " + durable));
          }
        });
  }
}
