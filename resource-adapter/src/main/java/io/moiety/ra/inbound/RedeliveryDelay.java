package io.moiety.ra.inbound;

/**
 * How long a message that failed waits before it is given to the bean again. Immutable.
 *
 * @param firstMillis after the first failure
 * @param factor by which each further one makes it longer
 * @param maxMillis the longest
 */
record RedeliveryDelay(long firstMillis, double factor, long maxMillis) {

  /**
   * @param deliveryCount of the delivery that is about to happen; the first one is 1
   */
  long beforeDelivery(int deliveryCount) {
    if (deliveryCount <= 1) {
      return 0;
    }
    double millis = (double) firstMillis * Math.pow(factor, deliveryCount - 2.0);
    return millis < (double) maxMillis ? (long) millis : maxMillis;
  }
}
