package io.moiety.ra.xa;

import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;

/**
 * The bridge's XA resource, whose steps somebody else is told of: the pool of a connection that
 * turns out to be broken, the handles that work in a branch, the counters. Separate from the
 * bridge's because only the adapter has those. Thread-safe as far as the bridge's is.
 */
public final class ObservedXaResource implements XAResource {

  private interface Step<T> {
    T run() throws XAException;
  }

  private interface Action {
    void run() throws XAException;
  }

  private final XAResource resource;
  private final BranchObserver observer;

  public ObservedXaResource(XAResource resource, BranchObserver observer) {
    this.resource = resource;
    this.observer = observer;
  }

  @Override
  public void start(Xid xid, int flags) throws XAException {
    run(() -> resource.start(xid, flags));
    observer.started(xid);
  }

  @Override
  public void end(Xid xid, int flags) throws XAException {
    observer.left(xid);
    run(() -> resource.end(xid, flags));
  }

  @Override
  public int prepare(Xid xid) throws XAException {
    int vote = deciding(xid, () -> resource.prepare(xid));
    if (vote == XA_RDONLY) {
      observer.endedReadOnly(xid);
    } else {
      observer.prepared(xid);
    }
    return vote;
  }

  @Override
  public void commit(Xid xid, boolean onePhase) throws XAException {
    deciding(
        xid,
        () -> {
          resource.commit(xid, onePhase);
          return true;
        });
    observer.committed(xid);
  }

  /** May come without an end, when a transaction times out. */
  @Override
  public void rollback(Xid xid) throws XAException {
    observer.left(xid);
    deciding(
        xid,
        () -> {
          resource.rollback(xid);
          return true;
        });
    observer.rolledBack(xid);
  }

  @Override
  public void forget(Xid xid) throws XAException {
    run(() -> resource.forget(xid));
    observer.forgotten(xid);
  }

  @Override
  public Xid[] recover(int flags) throws XAException {
    observer.recoveryAsked();
    return call(() -> resource.recover(flags));
  }

  @Override
  public boolean isSameRM(XAResource other) throws XAException {
    XAResource theirs = other instanceof ObservedXaResource observed ? observed.resource : other;
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
        observer.broken(failure);
      }
      throw failure;
    }
  }

  /** A step whose failure may say what became of the branch. */
  private <T> T deciding(Xid xid, Step<T> step) throws XAException {
    try {
      return call(step);
    } catch (XAException failure) {
      if (failure.errorCode >= XAException.XA_RBBASE && failure.errorCode <= XAException.XA_RBEND) {
        observer.rolledBack(xid);
      } else if (failure.errorCode == XAException.XAER_NOTA) {
        observer.forgotten(xid);
      } else if (failure.errorCode == XAException.XAER_RMFAIL) {
        observer.unanswered(xid);
      }
      throw failure;
    }
  }
}
