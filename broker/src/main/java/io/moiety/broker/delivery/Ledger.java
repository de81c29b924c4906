package io.moiety.broker.delivery;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one consumer group has been delivered of one queue and has acknowledged: the floor, what is
 * acknowledged above it, how often a message that went back was delivered, and what undecided
 * branches hold. It changes only by what the log says (and by undecided branches, which the log
 * does not know yet); who has a message right now is not in it, see {@link GroupQueue}.
 *
 * <p>Confined to the store turn.
 */
final class Ledger {
  private final OffsetRanges acknowledged = new OffsetRanges();
  private final TreeMap<Long, Integer> counts = new TreeMap<>();
  private final TreeMap<Long, Long> heldBy = new TreeMap<>();
  private final OffsetRanges held = new OffsetRanges();
  private long floor;
  private boolean positioned;

  /** Everything below is acknowledged. */
  long floor() {
    return floor;
  }

  /** The classic offset, which is the floor; empty while the group never came this far. */
  OptionalLong classicOffset() {
    return positioned ? OptionalLong.of(floor) : OptionalLong.empty();
  }

  /** Deliveries so far of a message that went back to its place; 0 for a new one. */
  int count(long queueOffset) {
    return counts.getOrDefault(queueOffset, 0);
  }

  boolean isAcknowledged(long queueOffset) {
    return queueOffset < floor || acknowledged.contains(queueOffset);
  }

  boolean isHeldBy(long queueOffset, long incarnation) {
    Long holder = heldBy.get(queueOffset);
    return holder != null && holder == incarnation;
  }

  boolean isHeld(long queueOffset) {
    return held.contains(queueOffset);
  }

  boolean holdsAny() {
    return !heldBy.isEmpty();
  }

  /** Ranges, counts and what is held: all that takes memory. */
  int rememberedCount() {
    return acknowledged.rangeCount() + counts.size() + heldBy.size();
  }

  /** The smallest offset from {@code from} on that is not acknowledged. */
  long nextUnacknowledged(long from) {
    return acknowledged.nextAbsent(Math.max(from, floor));
  }

  /** The smallest offset from {@code from} on that is neither acknowledged nor held. */
  long nextOpen(long from) {
    long offset = Math.max(from, floor);
    long next = held.nextAbsent(acknowledged.nextAbsent(offset));
    while (next != offset) {
      offset = next;
      next = held.nextAbsent(acknowledged.nextAbsent(offset));
    }
    return offset;
  }

  /** Messages that the group is done with; what is acknowledged already stays so. */
  void acknowledge(long firstOffset, long lastOffset) {
    long first = Math.max(firstOffset, floor);
    if (lastOffset < first) {
      return;
    }
    positioned = true;
    acknowledged.add(first, lastOffset);
    counts.subMap(first, true, lastOffset, true).clear();
    forgetHeld(first, lastOffset);
    raiseFloor();
  }

  /** The group goes on from here, whatever it acknowledged before. */
  void moveTo(long nextOffset) {
    if (nextOffset < floor) {
      acknowledged.clear();
      counts.clear();
    }
    positioned = true;
    floor = nextOffset;
    acknowledged.removeBelow(nextOffset);
    counts.headMap(nextOffset).clear();
    if (nextOffset > 0) {
      forgetHeld(0, nextOffset - 1);
    }
    raiseFloor();
  }

  /** A message that went back had been delivered this often; a count never falls. */
  void counted(long queueOffset, int count) {
    if (!isAcknowledged(queueOffset)) {
      counts.merge(queueOffset, count, Math::max);
    }
  }

  /** A branch takes messages provisionally. Again for the same branch: nothing changes. */
  void hold(long firstOffset, long lastOffset, long incarnation) {
    for (long offset = Math.max(firstOffset, floor); offset <= lastOffset; offset++) {
      if (!isAcknowledged(offset)) {
        heldBy.put(offset, incarnation);
        held.add(offset);
      }
    }
  }

  /**
   * A branch was rolled back: what it took goes back, delivered once more.
   *
   * @return the lowest offset that went back
   */
  OptionalLong giveBackCounted(long firstOffset, long lastOffset, long incarnation) {
    for (long offset = Math.max(firstOffset, floor); offset <= lastOffset; offset++) {
      if (!isAcknowledged(offset) && !isHeldByAnother(offset, incarnation)) {
        counts.merge(offset, 1, Integer::sum);
      }
    }
    return giveBack(firstOffset, lastOffset, incarnation);
  }

  /** As {@link #giveBackCounted} where the count was raised by a record of its own. */
  OptionalLong giveBack(long firstOffset, long lastOffset, long incarnation) {
    OptionalLong lowest = OptionalLong.empty();
    List<Long> offsets =
        heldBy.subMap(firstOffset, true, lastOffset, true).entrySet().stream()
            .filter(entry -> entry.getValue() == incarnation)
            .map(Map.Entry::getKey)
            .toList();
    for (long offset : offsets) {
      heldBy.remove(offset);
      held.remove(offset);
      lowest = lowest.isPresent() ? lowest : OptionalLong.of(offset);
    }
    return lowest;
  }

  /** What is acknowledged above the floor, in order. */
  void acknowledgedRanges(OffsetRanges.RangeConsumer consumer) {
    acknowledged.forEach(consumer);
  }

  /** Deliveries so far of the messages that went back to their place, by queue offset. */
  SortedMap<Long, Integer> counts() {
    return Collections.unmodifiableSortedMap(counts);
  }

  LedgerState state() {
    return new LedgerState(
        positioned, floor, acknowledged.ranges(), new TreeMap<>(counts), new TreeMap<>(heldBy));
  }

  private boolean isHeldByAnother(long offset, long incarnation) {
    Long holder = heldBy.get(offset);
    return holder != null && holder != incarnation;
  }

  private void forgetHeld(long firstOffset, long lastOffset) {
    heldBy.subMap(firstOffset, true, lastOffset, true).clear();
    held.remove(firstOffset, lastOffset);
  }

  private void raiseFloor() {
    long next = acknowledged.nextAbsent(floor);
    if (next > floor) {
      floor = next;
      acknowledged.removeBelow(floor);
    }
  }
}
