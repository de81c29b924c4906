package io.moiety.arquillian.adapter;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.EJBException;
import jakarta.ejb.MessageDriven;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;

/** Fails at every message. */
@MessageDriven(
    activationConfig = {
      @ActivationConfigProperty(
          propertyName = "destinationLookup",
          propertyValue = PoisonBean.QUEUE),
      @ActivationConfigProperty(
          propertyName = "destinationType",
          propertyValue = "jakarta.jms.Queue"),
      @ActivationConfigProperty(propertyName = "maxDeliveries", propertyValue = "3")
    })
public class PoisonBean implements MessageListener {

  static final String QUEUE = "it-poison";

  @Override
  public void onMessage(Message message) {
    try {
      Deliveries.add(
          QUEUE, message.getBody(String.class), message.getIntProperty("JMSXDeliveryCount"));
    } catch (JMSException unreadable) {
      throw new EJBException(unreadable);
    }
    throw new EJBException("this bean takes nothing");
  }
}
