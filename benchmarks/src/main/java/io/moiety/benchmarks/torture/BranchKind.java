package io.moiety.benchmarks.torture;

/** How a transaction manager behaves with a branch. */
enum BranchKind {
  /** Prepares, decides, and tells until it is confirmed; sometimes twice. */
  TWO_PHASES,
  ONE_PHASE,
  /** Its connection is lost before the prepare. */
  VANISH_ACTIVE,
  /** Decides after the prepare and does not tell: recovery has to. */
  VANISH_PREPARED,
  /** Rolls back before the prepare. */
  ROLLBACK_ACTIVE,
  /** Prepares and decides nothing, for the whole run. */
  OPEN,
  /** Prepares; the decision reaches the broker as an administrator's. */
  ADMINISTERED
}
