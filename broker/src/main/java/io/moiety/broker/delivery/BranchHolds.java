package io.moiety.broker.delivery;

import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.store.AckRange;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.transaction.HeldAcks;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.TreeMap;

/**
 * What branches hold before the log knows of them; from the prepare on, {@link Ledgers} applies the
 * branch's own records.
 *
 * <p>Owner: the store turn.
 */
public final class BranchHolds implements HeldAcks {
  private static final Logger LOG = System.getLogger(BranchHolds.class.getName());

  private final Ledgers ledgers;
  private final Journal journal;

  public BranchHolds(Ledgers ledgers, Journal journal) {
    this.ledgers = ledgers;
    this.journal = journal;
  }

  @Override
  public void hold(AckRange range, long incarnation) {
    ledgers.hold(range, incarnation);
  }

  @Override
  public void giveBack(AckRange range, long incarnation) {
    Ledger ledger = ledgers.ledger(LedgerKey.of(range));
    Map<Long, Integer> counts = new TreeMap<>();
    for (long offset = range.firstOffset(); offset <= range.lastOffset(); offset++) {
      if (ledger.isHeldBy(offset, incarnation)) {
        counts.put(offset, ledger.count(offset) + 1);
      }
    }
    record(range, counts);
    ledgers.giveBack(range, incarnation);
  }

  /** Without its record a count is short, which is no reason to keep the messages from others. */
  private void record(AckRange range, Map<Long, Integer> counts) {
    if (counts.isEmpty()) {
      return;
    }
    try {
      journal.record(
          new SystemRecord.DeliveryCounted(range.group(), range.topic(), range.queueId(), counts));
    } catch (AppendRefusedException e) {
      LOG.log(Level.WARNING, "Delivery counts of " + range + " could not be written", e);
    }
  }
}
