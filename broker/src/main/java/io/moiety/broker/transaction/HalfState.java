package io.moiety.broker.transaction;

/** What the broker knows of a half message. In the order in which one counts more than another. */
public enum HalfState {
  ROLLED_BACK,
  /** Never heard of, or ended so long ago that it is forgotten: no word on how. */
  UNKNOWN,
  /** Put aside after too many checks; an administrator decides or resumes it. */
  PARKED,
  /** Waits for its resolution. */
  OPEN,
  COMMITTED
}
