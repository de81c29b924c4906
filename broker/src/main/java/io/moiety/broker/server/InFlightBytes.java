package io.moiety.broker.server;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes of all connections' requests that wait for an answer, or of which only a part has come:
 * what clients make the broker hold. Thread-safe.
 */
final class InFlightBytes {
  private final long limit;
  private final AtomicLong held = new AtomicLong();

  InFlightBytes(long limit) {
    this.limit = limit;
  }

  /** False, and nothing taken, when there would be more than allowed. */
  boolean take(long bytes) {
    if (held.addAndGet(bytes) > limit) {
      held.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  void give(long bytes) {
    held.addAndGet(-bytes);
  }

  long limit() {
    return limit;
  }

  long held() {
    return held.get();
  }
}
