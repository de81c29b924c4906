package io.moiety.ra.checkback;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.moiety.client.BrokerException;
import io.moiety.client.HalfState;
import io.moiety.client.Resolution;
import io.moiety.ra.checkback.OutcomeTable.Row;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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

  private static final long MAX_WAIT_SECONDS = 60;

  private final OutcomeDatabase outcomes;
  private final Removals removals;
  private final Members members;
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
    this.members = members;
    this.fenceRetention = fenceRetention;
    this.clock = clock;
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

  /** Ends a run that is under way with its page. */
  void stop() {
    stopped = true;
  }

  /** All of a page are told at once, then waited for. */
  private int sweep(List<Row> rows) throws SQLException {
    Map<Row, CompletableFuture<Boolean>> told = new LinkedHashMap<>();
    for (Row row : rows) {
      told.put(row, commit(row));
    }
    int swept = 0;
    for (Map.Entry<Row, CompletableFuture<Boolean>> one : told.entrySet()) {
      if (isResolved(one.getValue())) {
        removals.add(one.getKey().id(), 1 + HalfList.moreRows(one.getKey().detail()));
        swept++;
      }
    }
    return swept;
  }

  private static boolean isResolved(CompletableFuture<Boolean> told) {
    try {
      return told.get(MAX_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException unknown) {
      LOGGER.log(DEBUG, "A row stays, since its messages could not be told committed", unknown);
      return false;
    }
  }

  /** True in the end when all half messages of the row are resolved. */
  private CompletableFuture<Boolean> commit(Row row) throws SQLException {
    List<StoredHalf> halves;
    try {
      halves = halves(row);
    } catch (IllegalArgumentException damaged) {
      LOGGER.log(
          WARNING,
          "The row of transaction {0} in {1} cannot be read and stays: {2}",
          row.id(),
          outcomes.place(),
          damaged.getMessage());
      return CompletableFuture.completedFuture(false);
    }
    CompletableFuture<Boolean> all = CompletableFuture.completedFuture(true);
    for (StoredHalf half : halves) {
      Optional<Membership> member = members.find(half.storeUuid(), half.half().producerGroup());
      if (member.isEmpty()) {
        return CompletableFuture.completedFuture(false);
      }
      all = all.thenCombine(commit(member.get(), half), Boolean::logicalAnd);
    }
    return all;
  }

  private List<StoredHalf> halves(Row row) throws SQLException {
    List<StoredHalf> halves = new ArrayList<>(HalfList.parse(row.detail()));
    int more = HalfList.moreRows(row.detail());
    for (int number = 1; number <= more; number++) {
      String id = HalfList.rowId(row.id(), number);
      Row next =
          outcomes.find(id).orElseThrow(() -> new IllegalArgumentException("row " + id + " lacks"));
      halves.addAll(HalfList.parse(next.detail()));
    }
    return halves;
  }

  private static CompletableFuture<Boolean> commit(Membership member, StoredHalf half) {
    return member
        .end(half, Resolution.COMMIT)
        .thenApply(done -> true)
        .exceptionallyCompose(
            failure ->
                isRefusal(failure)
                    ? member.outcome(half).thenApply(state -> isOver(half, state))
                    : CompletableFuture.failedFuture(failure));
  }

  private static boolean isRefusal(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof BrokerException;
  }

  /** One that the broker does not remember was resolved long ago: an open one is never dropped. */
  private static boolean isOver(StoredHalf half, HalfState state) {
    if (state == HalfState.ROLLED_BACK) {
      LOGGER.log(
          WARNING,
          "The message {0} to {1} was rolled back by somebody, though its transaction committed",
          half.half().uniqueKey(),
          half.half().topic());
    }
    return state != HalfState.OPEN && state != HalfState.PARKED;
  }
}
