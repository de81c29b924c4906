package io.moiety.client;

/** Where a new group begins. The names are those on the wire. */
public enum StartPosition {
  /** At the oldest message that is stored. */
  FIRST,
  /** After the newest one at the time of the request. */
  LAST
}
