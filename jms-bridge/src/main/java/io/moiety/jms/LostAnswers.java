package io.moiety.jms;

import io.moiety.client.BranchState;
import io.moiety.protocol.BranchXid;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.transaction.xa.XAException;
import javax.transaction.xa.Xid;

/**
 * Finds out, over a connection of its own or the next one of its link, what became of a completion
 * whose answer was lost. Each method makes one attempt and returns only when the branch is known to
 * be as asked; everything else is an {@link XAException}, XAER_RMFAIL where the outcome is still
 * not known. Thread-safe.
 */
final class LostAnswers {

  /** Over a link that connects again, where the answer to a rollback can be lost as well. */
  private static final int MAX_ROLLBACKS = 3;

  private final Link.Source source;
  private final Consumer<Xid> unansweredRollbacks;
  private final Consumer<Link> leave;
  private final int maxRollbacks;

  private LostAnswers(
      Link.Source source,
      Consumer<Xid> unansweredRollbacks,
      Consumer<Link> leave,
      int maxRollbacks) {
    this.source = source;
    this.unansweredRollbacks = unansweredRollbacks;
    this.leave = leave;
    this.maxRollbacks = maxRollbacks;
  }

  /**
   * @param unansweredRollbacks told of each branch that was to be rolled back and perhaps was not
   */
  LostAnswers(Link.Source source, Consumer<Xid> unansweredRollbacks) {
    this(source, unansweredRollbacks, Link::close, 1);
  }

  /** Asks over a link that connects again by itself. */
  static LostAnswers over(Link resuming, Consumer<Xid> unansweredRollbacks) {
    return new LostAnswers(
        (name, instance, events) -> CompletableFuture.completedFuture(resuming),
        unansweredRollbacks,
        link -> {},
        MAX_ROLLBACKS);
  }

  /**
   * Asks again, since a repeated commit of a prepared branch is answered from its remembered
   * outcome.
   */
  void commit(BranchXid xid, Throwable lost) throws XAException {
    onNewLink(xid, lost, link -> done(link.branches().commit(xid), "commit", xid));
  }

  void rollback(BranchXid xid, Throwable lost) throws XAException {
    try {
      onNewLink(xid, lost, link -> done(link.branches().rollback(xid), "rollback", xid));
    } catch (XAException failure) {
      if (failure.errorCode == XAException.XAER_RMFAIL) {
        unansweredRollbacks.accept(xid);
      }
      throw failure;
    }
  }

  /**
   * A branch that is still open may yet be committed by the request on its way, so it is rolled
   * back here; only when that succeeds has the commit certainly not happened. One that the store
   * does not know may have been committed: it remembers outcomes for a time only. But not one that
   * was open when a link which connects again asked first: nothing of the connection before takes
   * effect any more, so it was rolled back, by a request whose answer was lost too.
   */
  void commitOnePhase(BranchXid xid, Throwable lost) throws XAException {
    onNewLink(xid, lost, link -> judge(finalState(link, xid), xid, lost));
  }

  private BranchState finalState(Link link, BranchXid xid) throws XAException {
    BranchState first = outcome(link, xid);
    BranchState state = first;
    for (int attempt = 0; attempt < maxRollbacks && isUndecided(state); attempt++) {
      state = rolledBackOrOutcome(link, xid);
    }
    return state == BranchState.UNKNOWN && isUndecided(first) && link.resumes()
        ? BranchState.ROLLED_BACK
        : state;
  }

  private static boolean isUndecided(BranchState state) {
    return state == BranchState.ACTIVE || state == BranchState.ROLLBACK_ONLY;
  }

  private static BranchState rolledBackOrOutcome(Link link, BranchXid xid) throws XAException {
    try {
      done(link.branches().rollback(xid), "rollback", xid);
      return BranchState.ROLLED_BACK;
    } catch (XAException resolvedMeanwhile) {
      return outcome(link, xid);
    }
  }

  private static void judge(BranchState state, BranchXid xid, Throwable lost) throws XAException {
    String message =
        "The answer to the one-phase commit of branch "
            + xid
            + " was lost; the broker says "
            + state;
    switch (state) {
      case COMMITTED -> {}
      case ROLLED_BACK -> throw XaExceptions.exception(XAException.XA_RBCOMMFAIL, message, lost);
      case HEURISTIC_COMMIT -> throw XaExceptions.exception(XAException.XA_HEURCOM, message, lost);
      case HEURISTIC_ROLLBACK -> throw XaExceptions.exception(XAException.XA_HEURRB, message, lost);
      case ACTIVE, ROLLBACK_ONLY, PREPARED, UNKNOWN ->
          throw XaExceptions.exception(XAException.XAER_RMFAIL, message, lost);
    }
  }

  private static BranchState outcome(Link link, BranchXid xid) throws XAException {
    return answer(link.branches().outcome(xid), "outcome", xid);
  }

  private static void done(CompletableFuture<Void> step, String name, BranchXid xid)
      throws XAException {
    answer(step.thenApply(Function.identity()), name, xid);
  }

  private static <T> T answer(CompletableFuture<T> step, String name, BranchXid xid)
      throws XAException {
    try {
      return Await.outcome(step);
    } catch (ExecutionException failure) {
      if (XaExceptions.isUncertain(failure)) {
        throw XaExceptions.unknownOutcome(name, xid, failure);
      }
      throw XaExceptions.of(name, xid, failure);
    }
  }

  private interface Question {
    void ask(Link link) throws XAException;
  }

  private void onNewLink(BranchXid xid, Throwable lost, Question question) throws XAException {
    Link link;
    try {
      link = Await.outcome(source.open(ConnectionNames.anonymous(), Optional.empty(), cause -> {}));
    } catch (ExecutionException unreachable) {
      XAException unknown =
          XaExceptions.exception(
              XAException.XAER_RMFAIL,
              "The outcome of branch "
                  + xid
                  + " is not known: its connection was lost and the broker cannot be reached",
              JmsExceptions.unwrap(lost));
      unknown.addSuppressed(JmsExceptions.unwrap(unreachable));
      throw unknown;
    }
    try {
      question.ask(link);
    } finally {
      leave.accept(link);
    }
  }
}
