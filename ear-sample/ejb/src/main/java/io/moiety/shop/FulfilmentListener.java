package io.moiety.shop;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.EJB;
import jakarta.ejb.MessageDriven;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;

/**
 * Fulfils orders. The delivery, the order's new state and the message to the warehouse are one
 * transaction. When it fails the message comes again, {@value #MAX_DELIVERIES} times in all, and
 * then goes to {@link DeadOrderListener}.
 */
@MessageDriven(
    activationConfig = {
      @ActivationConfigProperty(
          propertyName = "destinationType",
          propertyValue = "jakarta.jms.Queue"),
      @ActivationConfigProperty(
          propertyName = "destinationLookup",
          propertyValue = Destinations.ORDERS),
      @ActivationConfigProperty(
          propertyName = "maxDeliveries",
          propertyValue = FulfilmentListener.MAX_DELIVERIES)
    })
public class FulfilmentListener implements MessageListener {
  static final String MAX_DELIVERIES = "3";

  @EJB private OrderBook orders;
  @EJB private DeliveryLog deliveries;

  @Override
  public void onMessage(Message message) {
    OrderMessage order = OrderMessage.of(message);
    deliveries.delivered(order.order(), deliveryCount(message));
    if (order.poison()) {
      throw new IllegalStateException("order " + order.order() + " is poison");
    }
    orders.confirm(order.order());
  }

  private static int deliveryCount(Message message) {
    try {
      return message.getIntProperty("JMSXDeliveryCount");
    } catch (JMSException e) {
      throw new JMSRuntimeException("cannot read JMSXDeliveryCount", e.getErrorCode(), e);
    }
  }
}
