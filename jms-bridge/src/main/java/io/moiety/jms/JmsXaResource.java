package io.moiety.jms;

import io.moiety.client.Branch;
import io.moiety.client.BranchCounts;
import io.moiety.client.Vote;
import io.moiety.protocol.BranchXid;
import jakarta.jms.JMSException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/**
 * A session's side of the transaction manager. Whatever is completed here may have been worked in
 * elsewhere: any resource of a broker completes any of its branches, also over a connection of its
 * own when this one is lost.
 *
 * <p>Two resources are the same manager to {@link #isSameRM} when they share store and connection:
 * then they may join each other's branches, whose messages are numbered per connection. Those of
 * different connections get branches of their own, which the transaction manager commits together.
 *
 * <p>Called by one thread at a time for one association, as XA has it; completion is thread-safe.
 */
final class JmsXaResource implements XAResource {

  private final Link link;
  private final BranchTable branches;
  private final XaAssociation association;
  private final Deliveries deliveries;
  private final LostAnswers lostAnswers;
  private final int defaultTimeoutSeconds;
  private volatile int timeoutSeconds;

  /**
   * @param defaultTimeoutSeconds of branches, unless the transaction manager sets another
   */
  JmsXaResource(
      Link link,
      BranchTable branches,
      XaAssociation association,
      Deliveries deliveries,
      LostAnswers lostAnswers,
      int defaultTimeoutSeconds) {
    this.link = link;
    this.branches = branches;
    this.association = association;
    this.deliveries = deliveries;
    this.lostAnswers = lostAnswers;
    this.defaultTimeoutSeconds = defaultTimeoutSeconds;
    timeoutSeconds = defaultTimeoutSeconds;
  }

  @Override
  public void start(Xid xid, int flags) throws XAException {
    BranchWork current = association.current();
    if (current != null) {
      throw XaExceptions.protocol(
          "start of " + xid + ": the session still works in " + current.branch().xid());
    }
    if (flags != TMNOFLAGS && flags != TMJOIN && flags != TMRESUME) {
      throw XaExceptions.exception(XAException.XAER_INVAL, "start with flags " + flags);
    }
    BranchXid branchXid = BranchXid.copyOf(xid);
    Branch branch =
        await(
            link.branches().start(branchXid, flags, Duration.ofSeconds(timeoutSeconds)),
            "start",
            branchXid);
    association.set(branches.enter(branch));
  }

  @Override
  public void end(Xid xid, int flags) throws XAException {
    BranchXid branchXid = BranchXid.copyOf(xid);
    BranchWork work = association.current();
    if (work == null || !work.branch().xid().equals(branchXid)) {
      endUnassociated(branchXid, flags);
      return;
    }
    association.set(null);
    if (flags == TMFAIL) {
      endFailed(work);
    } else {
      endSuccessful(work, flags);
    }
  }

  /**
   * Of a branch that is suspended, or whose session is closed: it may be ended without being
   * resumed.
   */
  private void endUnassociated(BranchXid xid, int flags) throws XAException {
    BranchWork work =
        branches
            .find(xid)
            .orElseThrow(
                () ->
                    XaExceptions.protocol(
                        "end of " + xid + ", which this connection never started"));
    try {
      work.awaitSends();
    } catch (ExecutionException failure) {
      throw incomplete(work, failure);
    }
    await(link.branches().end(work.branch(), flags), "end", xid);
  }

  /**
   * The end goes out behind the branch's sends and acknowledgements without waiting for their
   * answers. When one was refused it is ended a second time, by a failure.
   */
  private void endSuccessful(BranchWork work, int flags) throws XAException {
    CompletableFuture<Void> acknowledged = deliveries.acknowledgeIn(work);
    CompletableFuture<Void> ended = link.branches().end(work.branch(), flags);
    try {
      work.awaitSends();
      Await.outcome(acknowledged);
    } catch (ExecutionException failure) {
      throw incomplete(work, failure);
    }
    await(ended, "end", work.branch().xid());
  }

  /** A send or an acknowledgement was not taken: without it the branch must not commit. */
  private XAException incomplete(BranchWork work, ExecutionException failure) {
    BranchXid xid = work.branch().xid();
    XAException rollbackOnly =
        XaExceptions.exception(
            XAException.XA_RBROLLBACK,
            "Branch "
                + xid
                + " can only be rolled back: "
                + JmsExceptions.unwrap(failure).getMessage(),
            failure);
    try {
      endFailed(work);
    } catch (XAException alsoFailed) {
      rollbackOnly.addSuppressed(alsoFailed);
    }
    return rollbackOnly;
  }

  private void endFailed(BranchWork work) throws XAException {
    CompletableFuture<Void> ended = link.branches().end(work.branch(), TMFAIL);
    try {
      deliveries.recover();
    } catch (JMSException lost) {
      throw XaExceptions.exception(
          XAException.XAER_RMFAIL,
          "Could not give back what was received in branch " + work.branch().xid(),
          lost);
    }
    await(ended, "end", work.branch().xid());
  }

  @Override
  public int prepare(Xid xid) throws XAException {
    BranchXid branchXid = BranchXid.copyOf(xid);
    Optional<BranchWork> work = branches.find(branchXid);
    Vote vote =
        await(
            link.branches().prepare(branchXid, work.map(BranchWork::branch), counts(work)),
            "prepare",
            branchXid);
    if (vote == Vote.READ_ONLY) {
      branches.completed(branchXid);
      return XA_RDONLY;
    }
    return XA_OK;
  }

  @Override
  public void commit(Xid xid, boolean onePhase) throws XAException {
    BranchXid branchXid = BranchXid.copyOf(xid);
    Optional<BranchWork> work = branches.find(branchXid);
    CompletableFuture<Void> committed =
        onePhase
            ? link.branches().commitOnePhase(branchXid, counts(work))
            : link.branches().commit(branchXid);
    try {
      Await.outcome(committed);
    } catch (ExecutionException failure) {
      if (!XaExceptions.isUncertain(failure)) {
        throw XaExceptions.of("commit", branchXid, failure);
      }
      if (onePhase) {
        lostAnswers.commitOnePhase(branchXid, failure);
      } else {
        lostAnswers.commit(branchXid, failure);
      }
    }
    branches.completed(branchXid);
  }

  @Override
  public void rollback(Xid xid) throws XAException {
    BranchXid branchXid = BranchXid.copyOf(xid);
    endBeforeRollback(branchXid);
    try {
      Await.outcome(link.branches().rollback(branchXid));
    } catch (ExecutionException failure) {
      if (!XaExceptions.isUncertain(failure)) {
        throw XaExceptions.of("rollback", branchXid, failure);
      }
      lostAnswers.rollback(branchXid, failure);
    }
    branches.completed(branchXid);
  }

  /**
   * Transaction managers roll back on a timeout while the application still works in the branch.
   */
  private void endBeforeRollback(BranchXid xid) throws XAException {
    BranchWork work = association.current();
    if (work != null && work.branch().xid().equals(xid) && link.isOpen()) {
      association.set(null);
      endFailed(work);
    }
  }

  @Override
  public void forget(Xid xid) throws XAException {
    BranchXid branchXid = BranchXid.copyOf(xid);
    await(link.branches().forget(branchXid), "forget", branchXid);
  }

  /**
   * Everything at the start of a scan, since a scan's pages are read there; nothing more in its
   * course.
   */
  @Override
  public Xid[] recover(int flag) throws XAException {
    if ((flag & ~(TMSTARTRSCAN | TMENDRSCAN)) != 0) {
      throw XaExceptions.exception(XAException.XAER_INVAL, "recover with flags " + flag);
    }
    if ((flag & TMSTARTRSCAN) == 0) {
      return new Xid[0];
    }
    try {
      List<BranchXid> found = Await.outcome(link.branches().recover());
      return found.toArray(new Xid[0]);
    } catch (ExecutionException failure) {
      throw XaExceptions.exception(
          XAException.XAER_RMFAIL,
          "recover failed: " + JmsExceptions.unwrap(failure).getMessage(),
          failure);
    }
  }

  @Override
  public boolean isSameRM(@Nullable XAResource other) {
    return other instanceof JmsXaResource that
        && that.link.storeUuid().equals(link.storeUuid())
        && that.branches == branches;
  }

  @Override
  public int getTransactionTimeout() {
    return timeoutSeconds;
  }

  @Override
  public boolean setTransactionTimeout(int seconds) throws XAException {
    if (seconds < 0) {
      throw XaExceptions.exception(
          XAException.XAER_INVAL, "Transaction timeout of " + seconds + " s");
    }
    timeoutSeconds = seconds == 0 ? defaultTimeoutSeconds : seconds;
    return true;
  }

  private static BranchCounts counts(Optional<BranchWork> work) {
    return work.map(BranchWork::counts).orElse(BranchCounts.UNKNOWN);
  }

  private static <T> T await(CompletableFuture<T> step, String name, BranchXid xid)
      throws XAException {
    try {
      return Await.outcome(step);
    } catch (ExecutionException failure) {
      throw XaExceptions.of(name, xid, failure);
    }
  }
}
