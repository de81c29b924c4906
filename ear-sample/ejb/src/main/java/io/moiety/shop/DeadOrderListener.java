package io.moiety.shop;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.EJB;
import jakarta.ejb.MessageDriven;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;

/** Marks the orders that fulfilment could not process, so that the page shows them. */
@MessageDriven(
    activationConfig = {
      @ActivationConfigProperty(
          propertyName = "destinationType",
          propertyValue = "jakarta.jms.Queue"),
      @ActivationConfigProperty(
          propertyName = "destinationLookup",
          propertyValue = Destinations.DEAD_ORDERS)
    })
public class DeadOrderListener implements MessageListener {
  @EJB private OrderBook orders;

  @Override
  public void onMessage(Message message) {
    orders.deadLettered(OrderMessage.of(message).order());
  }
}
