package io.moiety.ra.outbound;

import jakarta.jms.JMSException;
import jakarta.jms.TransactionRolledBackException;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.Optional;

/**
 * Refuses work that the application believes to be part of its transaction and that is not: after
 * the transaction was rolled back behind its back (a timeout), or on a connection that the
 * container did not enlist. Without it such messages would be sent at once. Stateless.
 */
final class TransactionGuard {

  private final Optional<TransactionSynchronizationRegistry> transactions;

  TransactionGuard(Optional<TransactionSynchronizationRegistry> transactions) {
    this.transactions = transactions;
  }

  /** Whether there may be a transaction to take part in. */
  boolean mayEnlist() {
    return transactions.isEmpty()
        || transactions.get().getTransactionStatus() == Status.STATUS_ACTIVE;
  }

  /** True while what the calling thread does is decided about later. */
  boolean isInTransaction() {
    return transactions
        .map(registry -> registry.getTransactionStatus() != Status.STATUS_NO_TRANSACTION)
        .orElse(false);
  }

  /** True in a transaction whose outcome is known to be a rollback, also after it was one. */
  boolean canOnlyBeRolledBack() {
    return transactions
        .map(registry -> canOnlyBeRolledBack(registry.getTransactionStatus()))
        .orElse(false);
  }

  private static boolean canOnlyBeRolledBack(int status) {
    return switch (status) {
      case Status.STATUS_MARKED_ROLLBACK, Status.STATUS_ROLLING_BACK, Status.STATUS_ROLLEDBACK ->
          true;
      default -> false;
    };
  }

  /** To be called for receiving where only what is sent is part of transactions. */
  void requireNoTransactionToReceive() throws JMSException {
    if (isInTransaction()) {
      throw new jakarta.jms.IllegalStateException(
          "With transactionMode CHECK_BACK only what is sent is part of the transaction: what is"
              + " received now would be lost by a rollback. Receive with a message-driven bean, with"
              + " transactionMode XA, or outside of the transaction");
    }
  }

  /** To be called for work on a connection that is in no branch. */
  void requireNoTransaction() throws JMSException {
    if (transactions.isEmpty()) {
      return;
    }
    int status = transactions.get().getTransactionStatus();
    if (canOnlyBeRolledBack(status)) {
      throw new TransactionRolledBackException(
          "The transaction has been rolled back or can only be rolled back (was it longer than"
              + " its timeout?); nothing more can be sent or received in it");
    }
    switch (status) {
      case Status.STATUS_NO_TRANSACTION, Status.STATUS_COMMITTED -> {
        // Nothing is decided later: the work takes effect at once.
      }
      case Status.STATUS_UNKNOWN ->
          throw new jakarta.jms.IllegalStateException(
              "Whether the calling thread's transaction has committed is not known, so nothing can be"
                  + " sent or received now. Do it before the commit, or in a transaction of its own");
      default ->
          throw new jakarta.jms.IllegalStateException(
              "The calling thread is in a transaction that this connection takes no part in. Create"
                  + " the connection or context inside the transaction; for work that shall take"
                  + " effect at once, use a connection factory with transactionMode NONE");
    }
  }
}
