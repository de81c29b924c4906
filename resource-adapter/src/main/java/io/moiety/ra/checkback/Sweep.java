package io.moiety.ra.checkback;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.INFO;

import io.moiety.ra.checkback.OutcomeTable.Row;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Removes what was left behind: rows of committed transactions whose node died, or lost an answer,
 * and fences and received messages after their time.
 *
 * <p>A row names the half messages of its transaction. It goes when the broker has confirmed for
 * each of them that it is committed: never by age, since a half message without its row would be
 * rolled back. Telling the commit again does no harm, so it does not matter whose row it is, nor
 * how many nodes sweep. A row with a half message at a broker that this node does not know is left
 * to others.
 *
 * <p>On threads of the server, one run at a time, each begun by the one before; but {@link #stop}.
 */
final class Sweep {

  /** Finds who talks to a broker. */
  interface Members {
    Optional<Membership> find(String storeUuid, String producerGroup);
  }

  private static final System.Logger LOGGER = System.getLogger(Sweep.class.getName());
  private static final int PAGE = 200;
  private static final int MAX_PAGES = 100;

  /** Oracle takes no more than 1,000 in a list. */
  private static final int REMOVED_AT_ONCE = 500;

  /** A million rows: more than are added from one run to the next. */
  private static final int MAX_REMOVALS = 2_000;

  /** Younger rows are likely to be under way. */
  private static final Duration MIN_AGE = Duration.ofSeconds(60);

  /** Longer than any message stays leased or fetched ahead; then it cannot come again. */
  private static final Duration RECEIVED_AGE = Duration.ofDays(7);

  private final OutcomeDatabase outcomes;
  private final Removals removals;
  private final CommittedRows committed;
  private final Duration fenceRetention;
  private final Clock clock;

  /** Where the last run stopped for having done enough; only runs know it. */
  private Optional<Row> reached = Optional.empty();

  private volatile boolean stopped;

  Sweep(
      OutcomeDatabase outcomes,
      Removals removals,
      Members members,
      Duration fenceRetention,
      Clock clock) {
    this.outcomes = outcomes;
    this.removals = removals;
    this.fenceRetention = fenceRetention;
    this.clock = clock;
    committed = new CommittedRows(outcomes, members, () -> stopped);
  }

  void run() {
    try {
      int swept = sweepCommitted();
      long nowMillis = clock.millis();
      int fences = removeBefore(OutcomeState.ROLLED_BACK, nowMillis - fenceRetention.toMillis());
      int received = removeBefore(OutcomeState.RECEIVED, nowMillis - RECEIVED_AGE.toMillis());
      if (swept + fences + received > 0) {
        LOGGER.log(
            INFO,
            "Removed from {0}: {1} rows of committed transactions, {2} fences, {3} of received"
                + " messages",
            outcomes.place(),
            swept,
            fences,
            received);
      }
    } catch (SQLException | RuntimeException failure) {
      // Whatever a pool or driver throws: the next run tries again.
      LOGGER.log(DEBUG, () -> "Rows of " + outcomes.place() + " stay for the next sweep", failure);
    }
  }

  /**
   * Goes on where the last run had enough, so that rows which must stay keep nobody from others.
   */
  private int sweepCommitted() throws SQLException {
    long beforeMillis = clock.millis() - MIN_AGE.toMillis();
    int swept = 0;
    for (int page = 0; page < MAX_PAGES && !stopped; page++) {
      List<Row> rows = outcomes.before(OutcomeState.COMMITTED, beforeMillis, reached, PAGE);
      swept += sweep(rows);
      reached = last(rows, PAGE);
      if (reached.isEmpty()) {
        break;
      }
    }
    return swept;
  }

  /** Where the next page begins; empty when there is none. */
  private static Optional<Row> last(List<Row> rows, int pageSize) {
    return rows.size() < pageSize ? Optional.empty() : Optional.of(rows.get(rows.size() - 1));
  }

  /**
   * Removes rows by their ids, in transactions that are too short for their timeout and for anybody
   * to wait for their locks. A DELETE of all old rows would need longer than its timeout one day,
   * and for ever from then on, and would wait for whoever inserts next to them.
   */
  private int removeBefore(OutcomeState state, long beforeMillis) throws SQLException {
    Optional<Row> last = Optional.empty();
    int removed = 0;
    for (int page = 0; page < MAX_REMOVALS && !stopped; page++) {
      List<Row> rows = outcomes.before(state, beforeMillis, last, REMOVED_AT_ONCE);
      if (!rows.isEmpty()) {
        outcomes.delete(rows.stream().map(Row::id).toList());
      }
      removed += rows.size();
      last = last(rows, REMOVED_AT_ONCE);
      if (last.isEmpty()) {
        break;
      }
    }
    return removed;
  }

  /** Ends a run that is under way, at the latest with its page. */
  void stop() {
    stopped = true;
  }

  private int sweep(List<Row> rows) throws SQLException {
    List<Row> resolved = committed.resolved(rows);
    resolved.forEach(row -> removals.add(row.id(), 1 + HalfList.moreRows(row.detail())));
    return resolved.size();
  }
}
