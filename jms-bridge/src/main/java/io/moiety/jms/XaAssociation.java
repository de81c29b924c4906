package io.moiety.jms;

import io.moiety.client.BranchPart;
import io.moiety.client.SendReceipt;
import jakarta.jms.JMSException;
import jakarta.jms.TransactionInProgressException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The branch that a transaction manager has a session work in at the moment, if any. Without one,
 * sends and acknowledgements take effect at once.
 *
 * <p>Set by {@link JmsXaResource} on the transaction manager's thread, read on the application's;
 * they are the same, or the manager orders them.
 */
final class XaAssociation implements TransactionContext {

  private final Deliveries deliveries;
  private volatile @Nullable BranchWork current;
  private volatile boolean branchRequired;

  XaAssociation(Deliveries deliveries) {
    this.deliveries = deliveries;
  }

  @Nullable BranchWork current() {
    return current;
  }

  void set(@Nullable BranchWork work) {
    current = work;
  }

  @Override
  public boolean isOpen() {
    return current != null;
  }

  @Override
  public boolean isTransacted() {
    return true;
  }

  @Override
  public boolean isManaged() {
    return true;
  }

  @Override
  public Optional<BranchWork> managedBranch() {
    return Optional.ofNullable(current);
  }

  /** Whether work outside of branches is refused, or takes effect at once. */
  void requireBranch(boolean required) {
    branchRequired = required;
  }

  @Override
  public Optional<BranchWork> beginWork() throws JMSException {
    boolean required = branchRequired;
    BranchWork work = current;
    if (required && work == null) {
      throw JmsExceptions.branchEnded("nothing was sent or received");
    }
    return Optional.ofNullable(work);
  }

  @Override
  public Optional<BranchPart> joinSend() {
    BranchWork work = current;
    return work == null ? Optional.empty() : Optional.of(work.nextPart());
  }

  @Override
  public void sent(CompletableFuture<SendReceipt> answer, int bytes) throws JMSException {
    BranchWork work = current;
    if (work == null) {
      Await.answer(answer, "send the message");
      return;
    }
    try {
      work.sent(answer, bytes);
    } catch (ExecutionException failure) {
      throw JmsExceptions.of("send a message in this transaction; roll it back", failure);
    }
  }

  @Override
  public void sentAsynchronously(CompletableFuture<SendReceipt> answer, int bytes) {
    BranchWork work = current;
    if (work != null) {
      work.sentAsynchronously(answer, bytes);
    }
  }

  @Override
  public void commit() throws JMSException {
    throw managed("commit");
  }

  @Override
  public void rollback() throws JMSException {
    throw managed("rollback");
  }

  /**
   * The transaction manager decides about the work of a session also after it is closed, so what
   * was received in the branch goes into it now.
   */
  @Override
  public void close() throws JMSException {
    BranchWork work = current;
    current = null;
    if (work != null) {
      acknowledgeIn(work);
    }
  }

  private void acknowledgeIn(BranchWork work) throws JMSException {
    try {
      Await.outcome(deliveries.acknowledgeIn(work));
    } catch (ExecutionException failure) {
      // A loss has undone the branch, which its manager hears of when it completes it.
      if (!(JmsExceptions.unwrap(failure) instanceof LinkLostException)) {
        throw JmsExceptions.of("acknowledge what was received in a branch", failure);
      }
    }
  }

  private static TransactionInProgressException managed(String call) {
    return new TransactionInProgressException(
        "The session's transactions belong to a transaction manager; call " + call + " there");
  }
}
