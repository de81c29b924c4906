package io.moiety.client;

/** What an administrator wants to become of a transaction. The names are those on the wire. */
public enum Verdict {
  COMMIT,
  ROLLBACK,
  /** A half message that was put aside is to be asked about again. */
  RESUME,
  /** The heuristic outcome of a branch is to be forgotten, which no transaction manager will do. */
  FORGET
}
