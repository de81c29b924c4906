package io.moiety.jms;

import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;

/**
 * How a message is sent.
 *
 * @param timeToLiveMillis 0 for no end
 * @param deliveryDelayMillis from the send, also in a transaction
 * @param timestamped false when receivers, and the sender, are to see no timestamp
 */
record SendOptions(
    int deliveryMode,
    int priority,
    long timeToLiveMillis,
    long deliveryDelayMillis,
    boolean timestamped) {

  static final SendOptions DEFAULT =
      new SendOptions(
          Message.DEFAULT_DELIVERY_MODE,
          Message.DEFAULT_PRIORITY,
          Message.DEFAULT_TIME_TO_LIVE,
          Message.DEFAULT_DELIVERY_DELAY,
          true);

  SendOptions withDeliveryMode(int mode) throws JMSException {
    return with(mode, priority, timeToLiveMillis, deliveryDelayMillis);
  }

  SendOptions withPriority(int other) throws JMSException {
    return with(deliveryMode, other, timeToLiveMillis, deliveryDelayMillis);
  }

  SendOptions withTimeToLive(long millis) throws JMSException {
    return with(deliveryMode, priority, millis, deliveryDelayMillis);
  }

  SendOptions withDeliveryDelay(long millis) throws JMSException {
    return with(deliveryMode, priority, timeToLiveMillis, millis);
  }

  SendOptions withTimestamp(boolean told) {
    return new SendOptions(deliveryMode, priority, timeToLiveMillis, deliveryDelayMillis, told);
  }

  /** What a single send names by itself. */
  SendOptions with(int mode, int otherPriority, long liveMillis) throws JMSException {
    return with(mode, otherPriority, liveMillis, deliveryDelayMillis);
  }

  private SendOptions with(
      int deliveryMode, int priority, long timeToLiveMillis, long deliveryDelayMillis)
      throws JMSException {
    if (deliveryMode != DeliveryMode.PERSISTENT && deliveryMode != DeliveryMode.NON_PERSISTENT) {
      throw new JMSException(
          "Delivery mode " + deliveryMode + " is neither NON_PERSISTENT (1) nor PERSISTENT (2)");
    }
    if (priority < 0 || priority > 9) {
      throw new JMSException("Priority " + priority + " is not in 0..9");
    }
    if (timeToLiveMillis < 0 || deliveryDelayMillis < 0) {
      throw new JMSException(
          "Time to live "
              + timeToLiveMillis
              + " ms and delivery delay "
              + deliveryDelayMillis
              + " ms; neither may be negative");
    }
    return new SendOptions(
        deliveryMode, priority, timeToLiveMillis, deliveryDelayMillis, timestamped);
  }

  /**
   * Writes into a message's headers what a send decides, as the specification lists it in section
   * 3.4.11.
   */
  void stamp(Message message, NamedDestination destination, String messageId, long nowMillis)
      throws JMSException {
    message.setJMSDestination(destination);
    message.setJMSMessageID(messageId);
    message.setJMSTimestamp(timestamped ? nowMillis : 0);
    message.setJMSDeliveryMode(deliveryMode);
    message.setJMSPriority(priority);
    message.setJMSExpiration(timeToLiveMillis == 0 ? 0 : later(nowMillis, timeToLiveMillis));
    message.setJMSDeliveryTime(later(nowMillis, deliveryDelayMillis));
  }

  /** Applications give Long.MAX_VALUE for what they want to be as long as possible. */
  private static long later(long nowMillis, long millis) {
    return millis > Long.MAX_VALUE - nowMillis ? Long.MAX_VALUE : nowMillis + millis;
  }
}
