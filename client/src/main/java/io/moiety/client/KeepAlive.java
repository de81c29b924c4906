package io.moiety.client;

import java.time.Duration;

/**
 * When to tell the broker that this client lives, and when to take the broker for gone. Pure: the
 * time is an argument. Confined to the connection's event loop.
 */
final class KeepAlive {

  /** What is due. */
  enum Step {
    NOTHING,
    ASK,
    LOST
  }

  private static final int ASKS_PER_TIMEOUT = 3;

  private final long timeoutNanos;
  private final long intervalNanos;
  private long lastAskedNanos;
  private long lastHeardNanos;

  KeepAlive(Duration sessionTimeout, long nowNanos) {
    timeoutNanos = sessionTimeout.toNanos();
    intervalNanos = Math.max(1, timeoutNanos / ASKS_PER_TIMEOUT);
    lastAskedNanos = nowNanos;
    lastHeardNanos = nowNanos;
  }

  /** Something came from the broker. */
  void heard(long nowNanos) {
    lastHeardNanos = nowNanos;
  }

  Step at(long nowNanos) {
    if (nowNanos - lastHeardNanos >= timeoutNanos) {
      return Step.LOST;
    }
    if (nowNanos - lastAskedNanos >= intervalNanos) {
      lastAskedNanos = nowNanos;
      return Step.ASK;
    }
    return Step.NOTHING;
  }

  /** How long from now until something is due, if nothing is heard. */
  long nanosUntilNextStep(long nowNanos) {
    long untilAsk = lastAskedNanos + intervalNanos - nowNanos;
    long untilLost = lastHeardNanos + timeoutNanos - nowNanos;
    return Math.max(0, Math.min(untilAsk, untilLost));
  }
}
