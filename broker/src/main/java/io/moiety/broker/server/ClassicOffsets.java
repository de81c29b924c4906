package io.moiety.broker.server;

import io.moiety.broker.delivery.Ledgers;
import io.moiety.broker.store.DueWork;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.SystemRecord.CommittedOffset;
import java.util.OptionalLong;

/**
 * Where classic consumer groups are: the floor of their ledgers, or what they reported since. What
 * is reported goes to the log a few seconds later, see {@link PendingOffsets}.
 *
 * <p>Owner: the store turn.
 */
public final class ClassicOffsets implements DueWork {

  private final PendingOffsets pending;
  private final Ledgers ledgers;
  private final Journal journal;

  public ClassicOffsets(PendingOffsets pending, Ledgers ledgers, Journal journal) {
    this.pending = pending;
    this.ledgers = ledgers;
    this.journal = journal;
  }

  /** The next offset that the group reads; empty when it never said. */
  OptionalLong find(String group, QueueKey queue) {
    OptionalLong reported = pending.find(group, queue.topic(), queue.queueId());
    return reported.isPresent()
        ? reported
        : ledgers.classicOffset(group, queue.topic(), queue.queueId());
  }

  void commit(String group, QueueKey queue, long nextOffset, long nowMillis) {
    OptionalLong before = find(group, queue);
    if (before.isEmpty() || before.getAsLong() != nextOffset) {
      pending.put(
          new CommittedOffset(group, queue.topic(), queue.queueId(), nextOffset), nowMillis);
    }
  }

  @Override
  public void run(long nowMillis) {
    if (pending.nextDueMillis() <= nowMillis) {
      log();
    }
  }

  @Override
  public long nextDueMillis() {
    return pending.nextDueMillis();
  }

  /** Logs what is pending without waiting for its time, as before a stop. */
  public void log() {
    pending.drain().forEach(journal::record);
  }
}
