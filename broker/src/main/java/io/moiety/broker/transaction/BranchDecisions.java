package io.moiety.broker.transaction;

import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.log.RecordDamagedException;
import io.moiety.broker.log.RecordUnreadableException;
import io.moiety.broker.store.DueWork;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.RecordSpan;
import io.moiety.broker.store.SystemRecord.BranchDecided;
import io.moiety.broker.store.SystemRecord.BranchDone;
import io.moiety.broker.store.SystemRecord.BranchForgotten;
import io.moiety.broker.store.SystemRecord.BranchPrepared;
import io.moiety.broker.store.SystemRecord.BranchSend;
import io.moiety.broker.store.SystemRecord.Decision;
import io.moiety.protocol.BranchXid;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.transaction.xa.XAException;

/**
 * Prepares, decides and completes branches.
 *
 * <p>Prepare and decision are answered when they are durable. A decision and the messages that it
 * brings about are one contiguous append; what a crash or a full disk cuts off is appended later.
 * When the disk does not answer, the outcome is unknown and said to be so ({@code XAER_RMFAIL}):
 * never a rollback code.
 *
 * <p>Owner: the store turn.
 */
public final class BranchDecisions implements DueWork {
  private static final Logger LOG = System.getLogger(BranchDecisions.class.getName());
  private static final String BY_TRANSACTION_MANAGER = "transaction manager";
  private static final long RETRY_MILLIS = 1_000;

  private final Branches branches;
  private final DecidedBranches decided;
  private final Journal journal;
  private final Completion completion;
  private long retryMillis = Long.MAX_VALUE;

  public BranchDecisions(
      Branches branches, DecidedBranches decided, Journal journal, Completion completion) {
    this.branches = branches;
    this.decided = decided;
    this.journal = journal;
    this.completion = completion;
  }

  /**
   * {@code xa_prepare}.
   *
   * @param sends how many messages the client sent in the branch, negative when it does not know
   * @param acks how many acknowledge requests it made, negative when it does not know
   */
  public void prepare(
      BranchXid xid, int sends, int acks, long nowMillis, Consumer<XaAnswer> answer) {
    Optional<Branch> found = branches.find(xid);
    if (found.isEmpty()) {
      answer.accept(
          XaAnswer.refused(XAException.XAER_NOTA, "there is no branch " + xid + " to prepare"));
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
      long end =
          journal
              .record(
                  new BranchPrepared(
                      xid, branch.incarnation(), nowMillis, branch.sends(), branch.acks()))
              .endPosition();
      branches.leave(branch.xid());
      journal.whenDurable(end, outcome -> answer.accept(durable(outcome, "prepared", xid)));
    }
  }

  /** What a commit would read, for who has it read elsewhere before. */
  public List<RecordSpan> reads(BranchXid xid) {
    return branches
        .find(xid)
        .map(Branch::sends)
        .or(() -> decided.prepared(xid).map(BranchPrepared::sends))
        .orElse(List.of())
        .stream()
        .map(send -> new RecordSpan(send.position(), send.sizeBytes()))
        .toList();
  }

  /** {@code xa_commit}; in one phase the counts are as in {@link #prepare}. */
  public void commit(
      BranchXid xid,
      boolean onePhase,
      int sends,
      int acks,
      long nowMillis,
      Consumer<XaAnswer> answer) {
    Optional<Branch> branch = branches.find(xid);
    Optional<BranchPrepared> prepared = decided.prepared(xid);
    if (onePhase && branch.isPresent()) {
      commitOnePhase(branch.get(), sends, acks, nowMillis, answer);
    } else if (prepared.isPresent()) {
      decide(prepared.get(), Decision.COMMIT, BY_TRANSACTION_MANAGER, nowMillis, answer);
    } else if (branch.isPresent()) {
      answer.accept(XaAnswer.refused(XAException.XAER_PROTO, "branch " + xid + " is not prepared"));
    } else {
      answerFromMemory(xid, true, answer);
    }
  }

  private void commitOnePhase(
      Branch branch, int sends, int acks, long nowMillis, Consumer<XaAnswer> answer) {
    Optional<XaAnswer> refusal = refuseToKeep(branch, sends, acks);
    if (refusal.isPresent()) {
      answer.accept(refusal.get());
      return;
    }
    if (branch.isReadOnly()) {
      branches.leave(branch.xid());
      answer.accept(new XaAnswer.Ok());
      return;
    }
    BranchPrepared contents =
        new BranchPrepared(
            branch.xid(), branch.incarnation(), nowMillis, branch.sends(), branch.acks());
    decide(contents, Decision.COMMIT, BY_TRANSACTION_MANAGER, nowMillis, answer);
  }

  /** {@code xa_rollback}. */
  public void rollback(BranchXid xid, long nowMillis, Consumer<XaAnswer> answer) {
    Optional<Branch> branch = branches.find(xid);
    Optional<BranchPrepared> prepared = decided.prepared(xid);
    if (branch.isPresent()) {
      branches.abandon(branch.get());
      answer.accept(new XaAnswer.Ok());
    } else if (prepared.isPresent()) {
      decide(prepared.get(), Decision.ROLLBACK, BY_TRANSACTION_MANAGER, nowMillis, answer);
    } else {
      answerFromMemory(xid, false, answer);
    }
  }

  /** {@code xa_forget}. */
  public void forget(BranchXid xid, Consumer<XaAnswer> answer) {
    Optional<DecidedBranches.Outcome> outcome = decided.outcome(xid);
    if (outcome.isEmpty() || !isHeuristic(outcome.get())) {
      answer.accept(
          XaAnswer.refused(XAException.XAER_NOTA, "branch " + xid + " has no heuristic outcome"));
      return;
    }
    long end =
        journal.record(new BranchForgotten(outcome.get().decided().incarnation())).endPosition();
    journal.whenDurable(end, durable -> answer.accept(durable(durable, "forgotten", xid)));
  }

  /**
   * {@code xa_recover}: prepared and heuristically completed branches after the given one, in
   * order.
   */
  public List<BranchXid> recover(Optional<BranchXid> after, int limit) {
    return decided.inDoubt().stream()
        .sorted(Comparator.comparing(BranchXid::toText))
        .filter(xid -> after.isEmpty() || xid.toText().compareTo(after.get().toText()) > 0)
        .limit(limit)
        .toList();
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

  /** What became of a branch, told once that is durable. */
  public void outcome(BranchXid xid, Consumer<BranchState> answer) {
    Optional<Branch> branch = branches.find(xid);
    Optional<DecidedBranches.Outcome> outcome = decided.outcome(xid);
    if (branch.isPresent()) {
      answer.accept(
          branch.get().rollbackOnlyReason().isEmpty()
              ? BranchState.ACTIVE
              : BranchState.ROLLBACK_ONLY);
    } else if (decided.prepared(xid).isPresent()) {
      journal.whenDurable(
          journal.endPosition(),
          durable ->
              answer.accept(
                  durable == PutStatus.PUT_OK ? BranchState.PREPARED : BranchState.UNKNOWN));
    } else if (outcome.isPresent()) {
      journal.whenDurable(
          outcome.get().endPosition(),
          durable ->
              answer.accept(
                  durable == PutStatus.PUT_OK
                      ? state(outcome.get().decided().decision())
                      : BranchState.UNKNOWN));
    } else {
      answer.accept(BranchState.UNKNOWN);
    }
  }

  /** Appends what decisions still demand: after replay, and after the log had refused. */
  public void completeOpen(long nowMillis) {
    retryMillis = Long.MAX_VALUE;
    for (BranchDecided open : decided.incomplete()) {
      try {
        complete(open.incarnation(), nowMillis);
      } catch (AppendRefusedException refused) {
        tryAgain(open.xid(), refused, nowMillis);
        return;
      } catch (RecordDamagedException | RecordUnreadableException damaged) {
        tryAgain(open.xid(), damaged, nowMillis);
      }
    }
  }

  private void tryAgain(BranchXid xid, RuntimeException why, long nowMillis) {
    LOG.log(
        Level.WARNING,
        "The committed branch {0} cannot be completed now and will be tried again: {1}",
        xid,
        why.getMessage());
    retryMillis = nowMillis + RETRY_MILLIS;
  }

  /** Tries again what could not be completed. */
  @Override
  public void run(long nowMillis) {
    if (nowMillis >= retryMillis) {
      completeOpen(nowMillis);
    }
  }

  @Override
  public long nextDueMillis() {
    return retryMillis;
  }

  private void decide(
      BranchPrepared branch,
      Decision decision,
      String decidedBy,
      long nowMillis,
      Consumer<XaAnswer> answer) {
    long end =
        journal
            .record(
                new BranchDecided(
                    branch.xid(),
                    branch.incarnation(),
                    decision,
                    decidedBy,
                    nowMillis,
                    branch.sends(),
                    branch.acks()))
            .endPosition();
    branches.leave(branch.xid());
    if (decision.commits()) {
      try {
        end = Math.max(end, complete(branch.incarnation(), nowMillis));
      } catch (AppendRefusedException
          | RecordDamagedException
          | RecordUnreadableException refused) {
        retryMillis = nowMillis + RETRY_MILLIS;
        answer.accept(
            XaAnswer.refused(
                XAException.XAER_RMFAIL,
                "branch "
                    + branch.xid()
                    + " is committed, but not all of its messages could be"
                    + " stored yet; the broker goes on trying: "
                    + refused.getMessage()));
        return;
      }
    }
    journal.whenDurable(end, outcome -> answer.accept(durable(outcome, "decided", branch.xid())));
  }

  /** Appends the missing messages and the mark that there are no more; the end of the last. */
  private long complete(long incarnation, long nowMillis) {
    List<BranchSend> missing = decided.missing(incarnation);
    for (BranchSend send : missing) {
      completion.complete(send.position(), send.sizeBytes(), nowMillis);
    }
    return journal.record(new BranchDone(incarnation)).endPosition();
  }

  /** Rolls back, with its reason, what cannot be promised to be kept. */
  private Optional<XaAnswer> refuseToKeep(Branch branch, int sends, int acks) {
    if (!branch.rollbackOnlyReason().isEmpty()) {
      branches.abandon(branch);
      return Optional.of(
          XaAnswer.refused(
              XAException.XA_RBROLLBACK,
              "branch " + branch.xid() + " is rolled back: " + branch.rollbackOnlyReason()));
    }
    if (!branch.isEnded()) {
      return Optional.of(
          XaAnswer.refused(
              XAException.XAER_PROTO, "branch " + branch.xid() + " must be ended first"));
    }
    boolean complete =
        branch.hasAll(
            sends < 0 ? branch.sends().size() : sends, acks < 0 ? branch.ackRequests() : acks);
    if (!complete) {
      branches.abandon(branch);
      return Optional.of(
          XaAnswer.refused(
              XAException.XA_RBCOMMFAIL,
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
                  + " arrived"));
    }
    return Optional.empty();
  }

  private void answerFromMemory(BranchXid xid, boolean commit, Consumer<XaAnswer> answer) {
    Optional<DecidedBranches.Outcome> outcome = decided.outcome(xid);
    if (outcome.isEmpty()) {
      answer.accept(XaAnswer.refused(XAException.XAER_NOTA, "branch " + xid + " is unknown"));
      return;
    }
    journal.whenDurable(
        outcome.get().endPosition(),
        durable ->
            answer.accept(
                durable == PutStatus.PUT_OK
                    ? remembered(xid, outcome.get().decided().decision(), commit)
                    : durable(durable, "decided", xid)));
  }

  private static XaAnswer remembered(BranchXid xid, Decision decision, boolean commit) {
    String was = "branch " + xid + " was decided already: " + decision;
    return switch (decision) {
      case COMMIT -> commit ? new XaAnswer.Ok() : XaAnswer.refused(XAException.XAER_PROTO, was);
      case ROLLBACK ->
          commit ? XaAnswer.refused(XAException.XA_RBROLLBACK, was) : new XaAnswer.Ok();
      case HEURISTIC_COMMIT -> XaAnswer.refused(XAException.XA_HEURCOM, was);
      case HEURISTIC_ROLLBACK -> XaAnswer.refused(XAException.XA_HEURRB, was);
    };
  }

  private static XaAnswer durable(PutStatus outcome, String step, BranchXid xid) {
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

  private static boolean isHeuristic(DecidedBranches.Outcome outcome) {
    return switch (outcome.decided().decision()) {
      case HEURISTIC_COMMIT, HEURISTIC_ROLLBACK -> true;
      case COMMIT, ROLLBACK -> false;
    };
  }

  private static BranchState state(Decision decision) {
    return switch (decision) {
      case COMMIT -> BranchState.COMMITTED;
      case ROLLBACK -> BranchState.ROLLED_BACK;
      case HEURISTIC_COMMIT -> BranchState.HEURISTIC_COMMIT;
      case HEURISTIC_ROLLBACK -> BranchState.HEURISTIC_ROLLBACK;
    };
  }
}
