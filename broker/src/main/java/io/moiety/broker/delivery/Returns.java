package io.moiety.broker.delivery;

import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.SystemRecord;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Gives leased messages back to their place. Those that were handed over count as delivered, which
 * the log is told before anybody can get them again.
 *
 * <p>Confined to the store turn.
 */
final class Returns {
  private static final Logger LOG = System.getLogger(Returns.class.getName());
  private static final int MAX_COUNTS_PER_RECORD = 10_000;

  private final Journal journal;
  private final GroupTopics groupTopics;

  Returns(Journal journal, GroupTopics groupTopics) {
    this.journal = journal;
    this.groupTopics = groupTopics;
  }

  void giveBack(Collection<? extends Lease> leases) {
    Map<GroupQueue, NavigableMap<Long, Lease>> byQueue = new LinkedHashMap<>();
    for (Lease lease : leases) {
      byQueue
          .computeIfAbsent(lease.queue(), queue -> new TreeMap<>())
          .put(lease.queueOffset(), lease);
    }
    byQueue.forEach(this::giveBack);
  }

  private void giveBack(GroupQueue queue, NavigableMap<Long, Lease> leases) {
    leases.values().forEach(queue::remove);
    if (queue.groupTopic().isGone()) {
      return;
    }
    Map<Long, Integer> counts = new TreeMap<>();
    for (Lease lease : leases.values()) {
      if (lease.isHandedOver()) {
        counts.put(lease.queueOffset(), queue.countOfNextDelivery(lease.queueOffset()));
      }
      if (counts.size() == MAX_COUNTS_PER_RECORD) {
        record(queue.key(), counts);
        counts = new TreeMap<>();
      }
    }
    record(queue.key(), counts);
    groupTopics.wentBack(queue.key(), leases.firstKey());
  }

  /** Without its record a count is short, which is no reason to keep the messages from others. */
  private void record(LedgerKey key, Map<Long, Integer> counts) {
    if (counts.isEmpty()) {
      return;
    }
    try {
      journal.record(
          new SystemRecord.DeliveryCounted(key.group(), key.topic(), key.queueId(), counts));
    } catch (AppendRefusedException e) {
      LOG.log(Level.WARNING, "Delivery counts of " + key + " could not be written", e);
    }
  }
}
