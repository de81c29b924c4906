package io.moiety.jms;

import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageEOFException;
import jakarta.jms.ObjectMessage;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import java.util.Enumeration;

/** Copies messages of other providers, which may be sent here like our own. Stateless. */
final class ForeignMessages {

  private ForeignMessages() {}

  /** Body, properties and the headers that its application set; not those that a send sets. */
  static JmsMessage copy(Message foreign) throws JMSException {
    JmsMessage copy = copyBody(foreign);
    copy.setJMSCorrelationID(foreign.getJMSCorrelationID());
    copy.setJMSType(foreign.getJMSType());
    if (foreign.getJMSReplyTo() != null) {
      copy.setJMSReplyTo(DestinationNames.own(foreign.getJMSReplyTo()));
    }
    Enumeration<?> names = foreign.getPropertyNames();
    while (names.hasMoreElements()) {
      String name = names.nextElement().toString();
      boolean isProvidersOwn =
          name.startsWith("JMSX")
              && !name.equals(UserProperties.GROUP_ID)
              && !name.equals(UserProperties.GROUP_SEQUENCE);
      if (!isProvidersOwn) {
        copy.setObjectProperty(name, foreign.getObjectProperty(name));
      }
    }
    return copy;
  }

  private static JmsMessage copyBody(Message foreign) throws JMSException {
    if (foreign instanceof TextMessage text) {
      return new JmsTextMessage(text.getText());
    } else if (foreign instanceof BytesMessage bytes) {
      return copyBytes(bytes);
    } else if (foreign instanceof MapMessage map) {
      return copyMap(map);
    } else if (foreign instanceof StreamMessage stream) {
      return copyStream(stream);
    } else if (foreign instanceof ObjectMessage object) {
      JmsObjectMessage copy = new JmsObjectMessage();
      copy.setObject(object.getObject());
      return copy;
    }
    return new JmsMessage();
  }

  private static JmsBytesMessage copyBytes(BytesMessage foreign) throws JMSException {
    foreign.reset();
    JmsBytesMessage copy = new JmsBytesMessage();
    byte[] chunk = new byte[8_192];
    for (int count = foreign.readBytes(chunk); count > 0; count = foreign.readBytes(chunk)) {
      copy.writeBytes(chunk, 0, count);
    }
    return copy;
  }

  private static JmsMapMessage copyMap(MapMessage foreign) throws JMSException {
    JmsMapMessage copy = new JmsMapMessage();
    Enumeration<?> names = foreign.getMapNames();
    while (names.hasMoreElements()) {
      String name = names.nextElement().toString();
      copy.setObject(name, foreign.getObject(name));
    }
    return copy;
  }

  private static JmsStreamMessage copyStream(StreamMessage foreign) throws JMSException {
    foreign.reset();
    JmsStreamMessage copy = new JmsStreamMessage();
    while (true) {
      try {
        copy.writeObject(foreign.readObject());
      } catch (MessageEOFException end) {
        return copy;
      }
    }
  }
}
