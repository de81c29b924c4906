package io.moiety.ra.checkback;

import static java.lang.System.Logger.Level.DEBUG;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * Removes rows that nobody will ask for any more, many at a time. What does not fit, or cannot be
 * removed now, stays for the sweep.
 *
 * <p>Thread-safe: its lock protects the queue and whether a run is planned; the database is called
 * without it.
 */
final class Removals {

  private static final System.Logger LOGGER = System.getLogger(Removals.class.getName());
  private static final int MAX_WAITING = 50_000;
  private static final int BATCH = 250;
  private static final long DELAY_MILLIS = 500;

  private final OutcomeDatabase outcomes;
  private final Tasks tasks;
  private final Queue<String> waiting = new ArrayDeque<>();
  private boolean planned;

  Removals(OutcomeDatabase outcomes, Tasks tasks) {
    this.outcomes = outcomes;
    this.tasks = tasks;
  }

  /** Of a transaction whose half messages are all resolved for good. */
  void add(String transactionId, int rows) {
    boolean plan;
    synchronized (waiting) {
      if (waiting.size() + rows > MAX_WAITING) {
        return;
      }
      waiting.add(transactionId);
      for (int row = 1; row < rows; row++) {
        waiting.add(HalfList.rowId(transactionId, row));
      }
      plan = !planned;
      planned = true;
    }
    if (plan) {
      tasks.executeAfter(DELAY_MILLIS, this::run);
    }
  }

  private void run() {
    for (List<String> batch = next(); !batch.isEmpty(); batch = next()) {
      try {
        outcomes.delete(batch);
      } catch (SQLException | RuntimeException | Error failure) {
        // Whatever it is: the rows are harmless, and the sweep finds them. Without the next batches
        // nothing would ever be removed again.
        LOGGER.log(DEBUG, "Rows of ended transactions stay for the sweep", failure);
      }
    }
  }

  private List<String> next() {
    synchronized (waiting) {
      List<String> batch = new ArrayList<>();
      while (batch.size() < BATCH && !waiting.isEmpty()) {
        batch.add(waiting.remove());
      }
      planned = !batch.isEmpty();
      return batch;
    }
  }
}
