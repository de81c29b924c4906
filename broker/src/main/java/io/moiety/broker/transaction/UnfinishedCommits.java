package io.moiety.broker.transaction;

import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.store.ColdReads;
import io.moiety.broker.store.DueWork;
import io.moiety.broker.store.RecordSpan;
import io.moiety.broker.store.SystemRecord.BranchDecided;
import io.moiety.broker.store.SystemRecord.BranchSend;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Goes on with commits that are not complete, when nobody asks: after a replay, and after something
 * kept one back. A bounded number of messages at a time, which are read ahead where they may have
 * to come from the disk.
 *
 * <p>Apart from {@link BranchCompletion}, which completes a commit whole in the task of whoever
 * commits; what that could not, comes here.
 *
 * <p>Owner: the store turn.
 */
public final class UnfinishedCommits implements DueWork {
  private static final Logger LOG = System.getLogger(UnfinishedCommits.class.getName());
  private static final int MESSAGES_PER_RUN = 64;

  /** Enough for one run; the last message of it may lie above. */
  private static final long BYTES_PER_RUN = 1024 * 1024;

  private static final long PAUSE_MILLIS = 1_000;

  private final DecidedBranches decided;
  private final BranchCompletion completion;
  private final ColdReads coldReads;

  /** The one that is being completed. */
  private Optional<Pass> pass = Optional.empty();

  /** Reader threads bring its next messages to memory. */
  private boolean reading;

  /** The log took nothing. */
  private long pausedUntilMillis;

  private boolean paused;

  /** One way through the messages that a commit demands. */
  private static final class Pass {
    private final BranchDecided branch;
    private int triedUpTo = Integer.MIN_VALUE;
    private Optional<RuntimeException> obstacle = Optional.empty();

    Pass(BranchDecided branch) {
      this.branch = branch;
    }

    long incarnation() {
      return branch.incarnation();
    }

    void tried(BranchSend send, Optional<RuntimeException> itsOwn) {
      triedUpTo = send.sequence();
      obstacle = obstacle.isPresent() ? obstacle : itsOwn;
    }
  }

  /** Of a broker, which {@link #begin} is to be told of when it has replayed its log. */
  public UnfinishedCommits(
      DecidedBranches decided, BranchCompletion completion, ColdReads coldReads) {
    this.decided = decided;
    this.completion = completion;
    this.coldReads = coldReads;
  }

  /** What a crash has cut off is to be completed. */
  public void begin(long nowMillis) {
    decided
        .incomplete()
        .forEach(commit -> completion.retries().add(commit.incarnation(), nowMillis));
  }

  /** Appends the next of what one commit demands, and its mark when that is all. */
  @Override
  public void run(long nowMillis) {
    if (reading || nowMillis < pausedUntilMillis) {
      return;
    }
    pass =
        pass.filter(begun -> decided.isIncomplete(begun.incarnation())).or(() -> next(nowMillis));
    if (pass.isEmpty()) {
      return;
    }
    List<BranchSend> sends = nextSends(pass.get());
    if (readBefore(sends)) {
      return;
    }
    try {
      goOn(pass.get(), sends, nowMillis);
      paused = false;
    } catch (AppendRefusedException refused) {
      pause(refused, nowMillis);
    }
  }

  @Override
  public long nextDueMillis() {
    if (reading) { // The end of the read is a task of the turn, after which this is asked.
      return Long.MAX_VALUE;
    }
    long dueMillis = pass.isPresent() ? 0 : completion.retries().nextMillis();
    return Math.max(dueMillis, pausedUntilMillis);
  }

  /** The one that is due, if it was not completed meanwhile. */
  private Optional<Pass> next(long nowMillis) {
    RetryTimes retries = completion.retries();
    Optional<Long> due = retries.due(nowMillis);
    while (due.isPresent()) {
      Optional<BranchDecided> commit = decided.incomplete(due.get());
      if (commit.isPresent()) {
        return commit.map(Pass::new);
      }
      retries.done(due.get());
      due = retries.due(nowMillis);
    }
    return Optional.empty();
  }

  private List<BranchSend> nextSends(Pass begun) {
    List<BranchSend> next = new ArrayList<>();
    long bytes = 0;
    for (BranchSend send :
        decided.missingBehind(begun.incarnation(), begun.triedUpTo, MESSAGES_PER_RUN)) {
      if (bytes >= BYTES_PER_RUN) {
        break;
      }
      next.add(send);
      bytes += send.sizeBytes();
    }
    return next;
  }

  /** True when some are being read: they wait until that is done. */
  private boolean readBefore(List<BranchSend> sends) {
    List<RecordSpan> cold =
        coldReads.coldOf(
            sends.stream().map(send -> new RecordSpan(send.position(), send.sizeBytes())).toList());
    if (cold.isEmpty()) {
      return false;
    }
    reading = true;
    boolean begun = coldReads.read(cold, () -> reading = false);
    reading &= begun;
    return reading;
  }

  private void goOn(Pass begun, List<BranchSend> sends, long nowMillis) {
    for (BranchSend send : sends) {
      begun.tried(send, completion.append(send, nowMillis));
    }
    if (decided.missingBehind(begun.incarnation(), begun.triedUpTo, 1).isEmpty()) {
      if (begun.obstacle.isPresent()) {
        completion.tryAgain(
            begun.branch.xid(), begun.incarnation(), begun.obstacle.get(), nowMillis);
      } else {
        completion.markComplete(begun.branch.xid(), begun.incarnation());
      }
      pass = Optional.empty();
    }
  }

  private void pause(AppendRefusedException refused, long nowMillis) {
    LOG.log(
        paused ? Level.DEBUG : Level.WARNING,
        "Committed branches cannot be completed now and will be tried again: {0}",
        refused.getMessage());
    paused = true;
    pausedUntilMillis = nowMillis + PAUSE_MILLIS;
  }
}
