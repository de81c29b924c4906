package io.moiety.jms.spi;

import jakarta.jms.JMSException;
import jakarta.jms.Message;

/**
 * A message leased to an {@link InboundReceiver} and not yet decided about. For one thread at a
 * time.
 */
public interface InboundMessage {

  Message message();

  /** How often it was delivered, this time included: {@code JMSXDeliveryCount}. */
  int deliveryCount();

  /**
   * The application is about to see it: it counts as delivered from now on, and is acknowledged
   * when the branch that the receiver works in ends successfully.
   */
  void handOver();

  /**
   * As {@link #handOver}, and waits for the broker to confirm that the message is still leased to
   * this receiver.
   *
   * @throws JMSException when it is not any more, or nobody knows
   */
  void confirmHandOver() throws JMSException;

  /** Acknowledges it outside of any branch, and waits for the broker. */
  void acknowledge() throws JMSException;

  /**
   * Returns it to its place, and what was fetched after it: counted when it was handed over, else
   * as if it had never been taken.
   */
  void giveBack() throws JMSException;
}
