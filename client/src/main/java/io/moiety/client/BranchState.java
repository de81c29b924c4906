package io.moiety.client;

/** What the broker knows about a branch. The names are those on the wire. */
public enum BranchState {
  ACTIVE,
  ROLLBACK_ONLY,
  PREPARED,
  COMMITTED,
  ROLLED_BACK,
  HEURISTIC_COMMIT,
  HEURISTIC_ROLLBACK,
  /** Never seen, or finished so long ago that the broker does not remember it. */
  UNKNOWN
}
