package io.moiety.jms;

import io.moiety.client.BranchPart;
import io.moiety.client.OutgoingMessage;
import io.moiety.client.SendReceipt;
import jakarta.jms.JMSException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What decides about a session's sends and acknowledgements: nothing, the session's own commit, or
 * a transaction manager. A session has one for its whole life and never asks which.
 */
sealed interface TransactionContext permits NoTransaction, LocalTransaction, XaAssociation {

  /** True when sends and acknowledgements made now wait for a decision. */
  boolean isOpen();

  /** True when the application was told that the session is transacted. */
  boolean isTransacted();

  /**
   * True when a transaction manager decides: what it rolls back returns to its place without the
   * session's doing, so nothing that comes later may be held here.
   */
  default boolean isManaged() {
    return false;
  }

  /**
   * The branch of a transaction manager that the session works in now. The manager may end it on a
   * thread of its own, as after a timeout, so what takes long compares before and after.
   */
  Optional<BranchWork> managedBranch();

  /**
   * The same for a send or a receive that begins now.
   *
   * @throws jakarta.jms.TransactionRolledBackException when it was to be part of a branch that was
   *     ended
   */
  default Optional<BranchWork> beginWork() throws JMSException {
    return managedBranch();
  }

  /** The branch that a send made now belongs to. */
  Optional<BranchPart> joinSend() throws JMSException;

  /**
   * Offers a message that {@link #joinSend} gave a part to, before it is sent.
   *
   * @return true when it is kept, to be sent later
   */
  default boolean keep(OutgoingMessage message) {
    return false;
  }

  /**
   * Takes over a send that {@link #joinSend} gave a part to: its failure shows at the decision, or
   * here.
   *
   * @param bytes of the body, which is kept until the answer comes
   */
  void sent(CompletableFuture<SendReceipt> answer, int bytes) throws JMSException;

  /**
   * The same for a send whose completion listener hears of its failure, so that nothing shows here.
   */
  void sentAsynchronously(CompletableFuture<SendReceipt> answer, int bytes);

  void commit() throws JMSException;

  void rollback() throws JMSException;

  /** The session closes. */
  void close() throws JMSException;
}
