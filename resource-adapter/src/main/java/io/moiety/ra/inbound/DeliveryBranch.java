package io.moiety.ra.inbound;

import io.moiety.ra.metrics.AdapterMetrics;
import io.moiety.ra.xa.CountedBranch;
import io.moiety.ra.xa.RecoveryWatch;
import javax.transaction.xa.XAException;
import javax.transaction.xa.Xid;

/**
 * The branch of one delivery: whether it was rolled back is known only here, since a bean that asks
 * for a rollback returns normally. Thread-safe.
 */
final class DeliveryBranch extends CountedBranch {

  private final RecoveryWatch recovery;
  private volatile boolean rolledBack;

  DeliveryBranch(AdapterMetrics metrics, RecoveryWatch recovery) {
    super(metrics);
    this.recovery = recovery;
  }

  boolean isRolledBack() {
    return rolledBack;
  }

  @Override
  public void started(Xid branch) {
    super.started(branch);
    recovery.used(RecoveryWatch.BEANS, branch);
  }

  @Override
  public void left(Xid branch) {
    // The bean is done; the transaction manager goes on.
  }

  @Override
  public void rolledBack(Xid branch) {
    rolledBack = true;
    super.rolledBack(branch);
  }

  @Override
  public void recoveryAsked() {
    // Beans' branches are recovered by resources of their own, which the adapter is asked for.
  }

  @Override
  public void broken(XAException cause) {
    // The reception is told of its connection's loss by the connection.
  }
}
