package io.moiety.ra.checkback;

import java.util.concurrent.atomic.LongAdder;

/** How many transactions and check-backs ended how, since the adapter's start. Thread-safe. */
public final class CheckBackCounters {

  private final LongAdder committed = new LongAdder();
  private final LongAdder rolledBack = new LongAdder();
  private final LongAdder checkedBack = new LongAdder();
  private final LongAdder fenced = new LongAdder();

  /** Transactions of this node that committed. */
  public long committed() {
    return committed.sum();
  }

  /** Transactions of this node that were rolled back. */
  public long rolledBack() {
    return rolledBack.sum();
  }

  /** Questions of brokers that were answered with an outcome. */
  public long checkedBack() {
    return checkedBack.sum();
  }

  /** Transactions of other nodes that were ended here. */
  public long fenced() {
    return fenced.sum();
  }

  void countCommitted() {
    committed.increment();
  }

  void countRolledBack() {
    rolledBack.increment();
  }

  void countCheckedBack() {
    checkedBack.increment();
  }

  void countFenced() {
    fenced.increment();
  }
}
