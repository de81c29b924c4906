package io.moiety.broker.delivery;

import io.moiety.broker.store.AckRange;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.SystemRecord.CommittedOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Says ledgers as facts again, each small enough for a record, however many ranges or counts a
 * ledger has. What prepared branches hold is said by their own facts. The order does not matter: a
 * floor takes nothing from what is acknowledged or counted above it.
 *
 * <p>Confined to the store turn.
 */
final class LedgerFacts {
  /** With the longest names, a fact of so many offsets or ranges stays below 256 KiB. */
  private static final int MAX_PER_FACT = 256;

  private static final int MAX_COUNTS_PER_FACT = 4_096;

  private final Consumer<SystemRecord> base;
  private List<CommittedOffset> floors = new ArrayList<>();
  private List<AckRange> ranges = new ArrayList<>();

  LedgerFacts(Consumer<SystemRecord> base) {
    this.base = base;
  }

  void say(LedgerKey key, Ledger ledger) {
    if (ledger.classicOffset().isPresent()) {
      floors.add(new CommittedOffset(key.group(), key.topic(), key.queueId(), ledger.floor()));
      if (floors.size() == MAX_PER_FACT) {
        sayFloors();
      }
    }
    ledger.acknowledgedRanges(
        (first, last) -> {
          ranges.add(key.range(first, last));
          if (ranges.size() == MAX_PER_FACT) {
            sayRanges();
          }
        });
    sayCounts(key, ledger.counts());
  }

  /** Says what is left. */
  void end() {
    sayFloors();
    sayRanges();
  }

  private void sayFloors() {
    if (!floors.isEmpty()) {
      base.accept(new SystemRecord.OffsetsCommitted(floors));
      floors = new ArrayList<>();
    }
  }

  private void sayRanges() {
    if (!ranges.isEmpty()) {
      base.accept(new SystemRecord.Acknowledged(ranges));
      ranges = new ArrayList<>();
    }
  }

  private void sayCounts(LedgerKey key, Map<Long, Integer> counts) {
    Map<Long, Integer> some = new LinkedHashMap<>();
    counts.forEach(
        (offset, count) -> {
          some.put(offset, count);
          if (some.size() == MAX_COUNTS_PER_FACT) {
            sayCounted(key, some);
          }
        });
    if (!some.isEmpty()) {
      sayCounted(key, some);
    }
  }

  private void sayCounted(LedgerKey key, Map<Long, Integer> some) {
    base.accept(
        new SystemRecord.DeliveryCounted(
            key.group(), key.topic(), key.queueId(), new LinkedHashMap<>(some)));
    some.clear();
  }
}
