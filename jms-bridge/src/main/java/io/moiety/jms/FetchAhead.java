package io.moiety.jms;

/**
 * How many messages the inbox of a listener holds ahead. Few at first and for a slow listener, so
 * that it keeps nothing from the other receivers of its queue that they could have had long before;
 * more for a fast one, which would wait for each answer of the broker.
 *
 * <p>Guarded as its inbox.
 */
final class FetchAhead {

  /** Never less, where so many are allowed. */
  private static final int FEW = 16;

  /** A listener that takes half of what is held in a shorter time is fast. */
  private static final long FAST_NANOS = 5_000_000;

  private static final long SLOW_NANOS = 20_000_000;

  private int window = FEW;

  /** By the listener since then. */
  private int taken;

  private long sinceNanos;

  FetchAhead(long nowNanos) {
    sinceNanos = nowNanos;
  }

  /** The listener has taken one. */
  void took() {
    taken++;
  }

  /**
   * How many to ask the broker for now, which is done then; 0 for none.
   *
   * @param held now
   * @param most may be held
   */
  int toAskFor(int held, int most, long nowNanos) {
    if (held > Math.min(window, most) / 2) {
      return 0;
    }
    adapt(most, nowNanos);
    return Math.min(window, most) - held;
  }

  /** Once half of what may be held is taken, or that has lasted for long. */
  private void adapt(int most, long nowNanos) {
    long elapsedNanos = nowNanos - sinceNanos;
    if (elapsedNanos > SLOW_NANOS) {
      window = Math.max(FEW, window / 2);
    } else if (taken < window / 2) {
      return;
    } else if (elapsedNanos < FAST_NANOS && window < most) {
      window = Math.min(2 * window, most);
    }
    taken = 0;
    sinceNanos = nowNanos;
  }
}
