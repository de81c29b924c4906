package io.moiety.broker.delivery;

import io.moiety.broker.store.AckRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Messages that a session has and wants to be done with: checked, all or nothing, and nothing
 * changed yet. To be used in the same task of the store turn.
 */
public final class Claim {
  private final Set<Lease> leases;
  private final List<AckRange> ranges;

  Claim(Set<Lease> leases) {
    this.leases = leases;
    this.ranges = ranges(leases);
  }

  /** The messages as ranges; none of groups that were deleted meanwhile. */
  public List<AckRange> ranges() {
    return ranges;
  }

  Set<Lease> leases() {
    return leases;
  }

  /** The queues that the messages are of. */
  Set<GroupQueue> queues() {
    Set<GroupQueue> queues = new LinkedHashSet<>();
    leases.forEach(lease -> queues.add(lease.queue()));
    queues.removeIf(queue -> queue.groupTopic().isGone());
    return queues;
  }

  private static List<AckRange> ranges(Set<Lease> leases) {
    Map<LedgerKey, OffsetRanges> offsets = new LinkedHashMap<>();
    for (Lease lease : leases) {
      if (!lease.queue().groupTopic().isGone()) {
        offsets
            .computeIfAbsent(lease.queue().key(), key -> new OffsetRanges())
            .add(lease.queueOffset());
      }
    }
    List<AckRange> ranges = new ArrayList<>();
    offsets.forEach(
        (key, ofKey) ->
            ofKey.ranges().forEach(range -> ranges.add(key.range(range.first(), range.last()))));
    return List.copyOf(ranges);
  }
}
