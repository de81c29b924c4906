package io.moiety.broker.transaction;

import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.SystemRecord.BranchDecided;
import io.moiety.broker.store.SystemRecord.BranchDone;
import io.moiety.broker.store.SystemRecord.BranchPrepared;
import io.moiety.broker.store.SystemRecord.BranchSend;
import io.moiety.broker.store.SystemRecord.Decision;
import io.moiety.protocol.BranchXid;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;

/**
 * Appends decisions with everything that they bring about. Apart from {@link BranchDecisions},
 * which knows who may decide what.
 *
 * <p>A decision, its messages and the mark that there are no more are one contiguous append, made
 * only when there is room for all of it (one that demands no messages needs no mark); a decision of
 * more than the log has room for at once goes in pieces. What a crash, a disk that fills in between
 * or an unreadable half message cuts off is left to {@link UnfinishedCommits}; until then the
 * branch is committed and not complete.
 *
 * <p>Owner: the store turn.
 */
public final class BranchCompletion {
  private static final Logger LOG = System.getLogger(BranchCompletion.class.getName());

  /** What a message may grow by on its way from the half topic to the schedule. */
  private static final int GROWTH_BYTES = 128;

  /** The facts of a decision besides its contents, with all that a record has. */
  private static final int FACTS_BYTES = 4_096;

  private final DecidedBranches decided;
  private final Journal journal;
  private final Completion completion;

  /** By incarnations: commits that could not be completed. */
  private final RetryTimes retries = new RetryTimes();

  public BranchCompletion(DecidedBranches decided, Journal journal, Completion completion) {
    this.decided = decided;
    this.journal = journal;
    this.completion = completion;
  }

  /** How far a decision came. */
  sealed interface Progress {
    /**
     * All that it demands is in the log.
     *
     * @param endPosition what must be durable before that is told
     */
    record Complete(long endPosition) implements Progress {}

    /** It is decided, and some of its messages are still to come. */
    record Begun(String why) implements Progress {}
  }

  /** When commits are tried again; {@link UnfinishedCommits} does it. */
  RetryTimes retries() {
    return retries;
  }

  /**
   * Decides a branch, which is final; what a commit demands, and was {@linkplain #requireRoom asked
   * room for}, is to be {@linkplain #complete appended} next.
   *
   * @return the end of the decision
   * @throws AppendRefusedException when the log takes nothing any more
   */
  long record(BranchPrepared branch, Decision decision, String decidedBy, long nowMillis) {
    return journal
        .record(
            new BranchDecided(
                branch.xid(),
                branch.incarnation(),
                decision,
                decidedBy,
                nowMillis,
                branch.sends(),
                branch.acks()))
        .endPosition();
  }

  /**
   * Sees that a commit fits into the log.
   *
   * @param moreBytes what is to be appended before it
   * @throws AppendRefusedException when it does not
   */
  void requireRoom(BranchPrepared branch, int moreBytes) {
    journal.requireRoom(bytesOf(branch) + moreBytes);
  }

  /**
   * Appends all that a commit still demands; a message that cannot be has the others go before it.
   * A broad catch: whatever is the matter, the branch is committed, and what is missing is tried
   * again.
   */
  Progress complete(BranchXid xid, long incarnation, long nowMillis) {
    Optional<RuntimeException> obstacle = Optional.empty();
    try {
      for (BranchSend send : decided.missing(incarnation)) {
        Optional<RuntimeException> itsOwn = append(send, nowMillis);
        obstacle = obstacle.isPresent() ? obstacle : itsOwn;
      }
      if (obstacle.isEmpty()) {
        return new Progress.Complete(markComplete(xid, incarnation));
      }
    } catch (RuntimeException failure) {
      obstacle = Optional.of(failure);
    }
    RuntimeException why = obstacle.get();
    tryAgain(xid, incarnation, why, nowMillis);
    return new Progress.Begun(String.valueOf(why.getMessage()));
  }

  /**
   * Appends one message, or says what is the matter with this one. A broad catch: nothing of a half
   * message may keep the others of its commit back.
   *
   * @throws AppendRefusedException when the log would refuse the others as well
   */
  Optional<RuntimeException> append(BranchSend send, long nowMillis) {
    try {
      completion.complete(send.position(), send.sizeBytes(), nowMillis);
      return Optional.empty();
    } catch (AppendRefusedException refused) {
      if (refused.status() != PutStatus.MESSAGE_ILLEGAL) {
        throw refused;
      }
      return Optional.of(refused);
    } catch (RuntimeException itsOwn) {
      return Optional.of(itsOwn);
    }
  }

  /**
   * All messages of a commit are in the log.
   *
   * @return the end of the mark that says so
   */
  long markComplete(BranchXid xid, long incarnation) {
    long endPosition = journal.record(new BranchDone(incarnation)).endPosition();
    int failures = retries.done(incarnation);
    if (failures > 0) {
      LOG.log(
          Level.INFO,
          "The committed branch {0} is complete now, after {1} trials in vain",
          xid,
          failures);
    }
    return endPosition;
  }

  /** Some of a commit is still missing; the first time is news. */
  void tryAgain(BranchXid xid, long incarnation, RuntimeException why, long nowMillis) {
    int failures = retries.failed(incarnation, nowMillis);
    LOG.log(
        failures == 1 ? Level.WARNING : Level.DEBUG,
        "The committed branch {0} cannot be completed now and will be tried again: {1}",
        xid,
        String.valueOf(why.getMessage()));
  }

  private static long bytesOf(BranchPrepared branch) {
    long bytes = FACTS_BYTES + Branch.contentBytes(branch.sends().size(), branch.acks());
    for (BranchSend send : branch.sends()) {
      bytes += send.sizeBytes() + GROWTH_BYTES;
    }
    return bytes;
  }
}
