package io.moiety.jms;

import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;

/**
 * How a session's sends and receipts become final, or are undone: commit, rollback, recover and
 * acknowledge, each with what the specification demands before.
 *
 * <p>Used by one thread at a time, as its session.
 */
final class SessionWork {

  private final SessionLife life;
  private final AcknowledgeMode mode;
  private final TransactionContext transaction;
  private final Deliveries deliveries;
  private final CompletionQueue completions;

  SessionWork(
      SessionLife life,
      AcknowledgeMode mode,
      TransactionContext transaction,
      Deliveries deliveries,
      CompletionQueue completions) {
    this.life = life;
    this.mode = mode;
    this.transaction = transaction;
    this.deliveries = deliveries;
    this.completions = completions;
  }

  boolean isTransacted() throws JMSException {
    life.requireOpen();
    return transaction.isTransacted();
  }

  int mode() throws JMSException {
    life.requireOpen();
    return mode.code();
  }

  /** Asynchronous sends are part of the transaction, so their answers are waited for. */
  void commit() throws JMSException {
    life.requireOpen();
    completions.requireNotInListener("commit");
    completions.awaitAll();
    transaction.commit();
  }

  void rollback() throws JMSException {
    life.requireOpen();
    completions.requireNotInListener("rollback");
    completions.awaitAll();
    transaction.rollback();
  }

  void recover() throws JMSException {
    life.requireOpen();
    if (transaction.isTransacted()) {
      throw new IllegalStateException("A transacted session is not recovered; roll it back");
    }
    deliveries.recover();
  }

  /** What {@link jakarta.jms.Message#acknowledge} does for messages of this session. */
  void acknowledgeReceived() throws JMSException {
    life.requireOpen();
    if (mode == AcknowledgeMode.CLIENT) {
      deliveries.acknowledge();
    }
  }

  /** Nothing is delivered any more: what the session still may acknowledge, it does. */
  void close() throws JMSException {
    transaction.close();
  }
}
