package io.moiety.arquillian.adapter;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.EJBException;
import jakarta.ejb.MessageDriven;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;

/** Notes what is sent to the second destination. */
@MessageDriven(
    activationConfig = {
      @ActivationConfigProperty(propertyName = "destinationLookup", propertyValue = Orders.AUDIT),
      @ActivationConfigProperty(
          propertyName = "destinationType",
          propertyValue = "jakarta.jms.Queue")
    })
public class AuditBean implements MessageListener {

  @Override
  public void onMessage(Message message) {
    try {
      Deliveries.add(
          Orders.AUDIT, message.getBody(String.class), message.getIntProperty("JMSXDeliveryCount"));
    } catch (JMSException unreadable) {
      throw new EJBException(unreadable);
    }
  }
}
