package io.moiety.broker.transaction;

import io.moiety.broker.store.AckRange;

/** Deliveries that a branch acknowledged provisionally. Store turn only. */
public interface HeldAcks {
  /** From leased to held: neither delivered again nor acknowledged until the branch is decided. */
  void hold(AckRange range, long incarnation);

  /** The branch was rolled back before it was prepared: back to their place, counted. */
  void giveBack(AckRange range, long incarnation);
}
