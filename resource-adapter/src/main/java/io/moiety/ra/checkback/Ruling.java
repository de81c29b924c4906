package io.moiety.ra.checkback;

/** What an outcome table says of a transaction. */
enum Ruling {
  COMMITTED,
  ROLLED_BACK,
  /** There is no row, and none was put there. */
  OPEN,
  /** The database did not say, or not clearly: it is to be asked again. */
  UNCLEAR
}
