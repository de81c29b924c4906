package io.moiety.arquillian.adapter;

import jakarta.annotation.Resource;
import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.EJB;
import jakarta.ejb.EJBException;
import jakarta.ejb.MessageDriven;
import jakarta.ejb.MessageDrivenContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import java.sql.SQLException;

/** Consumes, inserts a row and sends on, in one transaction; the first two times it fails. */
@MessageDriven(
    activationConfig = {
      @ActivationConfigProperty(propertyName = "destinationLookup", propertyValue = StepBean.QUEUE),
      @ActivationConfigProperty(
          propertyName = "destinationType",
          propertyValue = "jakarta.jms.Queue")
    })
public class StepBean implements MessageListener {

  static final String QUEUE = "it-steps";

  @Resource private MessageDrivenContext context;
  @EJB private Orders orders;

  @Override
  public void onMessage(Message message) {
    try {
      String id = message.getBody(String.class);
      int count = message.getIntProperty("JMSXDeliveryCount");
      Deliveries.add(QUEUE, id, count);
      orders.insert(id);
      orders.send(Orders.ORDERS, id);
      if (count == 1) {
        throw new EJBException("the first time");
      }
      if (count == 2) {
        context.setRollbackOnly();
      }
    } catch (JMSException | SQLException failure) {
      throw new EJBException(failure);
    }
  }
}
