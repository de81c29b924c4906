package io.moiety.ra.xa;

import javax.transaction.xa.XAException;
import javax.transaction.xa.Xid;

/** Told what a transaction manager does by an {@link ObservedXaResource}, on its threads. */
public interface BranchObserver {

  /** Work for the branch begins. */
  void started(Xid branch);

  /** No more work for the branch from now on; told before the broker is. */
  void left(Xid branch);

  /** The branch has voted for a commit. */
  void prepared(Xid branch);

  /** There was nothing to decide in it. */
  void endedReadOnly(Xid branch);

  void committed(Xid branch);

  void rolledBack(Xid branch);

  /** It was decided by somebody else, and that is known now. */
  void forgotten(Xid branch);

  /** A decision was asked for, and whether the broker took it is not known. */
  void unanswered(Xid branch);

  /** Recovery has asked for the branches in doubt. */
  void recoveryAsked();

  /** The resource manager cannot be reached over this connection any more. */
  void broken(XAException cause);
}
