package io.moiety.ra.outbound;

import jakarta.jms.Message;

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

  static final SendOptions DEFAULT =
      new SendOptions(
          Message.DEFAULT_DELIVERY_MODE,
          Message.DEFAULT_PRIORITY,
          Message.DEFAULT_TIME_TO_LIVE,
          Message.DEFAULT_DELIVERY_DELAY,
          false,
          false);

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
