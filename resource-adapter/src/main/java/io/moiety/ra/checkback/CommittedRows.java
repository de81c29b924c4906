package io.moiety.ra.checkback;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.WARNING;

import io.moiety.client.BrokerException;
import io.moiety.client.HalfState;
import io.moiety.client.Resolution;
import io.moiety.ra.checkback.OutcomeTable.Row;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * Tells brokers again that transactions are committed whose rows were left behind, and finds which
 * of the rows nobody will ask for any more. Beside {@link Sweep}, which knows where it is in the
 * table.
 *
 * <p>Many half messages are told at once and then waited for; not so many that transactions which
 * end meanwhile find no place. One run at a time, on threads of the server that may wait.
 */
final class CommittedRows {

  private static final System.Logger LOGGER = System.getLogger(CommittedRows.class.getName());
  private static final int MAX_TOLD_AT_ONCE = 2_000;
  private static final long MAX_WAIT_SECONDS = 60;

  private final OutcomeDatabase outcomes;
  private final Sweep.Members members;
  private final BooleanSupplier stopped;

  /** What was told and not waited for yet. */
  private final List<CompletableFuture<Boolean>> told = new ArrayList<>();

  /**
   * @param stopped asked now and then; what is left is not told any more then
   */
  CommittedRows(OutcomeDatabase outcomes, Sweep.Members members, BooleanSupplier stopped) {
    this.outcomes = outcomes;
    this.members = members;
    this.stopped = stopped;
  }

  private record Telling(Row row, CompletableFuture<Boolean> resolved) {}

  /** Those of the rows whose half messages are all resolved for good. */
  List<Row> resolved(List<Row> rows) throws SQLException {
    List<Telling> tellings = new ArrayList<>();
    try {
      for (Row row : rows) {
        tellings.add(new Telling(row, commit(row)));
      }
      awaitTold();
    } finally {
      told.clear();
    }
    return tellings.stream().filter(one -> isResolved(one.resolved())).map(Telling::row).toList();
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
      if (member.isEmpty() || isToEnd()) {
        return CompletableFuture.completedFuture(false);
      }
      CompletableFuture<Boolean> one = commit(member.get(), half);
      all = all.thenCombine(one, Boolean::logicalAnd);
      told.add(one);
      if (told.size() == MAX_TOLD_AT_ONCE) {
        awaitTold();
      }
    }
    return all;
  }

  /** An interrupted thread could wait for nothing any more. */
  private boolean isToEnd() {
    return stopped.getAsBoolean() || Thread.currentThread().isInterrupted();
  }

  /** However each of it ended. */
  private void awaitTold() {
    try {
      CompletableFuture.allOf(told.toArray(CompletableFuture<?>[]::new))
          .get(MAX_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException unknown) {
      LOGGER.log(DEBUG, "Rows stay, since their messages could not be told committed", unknown);
    }
    told.clear();
  }

  private static boolean isResolved(CompletableFuture<Boolean> told) {
    return told.isDone() && !told.isCompletedExceptionally() && told.join();
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
