package io.moiety.broker.delivery;

import io.moiety.broker.filter.MessageFilter;
import io.moiety.broker.queue.ConsumeQueue;
import io.moiety.broker.store.AckRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * One group on one queue at run time: the ledger, and what the log need not know of it: leases,
 * what the subscription passed over and is yet to be logged, and how far each filter has looked.
 *
 * <p>Confined to the store turn.
 */
final class GroupQueue {
  private static final int CURSORS = 64;

  private final GroupTopic groupTopic;
  private final LedgerKey key;
  private final Ledger ledger;
  private final ConsumeQueue queue;
  private final TreeMap<Long, Lease> leases = new TreeMap<>();
  private final OffsetRanges leased = new OffsetRanges();
  private final OffsetRanges passedOver = new OffsetRanges();
  private final Map<MessageFilter, Long> cursors =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<MessageFilter, Long> eldest) {
          return size() > CURSORS;
        }
      };
  private boolean full;
  private boolean beingRead;

  GroupQueue(GroupTopic groupTopic, LedgerKey key, Ledger ledger, ConsumeQueue queue) {
    this.groupTopic = groupTopic;
    this.key = key;
    this.ledger = ledger;
    this.queue = queue;
  }

  GroupTopic groupTopic() {
    return groupTopic;
  }

  LedgerKey key() {
    return key;
  }

  Ledger ledger() {
    return ledger;
  }

  ConsumeQueue queue() {
    return queue;
  }

  /** Deliveries of a message including the one that is being made of it. */
  int countOfNextDelivery(long queueOffset) {
    return ledger.count(queueOffset) + 1;
  }

  /** The smallest offset from {@code from} on that nobody has and that may be delivered. */
  OptionalLong nextAvailable(long from) {
    long offset = Math.max(from, queue.minOffset());
    long next = nextFree(offset);
    while (next != offset) {
      offset = next;
      next = nextFree(offset);
    }
    return offset < queue.servedOffset() ? OptionalLong.of(offset) : OptionalLong.empty();
  }

  /** Where a filter goes on looking: nothing that is available below matches it. */
  long cursor(MessageFilter filter) {
    return filter.equals(MessageFilter.ALL) ? 0 : cursors.getOrDefault(filter, 0L);
  }

  void cursor(MessageFilter filter, long queueOffset) {
    if (!filter.equals(MessageFilter.ALL)) {
      cursors.put(filter, queueOffset);
    }
  }

  Optional<Lease> lease(long queueOffset) {
    return Optional.ofNullable(leases.get(queueOffset));
  }

  /** How many things are known about messages above the floor. */
  int rememberedCount() {
    return ledger.rememberedCount() + leases.size();
  }

  Collection<Lease> leases() {
    return List.copyOf(leases.values());
  }

  int leaseCount() {
    return leases.size();
  }

  boolean hasLeases() {
    return !leases.isEmpty();
  }

  /** True when nobody has a message of it, or only an earlier request of the same attempt. */
  boolean isFreeFor(Optional<String> attemptId) {
    return leases.values().stream().allMatch(lease -> lease.isOf(attemptId));
  }

  void add(Lease lease) {
    if (leases.put(lease.queueOffset(), lease) != null) {
      throw new IllegalStateException(key + ": offset " + lease.queueOffset() + " leased twice");
    }
    leased.add(lease.queueOffset());
  }

  /** The message is no longer its owner's; what becomes of it, the ledger says. */
  void remove(Lease lease) {
    if (leases.remove(lease.queueOffset(), lease)) {
      leased.remove(lease.queueOffset());
    }
    lease.forget();
  }

  /** A message is available again: every filter must look at it again. */
  void wentBack(long queueOffset) {
    cursors.replaceAll((filter, cursor) -> Math.min(cursor, queueOffset));
  }

  /** The group was moved: nobody has anything, and every filter starts anew. */
  void reset() {
    leases().forEach(this::remove);
    passedOver.clear();
    cursors.clear();
  }

  void passOver(long queueOffset) {
    passedOver.add(queueOffset);
  }

  long passedOverSize() {
    return passedOver.size();
  }

  /** What the subscription does not want and the log does not know yet. */
  List<AckRange> passedOver() {
    List<AckRange> ranges = new ArrayList<>();
    passedOver.ranges().forEach(range -> ranges.add(key.range(range.first(), range.last())));
    return ranges;
  }

  /** The log knows what was passed over. */
  void passedOverWritten() {
    passedOver.clear();
  }

  /** True when delivery stopped at the bound above the floor. */
  boolean isFull() {
    return full;
  }

  void full(boolean nowFull) {
    full = nowFull;
  }

  /** True while reader threads bring messages of it to memory. */
  boolean isBeingRead() {
    return beingRead;
  }

  void beingRead(boolean nowBeingRead) {
    beingRead = nowBeingRead;
  }

  private long nextFree(long from) {
    return passedOver.nextAbsent(leased.nextAbsent(ledger.nextOpen(from)));
  }
}
