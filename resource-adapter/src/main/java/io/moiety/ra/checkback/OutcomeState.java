package io.moiety.ra.checkback;

/** What a row of an outcome table says. The names are stored. */
enum OutcomeState {
  /** The transaction of this id committed: the row is part of it. */
  COMMITTED,
  /** A fence: the transaction of this id can never commit any more. */
  ROLLED_BACK,
  /** The message of this id was processed by a bean: the row is part of that transaction. */
  RECEIVED,
  /** More half messages of a transaction than one row has room for. */
  MORE,
  /** The table's own row: its detail names the table. */
  TABLE
}
