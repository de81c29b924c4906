package io.moiety.ra.outbound;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.jms.Topic;
import jakarta.jms.TopicSubscriber;
import org.jspecify.annotations.Nullable;

/** A durable consumer with the face of the older interface. */
final class SubscriberHandle implements TopicSubscriber, SessionHandle.Part {

  private final SessionHandle session;
  private final ConsumerHandle consumer;
  private final Topic topic;
  private final boolean noLocal;

  SubscriberHandle(SessionHandle session, ConsumerHandle consumer, Topic topic, boolean noLocal) {
    this.session = session;
    this.consumer = consumer;
    this.topic = topic;
    this.noLocal = noLocal;
  }

  @Override
  public Topic getTopic() throws JMSException {
    consumer.requireOpen();
    return topic;
  }

  @Override
  public boolean getNoLocal() throws JMSException {
    consumer.requireOpen();
    return noLocal;
  }

  @Override
  public @Nullable String getMessageSelector() throws JMSException {
    return consumer.getMessageSelector();
  }

  @Override
  public MessageListener getMessageListener() throws JMSException {
    return consumer.getMessageListener();
  }

  @Override
  public void setMessageListener(MessageListener listener) throws JMSException {
    consumer.setMessageListener(listener);
  }

  @Override
  public @Nullable Message receive() throws JMSException {
    return consumer.receive();
  }

  @Override
  public @Nullable Message receive(long timeoutMillis) throws JMSException {
    return consumer.receive(timeoutMillis);
  }

  @Override
  public @Nullable Message receiveNoWait() throws JMSException {
    return consumer.receiveNoWait();
  }

  @Override
  public void leave() throws JMSException {
    consumer.leave();
  }

  @Override
  public void release() throws JMSException {
    consumer.release();
  }

  @Override
  public void close() throws JMSException {
    session.remove(this);
    consumer.close();
  }
}
