package io.moiety.jms;

/**
 * How many messages a receive asks the broker for. One, so that nothing is kept from the other
 * receivers of a queue; more for an application that receives one message after the other without a
 * pause, and finds each there at once: it would wait for an answer of the broker for each of them.
 *
 * <p>Guarded as its inbox.
 */
final class ReceiveAhead {

  private static final int MOST = 16;

  /** Who has received so many without a pause goes on, most likely. */
  private static final int STEADY = 8;

  /** A message that is asked for, received and done with in a shorter time was without a pause. */
  static final long PAUSE_NANOS = 5_000_000;

  private final int most;
  private int asked;
  private int arrived;
  private int steady;
  private long askedNanos;

  /**
   * @param most to ask for
   */
  ReceiveAhead(int most) {
    this.most = Math.min(most, MOST);
  }

  /** How many to ask for now, which is done then. */
  int toAskFor(long nowNanos) {
    boolean wentOn = asked > 0 && arrived == asked && nowNanos - askedNanos <= asked * PAUSE_NANOS;
    if (!wentOn) {
      steady = 0;
    } else if (steady < STEADY) {
      steady++;
    }
    asked = steady < STEADY ? 1 : Math.min(2 * asked, most);
    arrived = 0;
    askedNanos = nowNanos;
    return asked;
  }

  /** So many of what was asked for came. */
  void arrived(int count) {
    arrived = count;
  }
}
