package io.moiety.broker.delivery;

/**
 * Hears what changes in the ledgers from outside of delivery, while a record is being applied: it
 * may note what is to be done, but append nothing.
 */
interface LedgerListener {
  /** The group is done with more: where delivery stopped at a bound, it may go on. */
  void acknowledged(LedgerKey key);

  /** A branch gave messages back, the lowest of them at this offset. */
  void wentBack(LedgerKey key, long lowestOffset);

  /** The group was moved to another offset: who has a message of it, has it no more. */
  void moved(LedgerKey key);

  void groupForgotten(String group);

  void topicForgotten(String topic);
}
