package io.moiety.broker.store;

import io.moiety.broker.log.PutStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * Those who wait until a position is reached. They come in log order nearly always, but a wait for
 * an older record may come later, so the head is the lowest position, not the oldest wait.
 *
 * <p>Owner: the store turn.
 */
final class PositionWaiters {
  private final long timeoutMillis;
  private final PriorityQueue<Waiting> byPosition = new PriorityQueue<>();
  private final Queue<Waiting> byDeadline = new ArrayDeque<>();
  private long sequence;

  private static final class Waiting implements Comparable<Waiting> {
    private final long endPosition;
    private final long sequence;
    private final long deadlineMillis;
    private Journal.Waiter waiter;
    private boolean done;

    Waiting(long endPosition, long sequence, long deadlineMillis, Journal.Waiter waiter) {
      this.endPosition = endPosition;
      this.sequence = sequence;
      this.deadlineMillis = deadlineMillis;
      this.waiter = waiter;
    }

    void complete(PutStatus outcome) {
      if (!done) {
        done = true;
        Journal.Waiter told = waiter;
        waiter = ignored -> {};
        told.done(outcome);
      }
    }

    @Override
    public int compareTo(Waiting other) {
      int order = Long.compare(endPosition, other.endPosition);
      return order != 0 ? order : Long.compare(sequence, other.sequence);
    }
  }

  PositionWaiters(long timeoutMillis) {
    this.timeoutMillis = timeoutMillis;
  }

  void add(long endPosition, long nowMillis, Journal.Waiter waiter) {
    Waiting waiting = new Waiting(endPosition, sequence++, nowMillis + timeoutMillis, waiter);
    byPosition.add(waiting);
    byDeadline.add(waiting);
  }

  boolean isEmpty() {
    return byPosition.isEmpty();
  }

  void reached(long position) {
    Waiting head = byPosition.peek();
    while (head != null && head.endPosition <= position) {
      byPosition.remove();
      head.complete(PutStatus.PUT_OK);
      head = byPosition.peek();
    }
    forgetDone();
  }

  /** Tells those who have waited too long; a time-out says nothing about the record itself. */
  void expire(long nowMillis) {
    Waiting oldest = byDeadline.peek();
    while (oldest != null && (oldest.done || oldest.deadlineMillis <= nowMillis)) {
      byDeadline.remove();
      oldest.complete(PutStatus.FLUSH_DISK_TIMEOUT);
      oldest = byDeadline.peek();
    }
  }

  /** The log failed: nothing that is waited for will come. */
  void fail(PutStatus outcome) {
    List<Waiting> all = new ArrayList<>(byDeadline);
    byPosition.clear();
    byDeadline.clear();
    all.forEach(waiting -> waiting.complete(outcome));
  }

  /** When {@link #expire} has something to do, or {@code Long.MAX_VALUE}. */
  long nextDueMillis() {
    Waiting oldest = byDeadline.peek();
    return oldest == null ? Long.MAX_VALUE : oldest.deadlineMillis;
  }

  private void forgetDone() {
    Waiting oldest = byDeadline.peek();
    while (oldest != null && oldest.done) {
      byDeadline.remove();
      oldest = byDeadline.peek();
    }
  }
}
