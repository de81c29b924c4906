package io.moiety.broker.delivery;

import java.util.Optional;

/**
 * A message that is somebody's own for now. Compared by identity: the same message may be leased
 * again later. Confined to the store turn.
 */
abstract sealed class Lease permits SessionLease, PopLease {
  private final GroupQueue queue;
  private final long queueOffset;
  private boolean handedOver;

  Lease(GroupQueue queue, long queueOffset, boolean handedOver) {
    this.queue = queue;
    this.queueOffset = queueOffset;
    this.handedOver = handedOver;
  }

  final GroupQueue queue() {
    return queue;
  }

  final long queueOffset() {
    return queueOffset;
  }

  /** True when the application has seen the message, so that it counts as delivered. */
  final boolean isHandedOver() {
    return handedOver;
  }

  final void handOver() {
    handedOver = true;
  }

  /** When it goes back, that is as if the application had not seen it. */
  final void uncount() {
    handedOver = false;
  }

  /** True when an earlier request of the same attempt has it. */
  boolean isOf(Optional<String> attemptId) {
    return false;
  }

  /** Its owner forgets it; called by {@link GroupQueue} only. */
  abstract void forget();
}
