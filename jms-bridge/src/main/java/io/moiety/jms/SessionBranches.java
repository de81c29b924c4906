package io.moiety.jms;

import io.moiety.client.Branch;
import io.moiety.client.BranchCounts;
import io.moiety.client.NextBranch;
import io.moiety.client.OutgoingMessage;
import io.moiety.protocol.BranchXid;
import jakarta.jms.JMSException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;

/**
 * The branches of a session's transactions. A session that commits again and again has the next one
 * started by a commit, so that its first send waits for no start. What was started ahead and not
 * used soon is rolled back when the session goes on or ends, or by the broker.
 *
 * <p>Confined to the session's thread; close is called when no other call is under way.
 */
final class SessionBranches {

  /** Tells these branches from those of a transaction manager; "MOTY". */
  static final int FORMAT_ID = 0x4D4F5459;

  private static final int MAX_STARTS = 3;

  /** A branch ends with its connection; this is for one whose application forgets it. */
  private static final Duration BRANCH_TIMEOUT = Duration.ofHours(1);

  private final Link link;
  private final long soonMillis;
  private Deadline soon = Deadline.now();
  private @Nullable Start ahead;

  /**
   * A branch that began.
   *
   * @param connectionNumber of the connection that it began by, with which it ends
   */
  record Begun(Branch branch, int connectionNumber) {}

  /**
   * A start that is under way, at a number that may be lower than that of its connection.
   *
   * @param branch empty when a commit could not start it
   */
  private record Start(CompletableFuture<Optional<Branch>> branch, int connectionNumber) {}

  /**
   * @param soonMillis from one commit to the next in a session that commits again and again
   */
  SessionBranches(Link link, long soonMillis) {
    this.link = link;
    this.soonMillis = soonMillis;
  }

  /** The branch of a transaction that begins. One that is lost before it is used begins again. */
  Begun take() throws JMSException {
    Start start = ahead;
    ahead = null;
    if (start != null && soon.hasPassed()) {
      giveUp(start);
      start = null;
    }
    for (int attempt = 0; attempt < MAX_STARTS; attempt++) {
      Start tried = start == null ? start() : start;
      boolean wasAhead = start != null;
      start = null;
      try {
        Optional<Branch> branch = Await.outcome(tried.branch());
        if (branch.isPresent() && tried.connectionNumber() == link.connectionNumber()) {
          return new Begun(branch.get(), tried.connectionNumber());
        }
        // It began by a lost connection or by the next, which nobody here can tell.
        giveUp(tried);
      } catch (ExecutionException failure) {
        boolean isLoss =
            JmsExceptions.unwrap(failure) instanceof LinkLostException lost && !lost.waitedInVain();
        // What kept a start from being made ahead need not be there any more.
        if (!wasAhead && (!isLoss || !link.isOpen())) {
          throw JmsExceptions.of("start a transaction", failure);
        }
      }
    }
    throw JmsExceptions.lostTransaction();
  }

  /**
   * Ends the branch of a transaction and commits it.
   *
   * @return complete when the broker has answered; what it brings is for the next transaction
   */
  CompletableFuture<?> commit(Branch branch, BranchCounts counts) {
    return committing(next -> link.branches().endAndCommit(branch, counts, next));
  }

  /** The same for a branch whose only message was not sent before. */
  CompletableFuture<?> commit(OutgoingMessage only) {
    return committing(next -> link.branches().sendAndCommit(only, next));
  }

  private CompletableFuture<?> committing(
      Function<Optional<NextBranch>, CompletableFuture<Optional<Branch>>> commit) {
    Optional<NextBranch> next =
        soon.hasPassed() ? Optional.empty() : Optional.of(new NextBranch(newXid(), BRANCH_TIMEOUT));
    int connectionNumber = link.connectionNumber();
    CompletableFuture<Optional<Branch>> committed = commit.apply(next);
    ahead = next.isEmpty() ? null : new Start(committed, connectionNumber);
    soon = Deadline.afterMillis(soonMillis);
    return committed;
  }

  /** The session closes. */
  void close() {
    Start unused = ahead;
    ahead = null;
    if (unused != null) {
      giveUp(unused);
    }
  }

  private Start start() {
    int connectionNumber = link.connectionNumber();
    return new Start(
        link.branches()
            .start(newXid(), XAResource.TMNOFLAGS, BRANCH_TIMEOUT)
            .thenApply(Optional::of),
        connectionNumber);
  }

  /** Nothing is in it, so nobody waits for its end. */
  private void giveUp(Start unused) {
    unused
        .branch()
        .thenAccept(
            started ->
                started.ifPresent(
                    branch -> {
                      link.branches().end(branch, XAResource.TMFAIL);
                      link.branches().rollback(branch.xid());
                    }));
  }

  private static BranchXid newXid() {
    UUID id = UUID.randomUUID();
    byte[] global =
        ByteBuffer.allocate(16)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .array();
    return new BranchXid(FORMAT_ID, global, new byte[] {1});
  }
}
