package io.moiety.ra.outbound;

import io.moiety.protocol.BranchXid;
import io.moiety.ra.metrics.AdapterMetrics;
import io.moiety.ra.xa.BranchObserver;
import io.moiety.ra.xa.RecoveryWatch;
import javax.transaction.xa.XAException;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/**
 * The branch that a managed connection works in, and what its steps mean to others: the pool, the
 * counters, the watch over recovery. Thread-safe; completion may come on the transaction manager's
 * threads.
 */
final class EnlistedBranch implements BranchObserver {

  private final ConnectionEvents events;
  private final AdapterMetrics metrics;
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
    this.events = events;
    this.metrics = metrics;
    this.recovery = recovery;
    this.factory = new RecoveredFactory(factory);
  }

  /** True while what is sent and received belongs to a branch. */
  boolean isOpen() {
    return current != null;
  }

  @Override
  public void started(Xid branch) {
    BranchXid xid = BranchXid.copyOf(branch);
    current = xid;
    metrics.begun(xid);
    recovery.used(factory, branch);
  }

  @Override
  public void left(Xid branch) {
    if (BranchXid.copyOf(branch).equals(current)) {
      current = null;
    }
  }

  @Override
  public void prepared(Xid branch) {
    metrics.prepared(BranchXid.copyOf(branch));
  }

  @Override
  public void endedReadOnly(Xid branch) {
    metrics.ended(BranchXid.copyOf(branch));
  }

  @Override
  public void committed(Xid branch) {
    metrics.committed(BranchXid.copyOf(branch));
  }

  @Override
  public void rolledBack(Xid branch) {
    metrics.rolledBack(BranchXid.copyOf(branch));
  }

  @Override
  public void forgotten(Xid branch) {
    metrics.ended(BranchXid.copyOf(branch));
  }

  @Override
  public void unanswered(Xid branch) {
    metrics.unanswered(BranchXid.copyOf(branch));
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
