package io.moiety.ra.outbound;

import io.moiety.protocol.BranchXid;
import io.moiety.ra.metrics.AdapterMetrics;
import io.moiety.ra.xa.CountedBranch;
import io.moiety.ra.xa.RecoveryWatch;
import javax.transaction.xa.XAException;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/**
 * The branch that a managed connection works in, and what its steps mean to others: the pool, the
 * counters, the watch over recovery. Thread-safe; completion may come on the transaction manager's
 * threads.
 */
final class EnlistedBranch extends CountedBranch {

  private final ConnectionEvents events;
  private final RecoveryWatch recovery;
  private final RecoveredFactory factory;
  private volatile @Nullable BranchXid current;

  /** The connection factory as the watch over recovery names it. */
  private record RecoveredFactory(Object factory) {

    @Override
    public String toString() {
      return "connection factory " + factory;
    }
  }

  /**
   * @param factory whose connection it is
   */
  EnlistedBranch(
      ConnectionEvents events, AdapterMetrics metrics, RecoveryWatch recovery, Object factory) {
    super(metrics);
    this.events = events;
    this.recovery = recovery;
    this.factory = new RecoveredFactory(factory);
  }

  /** True while what is sent and received belongs to a branch. */
  boolean isOpen() {
    return current != null;
  }

  @Override
  public void started(Xid branch) {
    current = BranchXid.copyOf(branch);
    super.started(branch);
    recovery.used(factory, branch);
  }

  @Override
  public void left(Xid branch) {
    if (BranchXid.copyOf(branch).equals(current)) {
      current = null;
    }
  }

  @Override
  public void recoveryAsked() {
    recovery.asked(factory);
  }

  @Override
  public void broken(XAException cause) {
    events.failed(cause);
  }
}
