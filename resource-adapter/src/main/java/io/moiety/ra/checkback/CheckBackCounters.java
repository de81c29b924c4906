package io.moiety.ra.checkback;

import java.util.concurrent.atomic.LongAdder;

/** How many transactions and check-backs ended how, since the adapter's start. Thread-safe. */
public final class CheckBackCounters {

  private final LongAdder committed = new LongAdder();
  private final LongAdder rolledBack = new LongAdder();
  private final LongAdder unclear = new LongAdder();
  private final LongAdder checkedBack = new LongAdder();
  private final LongAdder fenced = new LongAdder();
  private final LongAdder swept = new LongAdder();

  /** Transactions that the server reported as committed. */
  public long committed() {
    return committed.sum();
  }

  /** Transactions that ended before their row was written. */
  public long rolledBack() {
    return rolledBack.sum();
  }

  /** Transactions whose end the table had to decide. */
  public long unclear() {
    return unclear.sum();
  }

  /** Questions of brokers that were answered with an outcome. */
  public long checkedBack() {
    return checkedBack.sum();
  }

  /** Transactions of other nodes that were ended here. */
  public long fenced() {
    return fenced.sum();
  }

  /** Rows that were left behind, and removed by the sweep. */
  public long swept() {
    return swept.sum();
  }

  void countCommitted() {
    committed.increment();
  }

  void countRolledBack() {
    rolledBack.increment();
  }

  void countUnclear() {
    unclear.increment();
  }

  void countCheckedBack() {
    checkedBack.increment();
  }

  void countFenced() {
    fenced.increment();
  }

  void countSwept(int rows) {
    swept.add(rows);
  }
}
