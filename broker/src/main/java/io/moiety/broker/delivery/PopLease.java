package io.moiety.broker.delivery;

import java.util.Optional;

/** A popped message: its client's until the invisible time is over. */
final class PopLease extends Lease {
  private final DueQueue<PopLease> ends;
  private final Optional<String> attemptId;
  private long popTimeMillis;

  PopLease(
      GroupQueue queue, long queueOffset, DueQueue<PopLease> ends, Optional<String> attemptId) {
    super(queue, queueOffset, true);
    this.ends = ends;
    this.attemptId = attemptId;
  }

  /** Names this pop in the client's handle, so that a late handle is told from the present one. */
  long popTimeMillis() {
    return popTimeMillis;
  }

  /** The message is invisible from now on for this time; earlier handles are void. */
  void renew(long nowMillis, long invisibleMillis) {
    popTimeMillis = nowMillis;
    ends.put(this, nowMillis + invisibleMillis);
  }

  @Override
  boolean isOf(Optional<String> attempt) {
    return attempt.isPresent() && attempt.equals(attemptId);
  }

  @Override
  void forget() {
    ends.remove(this);
  }
}
