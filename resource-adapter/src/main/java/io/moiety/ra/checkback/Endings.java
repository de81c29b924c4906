package io.moiety.ra.checkback;

import static java.lang.System.Logger.Level.DEBUG;

import io.moiety.client.Resolution;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tells brokers what became of transactions, without anybody waiting for it. Only so many messages
 * are under way; what is not told, or gets lost, the broker asks for. Thread-safe.
 */
final class Endings {

  private static final System.Logger LOGGER = System.getLogger(Endings.class.getName());
  private static final int MAX_UNDER_WAY = 20_000;

  private final OutcomeDatabase outcomes;
  private final Removals removals;
  private final Tasks tasks;
  private final CheckBackCounters counters;
  private final AtomicInteger underWay = new AtomicInteger();

  Endings(OutcomeDatabase outcomes, Removals removals, Tasks tasks, CheckBackCounters counters) {
    this.outcomes = outcomes;
    this.removals = removals;
    this.tasks = tasks;
    this.counters = counters;
  }

  /**
   * The row is committed.
   *
   * @param rows how many rows the transaction has
   */
  void committed(String transactionId, List<Sent> sent, int rows) {
    counters.countCommitted();
    tell(sent, Resolution.COMMIT, () -> removals.add(transactionId, rows));
  }

  /** There was never an attempt to commit. */
  void rolledBack(List<Sent> sent) {
    counters.countRolledBack();
    tell(sent, Resolution.ROLLBACK, () -> {});
  }

  /** Servers report a lost answer to a commit as a rollback, so only the table knows. */
  void unclear(String transactionId, List<Sent> sent, int rows) {
    tasks.execute(
        () -> {
          Ruling ruling = outcomes.rule(transactionId, true);
          if (ruling == Ruling.COMMITTED) {
            committed(transactionId, sent, rows);
          } else if (ruling == Ruling.ROLLED_BACK) {
            rolledBack(sent);
          }
        });
  }

  /** Half messages whose brokers have not answered yet. */
  int underWayCount() {
    return underWay.get();
  }

  private void tell(List<Sent> sent, Resolution resolution, Runnable whenTold) {
    if (underWay.addAndGet(sent.size()) > MAX_UNDER_WAY) {
      underWay.addAndGet(-sent.size());
      LOGGER.log(DEBUG, "Too many resolutions are under way; the broker asks for these");
      return;
    }
    Sent.endAll(sent, resolution)
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                whenTold.run();
              } else {
                LOGGER.log(DEBUG, "A resolution may be lost; the broker asks for it", failure);
              }
              underWay.addAndGet(-sent.size());
            });
  }
}
