package io.moiety.jms;

import io.moiety.client.BranchPart;
import io.moiety.client.SendReceipt;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Everything takes effect at once. Stateless. */
final class NoTransaction implements TransactionContext {

  @Override
  public boolean isOpen() {
    return false;
  }

  @Override
  public boolean isTransacted() {
    return false;
  }

  @Override
  public Optional<BranchWork> managedBranch() {
    return Optional.empty();
  }

  @Override
  public Optional<BranchPart> joinSend() {
    return Optional.empty();
  }

  @Override
  public void sent(CompletableFuture<SendReceipt> answer, int bytes) throws JMSException {
    Await.answer(answer, "send the message");
  }

  @Override
  public void sentAsynchronously(CompletableFuture<SendReceipt> answer, int bytes) {
    // Nobody but the completion listener waits for it.
  }

  @Override
  public void commit() throws JMSException {
    throw notTransacted("commit");
  }

  @Override
  public void rollback() throws JMSException {
    throw notTransacted("roll back");
  }

  @Override
  public void close() {
    // Nothing is open.
  }

  private static IllegalStateException notTransacted(String what) {
    return new IllegalStateException(
        "There is nothing to "
            + what
            + ": the session is not transacted; create it with SESSION_TRANSACTED");
  }
}
