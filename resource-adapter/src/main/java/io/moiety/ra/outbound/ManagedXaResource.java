package io.moiety.ra.outbound;

import io.moiety.protocol.BranchXid;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/**
 * The XA resource of a managed connection: tells the pool when the connection turns out to be
 * broken, and the connection's handles whether they work in a branch.
 *
 * <p>Separate from the bridge's resource because only a managed connection has a pool to tell.
 * Thread-safe as far as the bridge's is.
 */
final class ManagedXaResource implements XAResource {

  /** Told that the connection is of no use any more. */
  interface Breakage {
    void broken(Exception cause);
  }

  private interface Step<T> {
    T run() throws XAException;
  }

  private interface Action {
    void run() throws XAException;
  }

  private final XAResource resource;
  private final Breakage breakage;
  private volatile @Nullable BranchXid current;

  ManagedXaResource(XAResource resource, Breakage breakage) {
    this.resource = resource;
    this.breakage = breakage;
  }

  /** True while what is sent and received belongs to a branch. */
  boolean isInBranch() {
    return current != null;
  }

  @Override
  public void start(Xid xid, int flags) throws XAException {
    run(() -> resource.start(xid, flags));
    current = BranchXid.copyOf(xid);
  }

  @Override
  public void end(Xid xid, int flags) throws XAException {
    left(xid);
    run(() -> resource.end(xid, flags));
  }

  @Override
  public int prepare(Xid xid) throws XAException {
    return call(() -> resource.prepare(xid));
  }

  @Override
  public void commit(Xid xid, boolean onePhase) throws XAException {
    run(() -> resource.commit(xid, onePhase));
  }

  /** May come without an end, when a transaction times out. */
  @Override
  public void rollback(Xid xid) throws XAException {
    left(xid);
    run(() -> resource.rollback(xid));
  }

  @Override
  public void forget(Xid xid) throws XAException {
    run(() -> resource.forget(xid));
  }

  @Override
  public Xid[] recover(int flags) throws XAException {
    return call(() -> resource.recover(flags));
  }

  @Override
  public boolean isSameRM(XAResource other) throws XAException {
    XAResource theirs = other instanceof ManagedXaResource managed ? managed.resource : other;
    return call(() -> resource.isSameRM(theirs));
  }

  @Override
  public int getTransactionTimeout() throws XAException {
    return call(resource::getTransactionTimeout);
  }

  @Override
  public boolean setTransactionTimeout(int seconds) throws XAException {
    return call(() -> resource.setTransactionTimeout(seconds));
  }

  private void left(Xid xid) {
    if (BranchXid.copyOf(xid).equals(current)) {
      current = null;
    }
  }

  private void run(Action action) throws XAException {
    call(
        () -> {
          action.run();
          return true;
        });
  }

  private <T> T call(Step<T> step) throws XAException {
    try {
      return step.run();
    } catch (XAException failure) {
      if (failure.errorCode == XAException.XAER_RMFAIL) {
        breakage.broken(failure);
      }
      throw failure;
    }
  }
}
