package io.moiety.ra.checkback;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.WARNING;

import io.moiety.client.Resolution;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Answers for the transactions whose outcomes one table keeps: as the node that they belong to, or
 * for a node that is gone. Blocks; on a thread of the server that is in no transaction.
 *
 * <p>An answer that decides nothing does not count towards the checks after which a broker puts a
 * half message aside, as long as somebody will decide it: it is {@link Resolution#ACTIVE}. Only a
 * node that asks the broker to turn to the living originator says {@link Resolution#UNKNOWN}.
 *
 * <p>Thread-safe.
 */
final class Judge {

  /** Who is connected to a producer group at the broker that asks. */
  interface Members {
    Set<String> ask() throws InterruptedException, ExecutionException, TimeoutException;
  }

  private static final System.Logger LOGGER = System.getLogger(Judge.class.getName());

  private final Instance instance;
  private final OutcomeDatabase outcomes;
  private final FencePolicy policy = new FencePolicy();
  private final CheckBackCounters counters;
  private final Clock clock;

  Judge(Instance instance, OutcomeDatabase outcomes, CheckBackCounters counters, Clock clock) {
    this.instance = instance;
    this.outcomes = outcomes;
    this.counters = counters;
    this.clock = clock;
  }

  /**
   * @param sentMillis when the half message was sent
   */
  Resolution judge(HalfOrigin origin, long sentMillis, Members members) {
    if (!origin.tableId().equals(outcomes.tableId())) {
      LOGGER.log(
          ERROR,
          "A half message of transaction {0} is decided by another table than {1}, which this node"
              + " has; nodes of one producer group must have the same database",
          origin.transactionId(),
          outcomes.place());
      return Resolution.UNKNOWN;
    }
    Resolution answer =
        origin.instance().equals(instance.id())
            ? judgeOwn(origin)
            : judgeForOther(origin, sentMillis, members);
    if (answer == Resolution.COMMIT || answer == Resolution.ROLLBACK) {
      counters.countCheckedBack();
    }
    return answer;
  }

  /** When it has ended here and the table says nothing, then it can only have been rolled back. */
  private Resolution judgeOwn(HalfOrigin origin) {
    return instance.isActive(origin.transactionId())
        ? Resolution.ACTIVE
        : resolution(outcomes.rule(origin.transactionId(), true));
  }

  private Resolution judgeForOther(HalfOrigin origin, long sentMillis, Members members) {
    Ruling known = outcomes.rule(origin.transactionId(), false);
    if (known != Ruling.OPEN) {
      return resolution(known);
    }
    try {
      if (Instance.isAmong(members.ask(), origin.instance())) {
        policy.seen(origin.instance());
        return Resolution.UNKNOWN;
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Resolution.ACTIVE;
    } catch (ExecutionException | TimeoutException unknown) {
      return Resolution.ACTIVE;
    }
    if (!policy.missed(origin, sentMillis, clock.millis(), System.nanoTime())) {
      return Resolution.ACTIVE;
    }
    Ruling ruling = outcomes.rule(origin.transactionId(), true);
    if (ruling == Ruling.ROLLED_BACK) {
      counters.countFenced();
      LOGGER.log(
          WARNING,
          "Transaction {0} of a node that is gone for {1} s was ended here: rolled back",
          origin.transactionId(),
          origin.fenceAfterSeconds());
    }
    return resolution(ruling);
  }

  private static Resolution resolution(Ruling ruling) {
    return switch (ruling) {
      case COMMITTED -> Resolution.COMMIT;
      case ROLLED_BACK -> Resolution.ROLLBACK;
      case OPEN, UNCLEAR -> Resolution.ACTIVE;
    };
  }
}
