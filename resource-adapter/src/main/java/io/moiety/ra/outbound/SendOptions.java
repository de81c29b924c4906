package io.moiety.ra.outbound;

/**
 * How a producer sends.
 *
 * @param timeToLiveMillis 0 for no end
 */
record SendOptions(
    int deliveryMode,
    int priority,
    long timeToLiveMillis,
    long deliveryDelayMillis,
    boolean disableMessageId,
    boolean disableTimestamp) {

  /** As a connection factory is configured. */
  static SendOptions of(
      int deliveryMode, int priority, long timeToLiveMillis, long deliveryDelayMillis) {
    return new SendOptions(
        deliveryMode, priority, timeToLiveMillis, deliveryDelayMillis, false, false);
  }

  SendOptions with(int newDeliveryMode, int newPriority, long newTimeToLiveMillis) {
    return new SendOptions(
        newDeliveryMode,
        newPriority,
        newTimeToLiveMillis,
        deliveryDelayMillis,
        disableMessageId,
        disableTimestamp);
  }

  SendOptions withDeliveryDelay(long newDeliveryDelayMillis) {
    return new SendOptions(
        deliveryMode,
        priority,
        timeToLiveMillis,
        newDeliveryDelayMillis,
        disableMessageId,
        disableTimestamp);
  }

  SendOptions withDisabled(boolean messageId, boolean timestamp) {
    return new SendOptions(
        deliveryMode, priority, timeToLiveMillis, deliveryDelayMillis, messageId, timestamp);
  }
}
