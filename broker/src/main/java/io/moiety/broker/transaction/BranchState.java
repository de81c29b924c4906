package io.moiety.broker.transaction;

/** What the broker knows of an Xid. */
public enum BranchState {
  ACTIVE,
  ROLLBACK_ONLY,
  PREPARED,
  COMMITTED,
  ROLLED_BACK,
  HEURISTIC_COMMIT,
  HEURISTIC_ROLLBACK,
  /** Never heard of, or so long ago that it is forgotten. */
  UNKNOWN
}
