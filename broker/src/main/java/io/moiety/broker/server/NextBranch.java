package io.moiety.broker.server;

import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.transaction.Branches;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.Fields;
import java.util.Optional;
import javax.transaction.xa.XAResource;

/**
 * Starts the branch that a request for a commit asked for as the next: once the commit has
 * happened, and in its answer.
 */
public final class NextBranch {
  /** For a request that may ask for none. */
  static final Start NONE = answer -> {};

  private final Branches branches;
  private final LostConnections lostConnections;
  private final BrokerClock clock;

  public NextBranch(Branches branches, LostConnections lostConnections, BrokerClock clock) {
    this.branches = branches;
    this.lostConnections = lostConnections;
    this.clock = clock;
  }

  /** What is left to do when a commit has happened, in the turn; it adds to the answer. */
  @FunctionalInterface
  interface Start {
    void run(Fields.Builder answer);
  }

  /** To be asked before the commit. */
  Start askedFor(Fields request, Connection connection) {
    Optional<BranchXid> next = request.text("next").map(text -> BranchXid.ofField("next", text));
    if (next.isEmpty()) {
      return NONE;
    }
    long timeoutMillis = request.longOr("timeoutMillis", 0);
    lostConnections.watch(connection);
    return answer ->
        lostConnections.ifOpen(
            connection, () -> start(next.get(), timeoutMillis, connection, answer));
  }

  /** Why it could not be started is told to the request that needs it. */
  private void start(
      BranchXid next, long timeoutMillis, Connection connection, Fields.Builder answer) {
    if (branches.start(
            next, XAResource.TMNOFLAGS, timeoutMillis, connection.id(), clock.nowMillis())
        instanceof Branches.StartAnswer.Started started) {
      answer.put("nextIncarnation", started.incarnation());
    }
  }
}
