package io.moiety.jms;

import io.moiety.client.Branch;
import io.moiety.client.BranchPart;
import io.moiety.client.BrokerException;
import io.moiety.client.OutgoingMessage;
import io.moiety.client.RequestLimitException;
import io.moiety.client.SendReceipt;
import io.moiety.protocol.BranchXid;
import jakarta.jms.JMSException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;

/**
 * A transacted session's transactions, one after the other. One in which something was sent is a
 * branch of its own at the broker, started by the first send and committed in one phase together
 * with the acknowledgements. One of a single message is committed by the send of it, which waits
 * for the commit here; one that only received is a single acknowledgement: both are atomic by
 * themselves.
 *
 * <p>Confined to the session's thread; close is called when no other call is under way.
 */
final class LocalTransaction implements TransactionContext {

  /** From one commit to the next in a session that commits again and again. */
  private static final long SOON_MILLIS = 1_000;

  /** A larger message is on its way while the application goes on. */
  private static final int MAX_KEPT_BYTES = 64 * 1024;

  private final Link link;
  private final Deliveries deliveries;
  private final LostAnswers lostAnswers;
  private final SessionBranches branches;
  private @Nullable BranchWork work;

  /** The only message of the transaction so far, which was not sent. */
  private @Nullable OutgoingMessage kept;

  /** Of the connection that the branch began by, or of an earlier one. */
  private int connectionNumber;

  LocalTransaction(Link link, Deliveries deliveries, LostAnswers lostAnswers) {
    this.link = link;
    this.deliveries = deliveries;
    this.lostAnswers = lostAnswers;
    branches = new SessionBranches(link, SOON_MILLIS);
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isTransacted() {
    return true;
  }

  @Override
  public Optional<BranchWork> managedBranch() {
    return Optional.empty();
  }

  @Override
  public Optional<BranchPart> joinSend() throws JMSException {
    if (isLost()) {
      throw JmsExceptions.lostTransaction();
    }
    sendKept();
    return Optional.of(begun().nextPart());
  }

  @Override
  public boolean keep(OutgoingMessage message) {
    boolean isFirst = message.branch().filter(part -> part.sequence() == 1).isPresent();
    if (!isFirst || message.body().remaining() > MAX_KEPT_BYTES) {
      return false;
    }
    kept = message;
    return true;
  }

  /** It is not the only part any more. */
  private void sendKept() throws JMSException {
    OutgoingMessage first = kept;
    kept = null;
    if (first != null) {
      sent(link.send(first), first.body().remaining());
    }
  }

  private BranchWork begun() throws JMSException {
    BranchWork current = work;
    if (current == null) {
      SessionBranches.Begun begun = branches.take();
      connectionNumber = begun.connectionNumber();
      current = new BranchWork(begun.branch());
      work = current;
    }
    return current;
  }

  /** True when some of the transaction was undone with a lost connection. */
  private boolean isLost() {
    return (work != null && isOfLostConnection()) || deliveries.hasLost();
  }

  /** A branch is rolled back with the connection that it began by, unless it is committed. */
  private boolean isOfLostConnection() {
    return connectionNumber != link.connectionNumber();
  }

  private static boolean isLoss(ExecutionException failure) {
    return JmsExceptions.unwrap(failure) instanceof LinkLostException;
  }

  @Override
  public void sent(CompletableFuture<SendReceipt> answer, int bytes) throws JMSException {
    BranchWork current = work;
    if (current == null) {
      throw new AssertionError("A send without a branch in a transacted session");
    }
    try {
      current.sent(answer, bytes);
    } catch (ExecutionException failure) {
      if (isLoss(failure) || isOfLostConnection()) {
        throw JmsExceptions.lostTransaction();
      }
      throw JmsExceptions.of("send a message in this transaction; roll it back", failure);
    }
  }

  @Override
  public void sentAsynchronously(CompletableFuture<SendReceipt> answer, int bytes) {
    BranchWork current = work;
    if (current == null) {
      throw new AssertionError("A send without a branch in a transacted session");
    }
    current.sentAsynchronously(answer, bytes);
  }

  @Override
  public void commit() throws JMSException {
    try {
      if (isLost()) {
        throw JmsExceptions.lostTransaction();
      }
      if (work == null && !isAskedForLater()) {
        deliveries.acknowledge();
      } else if (kept != null && deliveries.unacknowledgedCount() == 0) {
        commitBy(kept, begun().branch());
      } else {
        sendKept();
        commit(begun());
      }
    } catch (JMSException failure) {
      deliveries.recoverAfter(failure);
      throw failure;
    } finally {
      work = null;
      kept = null;
    }
  }

  /**
   * Where a connection may be lost and the session goes on, whether a commit of receipts happened
   * must be found out: the broker remembers that of branches, not of acknowledgements.
   */
  private boolean isAskedForLater() {
    return link.resumes() && deliveries.unacknowledgedCount() > 0;
  }

  /**
   * Acknowledgement and commit go out in one piece; the counts in the commit tell the broker if a
   * part was refused.
   */
  private void commit(BranchWork current) throws JMSException {
    Branch branch = current.branch();
    CompletableFuture<Void> acknowledged = deliveries.acknowledgeIn(current);
    CompletableFuture<?> committed = branches.commit(branch, current.counts());
    try {
      Await.outcome(committed);
    } catch (ExecutionException failure) {
      settle(branch.xid(), failure, firstReason(current, acknowledged));
    }
  }

  private void commitBy(OutgoingMessage only, Branch branch) throws JMSException {
    try {
      Await.outcome(branches.commit(only));
    } catch (ExecutionException failure) {
      if (isRefusal(failure) && isRolledBack(branch)) {
        throw JmsExceptions.ofXa(
            "commit the transaction",
            XaExceptions.exception(
                XAException.XA_RBROLLBACK,
                "its message was not stored: " + JmsExceptions.unwrap(failure).getMessage(),
                JmsExceptions.unwrap(failure)));
      }
      settle(branch.xid(), failure, null);
    }
  }

  /** Whether somebody said no to the message, so that its branch is as it was. */
  private static boolean isRefusal(ExecutionException failure) {
    Throwable cause = JmsExceptions.unwrap(failure);
    return cause instanceof BrokerException || cause instanceof RequestLimitException;
  }

  /** False when that cannot be said for certain. */
  private boolean isRolledBack(Branch branch) {
    try {
      Await.outcome(link.branches().rollback(branch.xid()));
      return true;
    } catch (ExecutionException unknown) {
      return false;
    }
  }

  /** Returns when the transaction is committed nevertheless. */
  private void settle(BranchXid xid, ExecutionException failure, @Nullable Throwable reason)
      throws JMSException {
    try {
      XAException refused = XaExceptions.of("commit", xid, failure);
      boolean isKnown =
          !XaExceptions.isUncertain(failure)
              && !(link.resumes() && refused.errorCode == XAException.XAER_RMFAIL);
      if (isKnown) {
        throw isOfLostConnection() && isUnknownToTheBroker(refused)
            ? XaExceptions.exception(
                XAException.XA_RBCOMMFAIL, "its connection was lost before", failure)
            : refused;
      }
      lostAnswers.commitOnePhase(xid, failure);
    } catch (XAException notCommitted) {
      JMSException thrown = JmsExceptions.ofXa("commit the transaction", notCommitted);
      if (reason != null) {
        thrown.addSuppressed(JmsExceptions.unwrap(reason));
      }
      throw thrown;
    }
  }

  /** As one is that ended with its connection before the commit came. */
  private static boolean isUnknownToTheBroker(XAException refused) {
    return refused.errorCode == XAException.XAER_NOTA
        || refused.errorCode == XAException.XAER_PROTO;
  }

  /** Which of the transaction's requests the broker did not take. */
  private static @Nullable Throwable firstReason(
      BranchWork current, CompletableFuture<Void> acknowledged) {
    try {
      current.awaitSends();
      Await.outcome(acknowledged);
      return null;
    } catch (ExecutionException failure) {
      return failure;
    }
  }

  @Override
  public void rollback() throws JMSException {
    BranchWork current = work;
    boolean undone = isLost();
    work = null;
    kept = null;
    if (current != null && !undone) {
      Branch branch = current.branch();
      CompletableFuture<Void> ended = link.branches().end(branch, XAResource.TMFAIL);
      CompletableFuture<Void> rolledBack = link.branches().rollback(branch.xid());
      try {
        Await.outcome(ended.handle((done, failure) -> rolledBack).thenCompose(step -> step));
      } catch (ExecutionException failure) {
        deliveries.recover();
        if (isLoss(failure) || isOfLostConnection()) {
          return;
        }
        throw JmsExceptions.of("roll back the transaction", failure);
      }
    }
    deliveries.recover();
  }

  @Override
  public void close() throws JMSException {
    if (link.isOpen()) {
      branches.close();
      rollback();
    }
  }
}
