package io.moiety.shop;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.EJB;
import jakarta.ejb.MessageDriven;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;

/** Cancels what is not paid when the delayed message of its placing arrives. */
@MessageDriven(
    activationConfig = {
      @ActivationConfigProperty(
          propertyName = "destinationType",
          propertyValue = "jakarta.jms.Queue"),
      @ActivationConfigProperty(
          propertyName = "destinationLookup",
          propertyValue = Destinations.PAYMENT_TIMEOUTS)
    })
public class PaymentTimeoutListener implements MessageListener {
  @EJB private OrderBook orders;

  @Override
  public void onMessage(Message message) {
    orders.paymentDue(OrderMessage.of(message).order());
  }
}
