package io.moiety.broker.transaction;

import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.log.Appended;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.Journal.Logged;
import io.moiety.broker.store.RecordSpan;
import io.moiety.broker.store.SystemRecord.BranchForgotten;
import io.moiety.broker.store.SystemRecord.BranchPrepared;
import io.moiety.broker.store.SystemRecord.Decision;
import io.moiety.broker.transaction.BranchCompletion.Progress;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordLayout;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;

/**
 * Prepares, decides and forgets branches: for transaction managers, and the prepared ones for
 * administrators.
 *
 * <p>Prepare and decision are answered when they are durable, a commit when everything that it
 * demands is; one in one phase, which is all that its application knows of it, when that is as
 * durable as a message that is sent. When the disk does not answer, the outcome is unknown and said
 * to be so ({@code XAER_RMFAIL}): never a rollback code.
 *
 * <p>Owner: the store turn.
 */
public final class BranchDecisions {
  private static final String BY_TRANSACTION_MANAGER = "transaction manager";

  private final Branches branches;
  private final DecidedBranches decided;
  private final Journal journal;
  private final BranchCompletion completion;

  public BranchDecisions(
      Branches branches, DecidedBranches decided, Journal journal, BranchCompletion completion) {
    this.branches = branches;
    this.decided = decided;
    this.journal = journal;
    this.completion = completion;
  }

  /** As the other, of a certain incarnation of the branch: another one is unknown. */
  public void prepare(
      BranchXid xid,
      long incarnation,
      int sends,
      int acks,
      long nowMillis,
      Consumer<XaAnswer> answer) {
    if (isOfAnother(xid, incarnation)) {
      answer.accept(XaAnswers.unknown(xid));
    } else {
      prepare(xid, sends, acks, nowMillis, answer);
    }
  }

  /**
   * {@code xa_prepare}. Only an ended branch is prepared, and only once.
   *
   * @param sends how many messages the client sent in the branch, negative when it does not know
   * @param acks how many acknowledge requests it made, negative when it does not know
   */
  public void prepare(
      BranchXid xid, int sends, int acks, long nowMillis, Consumer<XaAnswer> answer) {
    Optional<Branch> found = branches.find(xid);
    if (found.isEmpty()) {
      answer.accept(
          decided.isInDoubt(xid) || decided.outcome(xid).isPresent()
              ? XaAnswers.outOfOrder(xid, "was prepared or decided before")
              : XaAnswers.unknown(xid));
      return;
    }
    Branch branch = found.get();
    Optional<XaAnswer> refusal = refuseToKeep(branch, sends, acks);
    if (refusal.isPresent()) {
      answer.accept(refusal.get());
    } else if (branch.isReadOnly()) {
      branches.leave(branch.xid());
      answer.accept(new XaAnswer.ReadOnly());
    } else {
      long end = journal.record(contents(branch, nowMillis)).endPosition();
      branches.leave(branch.xid());
      journal.whenDurable(
          end, outcome -> answer.accept(XaAnswers.ofLoggedStep(outcome, "prepared", xid)));
    }
  }

  private static BranchPrepared contents(Branch branch, long nowMillis) {
    return new BranchPrepared(
        branch.xid(), branch.incarnation(), nowMillis, branch.sends(), branch.acks());
  }

  /** What a commit would read, for who has it read elsewhere before. */
  public List<RecordSpan> reads(BranchXid xid) {
    return branches
        .find(xid)
        .map(Branch::sends)
        .or(() -> decided.prepared(xid).map(BranchPrepared::sends))
        .or(() -> decided.outcome(xid).map(known -> decided.missing(known.decided().incarnation())))
        .orElse(List.of())
        .stream()
        .map(send -> new RecordSpan(send.position(), send.sizeBytes()))
        .toList();
  }

  /**
   * {@code xa_commit} of a prepared branch. Of one that was committed before, complete by now or
   * not, it means to see that it is.
   */
  public void commit(BranchXid xid, long nowMillis, Consumer<XaAnswer> answer) {
    Optional<BranchPrepared> prepared = decided.prepared(xid);
    if (prepared.isPresent()) {
      decidePrepared(prepared.get(), Decision.COMMIT, BY_TRANSACTION_MANAGER, nowMillis, answer);
    } else if (branches.find(xid).isPresent()) {
      answer.accept(XaAnswers.outOfOrder(xid, "is not prepared"));
    } else {
      answerFromMemory(xid, true, nowMillis, answer);
    }
  }

  /** {@code xa_commit} with {@code TMONEPHASE}; the counts are as in {@link #prepare}. */
  public void commitOnePhase(
      BranchXid xid, int sends, int acks, long nowMillis, Consumer<XaAnswer> answer) {
    Optional<Branch> found = branches.find(xid);
    if (found.isEmpty()) {
      if (decided.prepared(xid).isPresent()) {
        answer.accept(XaAnswers.outOfOrder(xid, "is prepared: its commit has a second phase"));
      } else {
        answerFromMemory(xid, true, nowMillis, answer);
      }
      return;
    }
    Branch branch = found.get();
    Optional<XaAnswer> refusal = refuseToKeep(branch, sends, acks);
    if (refusal.isPresent()) {
      answer.accept(refusal.get());
    } else if (branch.isReadOnly()) {
      branches.leave(xid);
      answer.accept(new XaAnswer.Ok());
    } else {
      decideAndTell(
          contents(branch, nowMillis),
          Decision.COMMIT,
          BY_TRANSACTION_MANAGER,
          nowMillis,
          journal::whenServed,
          answer);
    }
  }

  /**
   * Ends the branch with {@code TMSUCCESS}, and commits it in one phase. What keeps it from its end
   * keeps it from the commit too, which says so.
   */
  public void endAndCommit(
      BranchXid xid,
      long incarnation,
      int sends,
      int acks,
      long nowMillis,
      Consumer<XaAnswer> answer) {
    if (isOfAnother(xid, incarnation)) {
      answer.accept(XaAnswers.unknown(xid));
    } else {
      Optional<XaRefusal> unused = branches.end(xid, incarnation, XAResource.TMSUCCESS);
      commitOnePhase(xid, sends, acks, nowMillis, answer);
    }
  }

  /** Whether what is known under the Xid, open, prepared or decided, is another branch. */
  private boolean isOfAnother(BranchXid xid, long incarnation) {
    return branches
        .find(xid)
        .map(Branch::incarnation)
        .or(() -> decided.prepared(xid).map(BranchPrepared::incarnation))
        .or(() -> decided.outcome(xid).map(outcome -> outcome.decided().incarnation()))
        .filter(known -> known != incarnation)
        .isPresent();
  }

  /**
   * Commits a branch of which a message is all: that is appended where it is to be seen, once, and
   * is the decision itself. What is recorded of the branch behind it only answers questions: a
   * crash between the two leaves a message whose branch nobody knows, never a decision without its
   * message. To be asked before, in the same turn: {@link Branches#refuseOnlySend}.
   *
   * @param answer told where the message is, and that both are durable, or that the outcome is not
   *     known
   * @throws AppendRefusedException when there is no room for both, with nothing changed
   * @throws RuntimeException when the append fails all the same: the branch is unknown from then on
   */
  public void commitByMessage(
      BranchXid xid, RecordDraft message, long nowMillis, BiConsumer<Logged, XaAnswer> answer) {
    BranchPrepared branch = contents(branches.find(xid).orElseThrow(), nowMillis);
    completion.requireRoom(branch, RecordLayout.sizeBytes(message));
    // Before the append: if that fails half-way, nobody is told of a rollback.
    branches.leave(xid);
    Logged logged = journal.put(message);
    long endPosition;
    try {
      endPosition = completion.record(branch, Decision.COMMIT, BY_TRANSACTION_MANAGER, nowMillis);
    } catch (AppendRefusedException failed) {
      answer.accept(
          logged,
          XaAnswer.refused(
              XAException.XAER_RMFAIL,
              "the message that commits branch "
                  + xid
                  + " is appended, and the log takes nothing more: "
                  + failed.getMessage()));
      return;
    }
    tell(
        xid,
        new Progress.Complete(endPosition),
        journal::whenServed,
        told -> answer.accept(logged, told));
  }

  /** {@code xa_rollback}, in whatever state. */
  public void rollback(BranchXid xid, long nowMillis, Consumer<XaAnswer> answer) {
    Optional<Branch> branch = branches.find(xid);
    Optional<BranchPrepared> prepared = decided.prepared(xid);
    if (branch.isPresent()) {
      branches.abandon(branch.get());
      answer.accept(new XaAnswer.Ok());
    } else if (prepared.isPresent()) {
      decidePrepared(prepared.get(), Decision.ROLLBACK, BY_TRANSACTION_MANAGER, nowMillis, answer);
    } else {
      answerFromMemory(xid, false, nowMillis, answer);
    }
  }

  /**
   * An administrator decides a prepared branch, which its transaction manager hears as {@code
   * XA_HEURCOM} or {@code XA_HEURRB} when it comes, until it forgets it. A branch that is not
   * prepared can be rolled back, which is no heuristic: its transaction manager is told so at the
   * prepare.
   */
  void decideHeuristically(
      BranchXid xid,
      boolean commit,
      String decidedBy,
      long nowMillis,
      Consumer<AdministratorAnswer> answer) {
    Optional<BranchPrepared> prepared = decided.prepared(xid);
    Optional<Branch> branch = branches.find(xid);
    if (prepared.isPresent()) {
      Decision decision = commit ? Decision.HEURISTIC_COMMIT : Decision.HEURISTIC_ROLLBACK;
      decidePrepared(
          prepared.get(),
          decision,
          decidedBy,
          nowMillis,
          decisive -> answer.accept(AdministratorAnswer.of(decisive, decision.name())));
    } else if (branch.isPresent() && commit) {
      answer.accept(
          new AdministratorAnswer.Refused(
              "branch "
                  + xid
                  + " is not prepared: only its transaction manager knows whether it"
                  + " can be committed. It can be rolled back"));
    } else if (branch.isPresent()) {
      branches.empty(branch.get(), XAException.XA_RBOTHER, decidedBy + " rolled it back");
      answer.accept(new AdministratorAnswer.Done(BranchState.ROLLBACK_ONLY.name()));
    } else {
      Optional<Decision> before = decided.outcome(xid).map(outcome -> outcome.decided().decision());
      answer.accept(
          before.isPresent()
              ? new AdministratorAnswer.Refused(
                  "branch " + xid + " was decided before, which is final: " + before.get())
              : new AdministratorAnswer.NotFound("branch " + xid + " is unknown"));
    }
  }

  /**
   * {@code xa_forget}. A heuristic commit must be complete before: what is forgotten is not seen to
   * any more.
   */
  public void forget(BranchXid xid, long nowMillis, Consumer<XaAnswer> answer) {
    Optional<RememberedOutcomes.Outcome> heuristic = heuristic(xid);
    if (heuristic.isEmpty()) {
      answer.accept(
          XaAnswer.refused(XAException.XAER_NOTA, "branch " + xid + " has no heuristic outcome"));
    } else {
      BranchForgotten forgotten = new BranchForgotten(heuristic.get().decided().incarnation());
      forget(xid, forgotten, () -> journal.record(forgotten), nowMillis, answer);
    }
  }

  /** An administrator forgets a heuristic outcome of which no transaction manager will hear. */
  void forgetHeuristic(
      BranchXid xid, String forgottenBy, long nowMillis, Consumer<AdministratorAnswer> answer) {
    Optional<RememberedOutcomes.Outcome> heuristic = heuristic(xid);
    if (heuristic.isPresent()) {
      BranchForgotten forgotten = new BranchForgotten(heuristic.get().decided().incarnation());
      forget(
          xid,
          forgotten,
          () -> journal.record(forgotten, forgottenBy),
          nowMillis,
          told -> answer.accept(AdministratorAnswer.of(told, "FORGOTTEN")));
    } else if (branches.find(xid).isPresent()
        || decided.prepared(xid).isPresent()
        || decided.outcome(xid).isPresent()) {
      answer.accept(
          new AdministratorAnswer.Refused(
              "branch " + xid + " has no heuristic outcome, and nothing else is to be forgotten"));
    } else {
      answer.accept(new AdministratorAnswer.NotFound("branch " + xid + " is unknown"));
    }
  }

  private Optional<RememberedOutcomes.Outcome> heuristic(BranchXid xid) {
    return decided.outcome(xid).filter(outcome -> outcome.decided().decision().isHeuristic());
  }

  private void forget(
      BranchXid xid,
      BranchForgotten forgotten,
      Supplier<Appended> append,
      long nowMillis,
      Consumer<XaAnswer> answer) {
    if (decided.isIncomplete(forgotten.incarnation())
        && completion.complete(xid, forgotten.incarnation(), nowMillis)
            instanceof Progress.Begun begun) {
      answer.accept(XaAnswers.incomplete(xid, begun.why()));
      return;
    }
    journal.whenDurable(
        append.get().endPosition(),
        durable -> answer.accept(XaAnswers.ofLoggedStep(durable, "forgotten", xid)));
  }

  /** Who prepared a branch forgets it when it is told, so the answer waits for the force. */
  private void decidePrepared(
      BranchPrepared branch,
      Decision decision,
      String decidedBy,
      long nowMillis,
      Consumer<XaAnswer> answer) {
    decideAndTell(branch, decision, decidedBy, nowMillis, journal::whenDurable, answer);
  }

  /**
   * The branch takes part in nothing else from its decision on, whatever becomes of the rest.
   *
   * @throws AppendRefusedException when there is no room for a commit, with nothing changed
   * @throws RuntimeException when the append fails all the same: an open branch is unknown from
   *     then on
   */
  private void decideAndTell(
      BranchPrepared branch,
      Decision decision,
      String decidedBy,
      long nowMillis,
      Journal.Promise promise,
      Consumer<XaAnswer> answer) {
    if (decision.commits()) {
      completion.requireRoom(branch, 0);
    }
    // Before the append: if that fails half-way, nobody is told of a rollback.
    branches.leave(branch.xid());
    long endPosition = completion.record(branch, decision, decidedBy, nowMillis);
    Progress progress =
        decision.commits() && !branch.sends().isEmpty()
            ? completion.complete(branch.xid(), branch.incarnation(), nowMillis)
            : new Progress.Complete(endPosition);
    tell(branch.xid(), progress, promise, answer);
  }

  private void tell(
      BranchXid xid, Progress progress, Journal.Promise promise, Consumer<XaAnswer> answer) {
    if (progress instanceof Progress.Begun begun) {
      answer.accept(XaAnswers.incomplete(xid, begun.why()));
    } else if (progress instanceof Progress.Complete complete) {
      promise.when(
          complete.endPosition(),
          outcome -> answer.accept(XaAnswers.ofLoggedStep(outcome, "decided", xid)));
    }
  }

  /** Rolls back, with its reason, what cannot be promised to be kept. */
  private Optional<XaAnswer> refuseToKeep(Branch branch, int sends, int acks) {
    if (branch.rollbackOnly().isPresent()) {
      branches.abandon(branch);
      return branch.rollbackOnly().<XaAnswer>map(XaAnswer.Refused::new);
    }
    if (!branch.isEnded()) {
      return Optional.of(XaAnswers.outOfOrder(branch.xid(), "must be ended first"));
    }
    boolean complete =
        branch.hasAll(
            sends < 0 ? branch.sends().size() : sends, acks < 0 ? branch.ackRequests() : acks);
    if (complete) {
      return Optional.empty();
    }
    String missing =
        "branch "
            + branch.xid()
            + " is rolled back: of "
            + sends
            + " messages and "
            + acks
            + " acknowledgements, "
            + branch.sends().size()
            + " and "
            + branch.ackRequests()
            + " arrived";
    branches.abandon(branch);
    return Optional.of(XaAnswer.refused(XAException.XA_RBCOMMFAIL, missing));
  }

  private void answerFromMemory(
      BranchXid xid, boolean commit, long nowMillis, Consumer<XaAnswer> answer) {
    Optional<RememberedOutcomes.Outcome> outcome = decided.outcome(xid);
    if (outcome.isEmpty()) {
      answer.accept(XaAnswers.unknown(xid));
      return;
    }
    long incarnation = outcome.get().decided().incarnation();
    Decision decision = outcome.get().decided().decision();
    boolean saysDone =
        decision == Decision.HEURISTIC_COMMIT || (decision == Decision.COMMIT && commit);
    if (saysDone
        && decided.isIncomplete(incarnation)
        && completion.complete(xid, incarnation, nowMillis) instanceof Progress.Begun begun) {
      answer.accept(XaAnswers.incomplete(xid, begun.why()));
      return;
    }
    journal.whenDurable(
        decided.outcome(xid).orElseThrow().endPosition(),
        durable -> {
          XaAnswer told = XaAnswers.ofLoggedStep(durable, "decided", xid);
          answer.accept(
              told instanceof XaAnswer.Ok ? XaAnswers.decidedBefore(xid, decision, commit) : told);
        });
  }
}
