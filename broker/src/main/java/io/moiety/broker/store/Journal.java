package io.moiety.broker.store;

import io.moiety.broker.log.Appended;
import io.moiety.broker.log.PutStatus;
import io.moiety.protocol.RecordDraft;
import java.util.List;

/**
 * The way into the log. Everything here is called in the store turn only.
 *
 * <p>Appending throws {@link io.moiety.broker.log.AppendRefusedException} when the log takes
 * nothing (too large, no space, an earlier write failed); whoever hands a task to the turn answers
 * that.
 */
public interface Journal {
  /** With the longest names they have 2 MiB, where the smallest limit of a record is 8 MiB. */
  int MAX_RANGES_PER_FACT = 4_096;

  /** Appends the fact and applies it to the views. */
  Appended record(SystemRecord fact);

  /**
   * As the other, of what an administrator decided, who is told by the record. Here for a journal
   * that keeps no names.
   */
  default Appended record(SystemRecord fact, String decidedBy) {
    return record(fact);
  }

  /**
   * Appends facts one behind the other: all of them, or none and it throws. A crash may keep the
   * first of them only. Here for a journal that has room for all.
   *
   * @param facts at least one
   * @return the last fact
   */
  default Appended recordAll(List<? extends SystemRecord> facts) {
    facts.subList(0, facts.size() - 1).forEach(this::record);
    return record(facts.get(facts.size() - 1));
  }

  /**
   * Appends acknowledgements, in several facts when they are so many that one would not fit a
   * record.
   *
   * @param ranges at least one
   * @return the last fact
   */
  default Appended acknowledge(List<AckRange> ranges) {
    int from = 0;
    while (ranges.size() - from > MAX_RANGES_PER_FACT) {
      int end = from + MAX_RANGES_PER_FACT;
      Appended unused =
          record(new SystemRecord.Acknowledged(List.copyOf(ranges.subList(from, end))));
      from = end;
    }
    return record(new SystemRecord.Acknowledged(ranges.subList(from, ranges.size())));
  }

  /**
   * Appends a message and applies it to the views. The queue offset in the draft is replaced by the
   * next one of its queue.
   */
  Logged put(RecordDraft draft);

  /**
   * As {@link #put}, of a message that may be lost with the machine, so that it may be seen before
   * it is forced, which is soon. Here for a journal that has no such.
   */
  default Logged putUnforced(RecordDraft draft) {
    return put(draft);
  }

  /**
   * Appends messages one behind the other: all of them, or none and it throws. Here for a journal
   * that has room for all.
   */
  default List<Logged> putAll(List<RecordDraft> drafts) {
    return drafts.stream().map(this::put).toList();
  }

  /**
   * Sees that appends of so many bytes in all, with no others between them, find room; of more than
   * there is ever room for at once, that there is as much as there can be. Here for a journal that
   * has room for all.
   *
   * @throws io.moiety.broker.log.AppendRefusedException when they would be refused
   */
  default void requireRoom(long bytes) {}

  /**
   * Calls back in the turn when everything before {@code endPosition} may be seen by others: {@link
   * PutStatus#PUT_OK}, or why not (a timeout does not mean that the record is lost).
   */
  void whenServed(long endPosition, Waiter waiter);

  /**
   * As {@link #whenServed}, of what was {@linkplain #putUnforced put unforced}: it is seen when all
   * before it is forced that has to be. Here for a journal that has no such.
   */
  default void whenSeen(long endPosition, Waiter waiter) {
    whenServed(endPosition, waiter);
  }

  /** As {@link #whenServed}, but waits for the force even under {@code ASYNC_FLUSH}. */
  void whenDurable(long endPosition, Waiter waiter);

  /** First position after everything that is appended. */
  long endPosition();

  /** Where a message was put. */
  record Logged(long position, int sizeBytes, long queueOffset, long storeTimestampMillis) {
    public long endPosition() {
      return position + sizeBytes;
    }
  }

  /** What is waited for: {@link #whenServed}, {@link #whenSeen} or {@link #whenDurable}. */
  @FunctionalInterface
  interface Promise {
    void when(long endPosition, Waiter waiter);
  }

  /** Waits for a position; called once, in the turn. */
  @FunctionalInterface
  interface Waiter {
    void done(PutStatus outcome);
  }
}
