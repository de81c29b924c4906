package io.moiety.arquillian.nested;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.EJBException;
import jakarta.ejb.MessageDriven;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Notes what it gets from the adapter of its own archive. */
@MessageDriven(
    activationConfig = {
      @ActivationConfigProperty(
          propertyName = "destinationLookup",
          propertyValue = NestedBean.QUEUE),
      @ActivationConfigProperty(
          propertyName = "destinationType",
          propertyValue = "jakarta.jms.Queue")
    })
public class NestedBean implements MessageListener {

  static final String QUEUE = "it-nested";

  /** Static, since test and bean share their class loader only. */
  private static final List<String> SEEN = new CopyOnWriteArrayList<>();

  static int timesSeen(String text) {
    return Collections.frequency(SEEN, text);
  }

  @Override
  public void onMessage(Message message) {
    try {
      SEEN.add(message.getBody(String.class));
    } catch (JMSException unreadable) {
      throw new EJBException(unreadable);
    }
  }
}
