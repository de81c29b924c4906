package io.moiety.arquillian.orders;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.EJB;
import jakarta.ejb.MessageDriven;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;

/** Consumes, inserts a row and sends, all in one transaction. Runs inside the server. */
@MessageDriven(
    activationConfig = {
      @ActivationConfigProperty(
          propertyName = "destinationType",
          propertyValue = "jakarta.jms.Queue"),
      @ActivationConfigProperty(propertyName = "destinationLookup", propertyValue = "in"),
      @ActivationConfigProperty(propertyName = "maxDeliveries", propertyValue = "100")
    })
public class IncomingOrders implements MessageListener {
  @EJB private Orders orders;

  @Override
  public void onMessage(Message message) {
    try {
      orders.place(message.getBody(String.class));
    } catch (JMSException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
