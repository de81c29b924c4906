package io.moiety.ra.inbound;

import jakarta.resource.spi.UnavailableException;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.Optional;

/**
 * Whether the calling thread, one of the server's, is free for a bean's transaction.
 *
 * <p>It should always be. But a server may leave a transaction on a thread that it could not
 * complete: Payara does when an EJB is undeployed while a bean calls it. The bean would run in that
 * one, and whatever becomes of it would count as the bean's failure. Stateless.
 *
 * @param transactions the server's view of the calling thread, where it gives one; without it every
 *     thread is taken for free
 */
record DeliveryThread(Optional<TransactionSynchronizationRegistry> transactions) {

  boolean isInTransaction() {
    return transactions
        .map(registry -> registry.getTransactionStatus() != Status.STATUS_NO_TRANSACTION)
        .orElse(false);
  }

  /**
   * To be called before anything is done for a delivery.
   *
   * @throws UnavailableException when another thread has to deliver
   */
  void requireFree() throws UnavailableException {
    if (isInTransaction()) {
      throw new UnavailableException(
          "The server has left an earlier transaction on the thread "
              + Thread.currentThread().getName()
              + ", so another one has to deliver. If this goes on, restart the server, which ends"
              + " that transaction");
    }
  }
}
