package io.moiety.ra.checkback;

import io.moiety.client.OutgoingMessage;
import io.moiety.protocol.PropertyNames;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import jakarta.jms.ResourceAllocationException;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An application's transaction as far as its messages are concerned: half messages while it is
 * active, one row just before it completes, the outcome told after. Lives in the transaction
 * registry's resources; all connection factories that keep their outcomes in the same place share
 * it.
 *
 * <p>The application's thread sends and prepares; a transaction that times out may be completed on
 * another one meanwhile. The lock protects what was sent and whether more may be.
 */
final class CheckBackTransaction implements Synchronization {

  /** As many as a row list is made for. */
  private static final int MAX_MESSAGES = 10_000;

  private static final long LOOK_MILLIS = 250;

  private final String id;
  private final OutcomeKeeper keeper;
  private final TransactionSynchronizationRegistry transactions;
  private final Object lock = new Object();
  private final List<Sent> sent = new ArrayList<>();
  private final Set<Instance> instances = new HashSet<>();
  private boolean closed;
  private volatile boolean insertAttempted;
  private volatile int rows = 1;

  CheckBackTransaction(OutcomeKeeper keeper, TransactionSynchronizationRegistry transactions) {
    this.keeper = keeper;
    this.transactions = transactions;
    id = keeper.newTransactionId();
  }

  String id() {
    return id;
  }

  /** Sends a half message, without waiting; its failure shows at the commit, or here. */
  void send(Participant participant, OutgoingMessage message) throws JMSException {
    CompletableFuture<StoredHalf> answer;
    synchronized (lock) {
      if (closed) {
        throw new IllegalStateException(
            "The transaction is being completed; nothing more can be sent in it");
      }
      if (sent.size() >= MAX_MESSAGES) {
        throw new ResourceAllocationException(
            "A transaction has "
                + MAX_MESSAGES
                + " messages at most with transactionMode CHECK_BACK; send the rest in another");
      }
      // Before the send: a broker may ask at once, and must hear that the transaction is active.
      if (instances.add(participant.instance())) {
        participant.instance().began(id);
      }
      answer = participant.membership().send(half(participant, message));
      sent.add(new Sent(participant.membership(), answer));
    }
    if (answer.isCompletedExceptionally()) {
      requireStored(answer);
    }
  }

  private OutgoingMessage half(Participant participant, OutgoingMessage message) {
    HalfOrigin origin =
        new HalfOrigin(
            id,
            participant.instance().id(),
            participant.fenceAfterSeconds(),
            keeper.outcomes().tableId());
    return new OutgoingMessage(
        message.topic(),
        message.queueId(),
        message.properties().with(PropertyNames.CHECK_BACK, origin.format()),
        message.body(),
        message.flag(),
        message.sysFlag(),
        message.bornTimestampMillis(),
        message.branch());
  }

  private static void requireStored(CompletableFuture<StoredHalf> answer) throws JMSException {
    try {
      answer.get(0, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException failure) {
      throw caused("The message was not sent: ", failure);
    }
  }

  /** In the application's transaction, after everything else that writes to its database. */
  @Override
  public void beforeCompletion() {
    List<Sent> all = close();
    if (transactions.getRollbackOnly()) {
      return;
    }
    try {
      insert(awaitStored(all));
    } catch (JMSException | SQLException refused) {
      transactions.setRollbackOnly();
      throw new TransactionRefusedException(refused);
    }
  }

  /** Nothing is sent from now on, so the row names all messages. */
  private List<Sent> close() {
    synchronized (lock) {
      closed = true;
      return List.copyOf(sent);
    }
  }

  private List<StoredHalf> awaitStored(List<Sent> all) throws JMSException {
    List<StoredHalf> stored = new ArrayList<>(all.size());
    for (Sent one : all) {
      stored.add(awaitStored(one.answer()));
    }
    return stored;
  }

  /** The request's own timeout bounds the wait; so does the transaction's. */
  private StoredHalf awaitStored(CompletableFuture<StoredHalf> answer) throws JMSException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return answer.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException waiting) {
          if (transactions.getTransactionStatus() != Status.STATUS_ACTIVE) {
            throw new IllegalStateException(
                "The transaction timed out while it waited for the broker to store its messages");
          }
        } catch (InterruptedException interruption) {
          interrupted = true;
        } catch (ExecutionException failure) {
          throw caused(
              "The transaction is rolled back, because a message of it was not stored: ", failure);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void insert(List<StoredHalf> stored) throws JMSException, SQLException {
    List<String> details = HalfList.format(stored);
    rows = details.size();
    try (Connection connection = keeper.outcomes().connect()) {
      if (connection.getAutoCommit()) {
        throw new IllegalStateException(
            "The connection is in auto-commit mode inside the transaction; the outcome of its"
                + " messages would not be its own");
      }
      // From here on whatever happens, only the table knows.
      insertAttempted = true;
      if (!keeper.outcomes().insertCommitted(connection, id, details)) {
        throw new IllegalStateException(
            "The transaction is rolled back: this node was taken for gone, and another one ended"
                + " its transaction "
                + id
                + ". Set fenceAfterSeconds to more than the longest transaction, and look why this"
                + " node was not connected to the broker");
      }
    }
  }

  @Override
  public void afterCompletion(int status) {
    List<Sent> all = close();
    instances.forEach(instance -> instance.ended(id));
    if (status == Status.STATUS_COMMITTED && insertAttempted) {
      keeper.endings().committed(id, all, rows);
    } else if (status == Status.STATUS_ROLLEDBACK && !insertAttempted) {
      keeper.endings().rolledBack(all);
    } else {
      keeper.endings().unclear(id, all, rows);
    }
  }

  private static JMSException caused(String what, Exception failure) {
    Throwable cause = failure;
    while (cause.getCause() != null
        && (cause instanceof ExecutionException
            || cause instanceof java.util.concurrent.CompletionException)) {
      cause = cause.getCause();
    }
    JMSException exception = new JMSException(what + cause.getMessage());
    exception.initCause(cause);
    return exception;
  }
}
