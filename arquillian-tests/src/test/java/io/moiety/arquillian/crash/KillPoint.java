package io.moiety.arquillian.crash;

/** Where the rules in {@code crash.btm} kill, and what a transaction that ends there becomes. */
enum KillPoint {
  /** The vote was never given: rolled back. */
  PREPARE_ENTRY(false),

  /** All have voted, the decision is not in the transaction log: rolled back (presumed abort). */
  PREPARE_EXIT(false),

  /** The decision is logged: committed. */
  DATABASE_COMMIT_ENTRY(true),
  COMMIT_ENTRY(true),
  COMMIT_EXIT(true),

  BROKER_PREPARE_ENTRY(false),

  /** The server lives on and decides; the broker has kept the branch and hears of it later. */
  BROKER_PREPARE_EXIT(true),
  BROKER_COMMIT_ENTRY(true);

  private final boolean commits;

  KillPoint(boolean commits) {
    this.commits = commits;
  }

  boolean commits() {
    return commits;
  }
}
