package io.moiety.jms;

import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Session;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** The part of a session that makes messages, for which it only has to be open. */
interface MessageCreation extends Session {

  void requireOpen() throws JMSException;

  @Override
  default BytesMessage createBytesMessage() throws JMSException {
    requireOpen();
    return new JmsBytesMessage();
  }

  @Override
  default MapMessage createMapMessage() throws JMSException {
    requireOpen();
    return new JmsMapMessage();
  }

  @Override
  default Message createMessage() throws JMSException {
    requireOpen();
    return new JmsMessage();
  }

  @Override
  default ObjectMessage createObjectMessage() throws JMSException {
    requireOpen();
    return new JmsObjectMessage();
  }

  @Override
  default ObjectMessage createObjectMessage(@Nullable Serializable object) throws JMSException {
    requireOpen();
    JmsObjectMessage message = new JmsObjectMessage();
    message.setObject(object);
    return message;
  }

  @Override
  default StreamMessage createStreamMessage() throws JMSException {
    requireOpen();
    return new JmsStreamMessage();
  }

  @Override
  default TextMessage createTextMessage() throws JMSException {
    requireOpen();
    return new JmsTextMessage(null);
  }

  @Override
  default TextMessage createTextMessage(@Nullable String text) throws JMSException {
    requireOpen();
    return new JmsTextMessage(text);
  }
}
