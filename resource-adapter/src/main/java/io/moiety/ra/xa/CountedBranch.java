package io.moiety.ra.xa;

import io.moiety.protocol.BranchXid;
import io.moiety.ra.metrics.AdapterMetrics;
import javax.transaction.xa.Xid;

/**
 * Counts how a branch goes on. Abstract because who works in it has more to do with each step.
 * Thread-safe; completion may come on the transaction manager's threads.
 */
public abstract class CountedBranch implements BranchObserver {

  private final AdapterMetrics metrics;

  protected CountedBranch(AdapterMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void started(Xid branch) {
    metrics.begun(BranchXid.copyOf(branch));
  }

  @Override
  public final void prepared(Xid branch) {
    metrics.prepared(BranchXid.copyOf(branch));
  }

  @Override
  public final void endedReadOnly(Xid branch) {
    metrics.ended(BranchXid.copyOf(branch));
  }

  @Override
  public final void committed(Xid branch) {
    metrics.committed(BranchXid.copyOf(branch));
  }

  @Override
  public void rolledBack(Xid branch) {
    metrics.rolledBack(BranchXid.copyOf(branch));
  }

  @Override
  public final void forgotten(Xid branch) {
    metrics.ended(BranchXid.copyOf(branch));
  }

  @Override
  public final void unanswered(Xid branch) {
    metrics.unanswered(BranchXid.copyOf(branch));
  }
}
