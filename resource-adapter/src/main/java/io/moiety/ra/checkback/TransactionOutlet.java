package io.moiety.ra.checkback;

import io.moiety.client.OutgoingMessage;
import io.moiety.jms.spi.Outlet;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import jakarta.jms.TransactionRolledBackException;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Takes the messages that a connection factory's sessions send inside a transaction. Joins the
 * producer group with the first one. Thread-safe.
 */
final class TransactionOutlet implements Outlet {

  /** Gets ready to take part, which may take a while the first time. */
  interface Joining {
    Participant join() throws JMSException;
  }

  private final OutcomePlace place;
  private final TransactionSynchronizationRegistry transactions;
  private final Joining joining;
  private volatile @Nullable Participant participant;

  TransactionOutlet(
      OutcomePlace place, TransactionSynchronizationRegistry transactions, Joining joining) {
    this.place = place;
    this.transactions = transactions;
    this.joining = joining;
  }

  @Override
  public boolean take(OutgoingMessage message) throws JMSException {
    int status = transactions.getTransactionStatus();
    if (status == Status.STATUS_NO_TRANSACTION) {
      return false;
    }
    requireActive(status);
    Participant joined = participant();
    transaction(joined).send(joined, message);
    return true;
  }

  private static void requireActive(int status) throws JMSException {
    switch (status) {
      case Status.STATUS_ACTIVE -> {
        // The only status in which what is sent can still be part of the transaction.
      }
      case Status.STATUS_MARKED_ROLLBACK, Status.STATUS_ROLLING_BACK, Status.STATUS_ROLLEDBACK ->
          throw new TransactionRolledBackException(
              "The transaction has been rolled back or can only be rolled back (was it longer than"
                  + " its timeout?); nothing more can be sent in it");
      default ->
          throw new IllegalStateException(
              "The transaction is being completed; nothing more can be sent in it");
    }
  }

  private Participant participant() throws JMSException {
    Participant known = participant;
    if (known == null) {
      known = joining.join();
      participant = known;
    }
    return known;
  }

  private CheckBackTransaction transaction(Participant joined) throws JMSException {
    if (transactions.getResource(place) instanceof CheckBackTransaction current) {
      return current;
    }
    joined.keeper().requireTransactional();
    CheckBackTransaction begun = new CheckBackTransaction(joined.keeper(), transactions);
    transactions.registerInterposedSynchronization(begun);
    transactions.putResource(place, begun);
    return begun;
  }
}
