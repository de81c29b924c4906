package io.moiety.ra.checkback;

import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * All that works with one outcome table at this node: answers for its transactions, ends them,
 * removes their rows. Thread-safe.
 */
final class OutcomeKeeper implements AutoCloseable {

  private static final long SWEEP_INTERVAL_MILLIS = 60_000;

  private final OutcomeDatabase outcomes;
  private final Judge judge;
  private final Endings endings;
  private final Sweep sweep;
  private final Tasks tasks;
  private final TransactionIds transactionIds;
  private volatile boolean provenTransactional;
  private volatile boolean closed;

  private OutcomeKeeper(
      OutcomeDatabase outcomes,
      Judge judge,
      Endings endings,
      Sweep sweep,
      Tasks tasks,
      TransactionIds transactionIds) {
    this.outcomes = outcomes;
    this.judge = judge;
    this.endings = endings;
    this.sweep = sweep;
    this.tasks = tasks;
    this.transactionIds = transactionIds;
  }

  static OutcomeKeeper start(
      OutcomeDatabase outcomes,
      Instance instance,
      Sweep.Members members,
      Duration fenceRetention,
      Tasks tasks,
      CheckBackCounters counters,
      Clock clock) {
    Removals removals = new Removals(outcomes, tasks);
    OutcomeKeeper keeper =
        new OutcomeKeeper(
            outcomes,
            new Judge(instance, outcomes, counters, clock),
            new Endings(outcomes, removals, tasks, counters),
            new Sweep(outcomes, removals, members, fenceRetention, clock),
            tasks,
            new TransactionIds(clock));
    keeper.sweepLater();
    return keeper;
  }

  OutcomeDatabase outcomes() {
    return outcomes;
  }

  /** For a transaction that begins. */
  String newTransactionId() {
    return transactionIds.next();
  }

  Judge judge() {
    return judge;
  }

  Endings endings() {
    return endings;
  }

  /**
   * Refuses a data source whose connections do not take part in the transaction that the calling
   * thread is in: the row would be committed alone. What was found once holds for the data source.
   */
  void requireTransactional() throws JMSException {
    if (provenTransactional) {
      return;
    }
    try (Connection connection = outcomes.connect()) {
      if (connection.getAutoCommit()) {
        throw new IllegalStateException(
            "Connections of data source "
                + outcomes.place().dataSource()
                + " are in auto-commit mode inside the transaction, so its outcome would not be"
                + " that of the messages; use a data source that takes part in the server's"
                + " transactions (on WildFly: jta=true)");
      }
    } catch (SQLException failure) {
      JMSException refused =
          new JMSException(
              "No connection of data source "
                  + outcomes.place().dataSource()
                  + ": "
                  + failure.getMessage());
      refused.setLinkedException(failure);
      refused.initCause(failure);
      throw refused;
    }
    provenTransactional = true;
  }

  /** Nodes that were started together do not sweep together. */
  private void sweepLater() {
    long spreadMillis = ThreadLocalRandom.current().nextLong(SWEEP_INTERVAL_MILLIS / 2);
    tasks.executeAfter(SWEEP_INTERVAL_MILLIS / 2 + spreadMillis, this::sweepNow);
  }

  private void sweepNow() {
    if (closed) {
      return;
    }
    try {
      sweep.run();
    } finally {
      // Also after an Error: nobody else begins the next one.
      sweepLater();
    }
  }

  @Override
  public void close() {
    closed = true;
    sweep.stop();
  }
}
