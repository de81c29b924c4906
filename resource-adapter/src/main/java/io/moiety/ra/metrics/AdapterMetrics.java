package io.moiety.ra.metrics;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what happens to the XA transactions and messages of one instance of the adapter. A
 * transaction is known by whatever names it, such as its Xid. Thread-safe.
 */
public final class AdapterMetrics {

  private final Set<Object> inFlight = ConcurrentHashMap.newKeySet();
  private final Set<Object> inDoubt = ConcurrentHashMap.newKeySet();
  private final LongAdder committed = new LongAdder();
  private final LongAdder rolledBack = new LongAdder();
  private final LongAdder redelivered = new LongAdder();
  private final LongAdder reconnects = new LongAdder();

  /** The first message of it is being sent or received. */
  public void begun(Object transaction) {
    inFlight.add(transaction);
  }

  /** It ended without anything to decide. */
  public void ended(Object transaction) {
    inFlight.remove(transaction);
    inDoubt.remove(transaction);
  }

  /** From now on somebody else decides it. */
  public void prepared(Object transaction) {
    inDoubt.add(transaction);
    inFlight.remove(transaction);
  }

  /**
   * A decision was asked for and not answered: what was prepared stays in doubt, anything else the
   * broker rolls back by itself.
   */
  public void unanswered(Object transaction) {
    inFlight.remove(transaction);
  }

  public void committed(Object transaction) {
    ended(transaction);
    committed.increment();
  }

  public void rolledBack(Object transaction) {
    ended(transaction);
    rolledBack.increment();
  }

  public void redelivered() {
    redelivered.increment();
  }

  public void reconnected() {
    reconnects.increment();
  }

  public long inFlight() {
    return inFlight.size();
  }

  public long inDoubt() {
    return inDoubt.size();
  }

  public long committedCount() {
    return committed.sum();
  }

  public long rolledBackCount() {
    return rolledBack.sum();
  }

  public long redeliveredCount() {
    return redelivered.sum();
  }

  public long reconnectCount() {
    return reconnects.sum();
  }
}
