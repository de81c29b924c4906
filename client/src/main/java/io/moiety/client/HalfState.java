package io.moiety.client;

/** What the broker knows of a half message. The names are those on the wire. */
public enum HalfState {
  /** Waits for its resolution; nobody sees it. */
  OPEN,
  /** Put aside after too many checks; an administrator decides or resumes it. */
  PARKED,
  COMMITTED,
  ROLLED_BACK,
  /** Never stored, or ended so long ago that the broker does not remember how. */
  UNKNOWN
}
