package io.moiety.broker.transaction;

import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.log.RecordDamagedException;
import io.moiety.broker.log.RecordUnreadableException;
import io.moiety.broker.store.DueWork;
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
 * Appends decisions with everything that they bring about, and later what was cut off. Apart from
 * {@link BranchDecisions}, since it goes on when nobody asks: after a replay, and after the log had
 * refused.
 *
 * <p>A decision, its messages and the mark that there are no more are one contiguous append, made
 * only when there is room for all of it; a decision of more than the log has room for at once goes
 * in pieces. What a crash, a disk that fills in between or an unreadable half message cuts off is
 * appended when it can be; until then the branch is committed and not complete.
 *
 * <p>Owner: the store turn.
 */
public final class BranchCompletion implements DueWork {
  private static final Logger LOG = System.getLogger(BranchCompletion.class.getName());
  private static final long RETRY_MILLIS = 1_000;

  /** What a message may grow by on its way from the half topic to the schedule. */
  private static final int GROWTH_BYTES = 128;

  /** The facts of a decision besides its contents, with all that a record has. */
  private static final int FACTS_BYTES = 4_096;

  private final DecidedBranches decided;
  private final Journal journal;
  private final Completion completion;
  private long retryMillis = Long.MAX_VALUE;

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

    /**
     * It is decided, and some of its messages are still to come.
     *
     * @param logRefuses true when others would not come further now either
     */
    record Begun(String why, boolean logRefuses) implements Progress {}
  }

  /**
   * Decides a branch, which is final; what a commit demands is to be {@linkplain #complete
   * appended} next.
   *
   * @return the end of the decision
   * @throws AppendRefusedException with nothing changed
   */
  long decide(BranchPrepared branch, Decision decision, String decidedBy, long nowMillis) {
    if (decision.commits()) {
      journal.requireRoom(bytesOf(branch));
    }
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

  /** Appends what a commit still demands; a message that cannot be has the others go before it. */
  Progress complete(BranchXid xid, long incarnation, long nowMillis) {
    Optional<RuntimeException> obstacle = Optional.empty();
    try {
      for (BranchSend send : decided.missing(incarnation)) {
        Optional<RuntimeException> itsOwn = append(send, nowMillis);
        obstacle = obstacle.isPresent() ? obstacle : itsOwn;
      }
      return obstacle.isPresent()
          ? tryAgain(xid, obstacle.get(), false, nowMillis)
          : new Progress.Complete(journal.record(new BranchDone(incarnation)).endPosition());
    } catch (AppendRefusedException refused) {
      return tryAgain(xid, refused, true, nowMillis);
    }
  }

  /** Appends one message, or says what is the matter with this one. */
  private Optional<RuntimeException> append(BranchSend send, long nowMillis) {
    try {
      completion.complete(send.position(), send.sizeBytes(), nowMillis);
      return Optional.empty();
    } catch (AppendRefusedException refused) {
      if (refused.status() != PutStatus.MESSAGE_ILLEGAL) {
        throw refused;
      }
      return Optional.of(refused);
    } catch (RecordDamagedException | RecordUnreadableException unreadable) {
      return Optional.of(unreadable);
    }
  }

  private Progress tryAgain(
      BranchXid xid, RuntimeException why, boolean logRefuses, long nowMillis) {
    LOG.log(
        Level.WARNING,
        "The committed branch {0} cannot be completed now and will be tried again: {1}",
        xid,
        why.getMessage());
    retryMillis = Math.min(retryMillis, nowMillis + RETRY_MILLIS);
    return new Progress.Begun(String.valueOf(why.getMessage()), logRefuses);
  }

  /** Appends what decisions still demand: after replay, and after the log had refused. */
  public void completeOpen(long nowMillis) {
    retryMillis = Long.MAX_VALUE;
    for (BranchDecided open : decided.incomplete()) {
      Progress progress = complete(open.xid(), open.incarnation(), nowMillis);
      if (progress instanceof Progress.Begun begun && begun.logRefuses()) {
        return;
      }
    }
  }

  /** Tries again what could not be completed. */
  @Override
  public void run(long nowMillis) {
    if (nowMillis >= retryMillis) {
      completeOpen(nowMillis);
    }
  }

  @Override
  public long nextDueMillis() {
    return retryMillis;
  }

  private static long bytesOf(BranchPrepared branch) {
    long bytes = FACTS_BYTES + Branch.contentBytes(branch.sends().size(), branch.acks());
    for (BranchSend send : branch.sends()) {
      bytes += send.sizeBytes() + GROWTH_BYTES;
    }
    return bytes;
  }
}
