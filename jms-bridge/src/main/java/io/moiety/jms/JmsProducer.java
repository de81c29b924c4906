package io.moiety.jms;

import jakarta.jms.CompletionListener;
import jakarta.jms.Destination;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.QueueSender;
import jakarta.jms.Topic;
import jakarta.jms.TopicPublisher;
import org.jspecify.annotations.Nullable;

/**
 * Sends to one destination, or to any when it has none of its own.
 *
 * <p>Used by one thread at a time, as its session.
 */
final class JmsProducer implements QueueSender, TopicPublisher {

  private final SessionLife life;
  private final MessageSender sender;
  private final @Nullable NamedDestination destination;
  private SendOptions options = SendOptions.DEFAULT;
  private boolean disableMessageId;
  private volatile boolean closed;

  /**
   * @param destination null for one that is named with each send
   */
  JmsProducer(SessionLife life, MessageSender sender, @Nullable NamedDestination destination) {
    this.life = life;
    this.sender = sender;
    this.destination = destination;
  }

  /** A hint, which is not followed: ids cost nothing and find messages again. */
  @Override
  public void setDisableMessageID(boolean value) throws JMSException {
    requireOpen();
    disableMessageId = value;
  }

  @Override
  public boolean getDisableMessageID() throws JMSException {
    requireOpen();
    return disableMessageId;
  }

  @Override
  public void setDisableMessageTimestamp(boolean value) throws JMSException {
    requireOpen();
    options = options.withTimestamp(!value);
  }

  @Override
  public boolean getDisableMessageTimestamp() throws JMSException {
    requireOpen();
    return !options.timestamped();
  }

  @Override
  public void setDeliveryMode(int deliveryMode) throws JMSException {
    requireOpen();
    options = options.withDeliveryMode(deliveryMode);
  }

  @Override
  public int getDeliveryMode() throws JMSException {
    requireOpen();
    return options.deliveryMode();
  }

  @Override
  public void setPriority(int defaultPriority) throws JMSException {
    requireOpen();
    options = options.withPriority(defaultPriority);
  }

  @Override
  public int getPriority() throws JMSException {
    requireOpen();
    return options.priority();
  }

  @Override
  public void setTimeToLive(long timeToLive) throws JMSException {
    requireOpen();
    options = options.withTimeToLive(timeToLive);
  }

  @Override
  public long getTimeToLive() throws JMSException {
    requireOpen();
    return options.timeToLiveMillis();
  }

  @Override
  public void setDeliveryDelay(long deliveryDelay) throws JMSException {
    requireOpen();
    options = options.withDeliveryDelay(deliveryDelay);
  }

  @Override
  public long getDeliveryDelay() throws JMSException {
    requireOpen();
    return options.deliveryDelayMillis();
  }

  @Override
  public @Nullable Destination getDestination() throws JMSException {
    requireOpen();
    return destination;
  }

  @Override
  public @Nullable Queue getQueue() throws JMSException {
    requireOpen();
    return destination instanceof Queue queue ? queue : null;
  }

  @Override
  public @Nullable Topic getTopic() throws JMSException {
    requireOpen();
    return destination instanceof Topic topic ? topic : null;
  }

  @Override
  public void send(Message message) throws JMSException {
    sender.send(message, ownDestination(), options);
  }

  @Override
  public void send(Message message, int deliveryMode, int priority, long timeToLive)
      throws JMSException {
    sender.send(message, ownDestination(), options.with(deliveryMode, priority, timeToLive));
  }

  @Override
  public void send(Destination to, Message message) throws JMSException {
    sender.send(message, given(to), options);
  }

  @Override
  public void send(Destination to, Message message, int deliveryMode, int priority, long timeToLive)
      throws JMSException {
    sender.send(message, given(to), options.with(deliveryMode, priority, timeToLive));
  }

  @Override
  public void send(Message message, CompletionListener listener) throws JMSException {
    sender.send(message, ownDestination(), options, requireListener(listener));
  }

  @Override
  public void send(
      Message message, int deliveryMode, int priority, long timeToLive, CompletionListener listener)
      throws JMSException {
    sender.send(
        message,
        ownDestination(),
        options.with(deliveryMode, priority, timeToLive),
        requireListener(listener));
  }

  @Override
  public void send(Destination to, Message message, CompletionListener listener)
      throws JMSException {
    sender.send(message, given(to), options, requireListener(listener));
  }

  @Override
  public void send(
      Destination to,
      Message message,
      int deliveryMode,
      int priority,
      long timeToLive,
      CompletionListener listener)
      throws JMSException {
    sender.send(
        message,
        given(to),
        options.with(deliveryMode, priority, timeToLive),
        requireListener(listener));
  }

  @Override
  public void send(Queue queue, Message message) throws JMSException {
    send((Destination) queue, message);
  }

  @Override
  public void send(Queue queue, Message message, int deliveryMode, int priority, long timeToLive)
      throws JMSException {
    send((Destination) queue, message, deliveryMode, priority, timeToLive);
  }

  @Override
  public void publish(Message message) throws JMSException {
    send(message);
  }

  @Override
  public void publish(Message message, int deliveryMode, int priority, long timeToLive)
      throws JMSException {
    send(message, deliveryMode, priority, timeToLive);
  }

  @Override
  public void publish(Topic topic, Message message) throws JMSException {
    send((Destination) topic, message);
  }

  @Override
  public void publish(Topic topic, Message message, int deliveryMode, int priority, long timeToLive)
      throws JMSException {
    send((Destination) topic, message, deliveryMode, priority, timeToLive);
  }

  private Destination ownDestination() throws JMSException {
    requireOpen();
    if (destination == null) {
      throw new UnsupportedOperationException(
          "The producer has no destination of its own; name one with each send");
    }
    return destination;
  }

  private Destination given(@Nullable Destination to) throws JMSException {
    requireOpen();
    if (destination != null) {
      throw new UnsupportedOperationException(
          "The producer sends to "
              + destination
              + "; to name another with a send, create one without");
    }
    if (to == null) {
      throw new InvalidDestinationException("No destination was given");
    }
    return to;
  }

  private static CompletionListener requireListener(@Nullable CompletionListener listener) {
    if (listener == null) {
      throw new IllegalArgumentException("An asynchronous send needs a completion listener");
    }
    return listener;
  }

  @Override
  public void close() throws JMSException {
    if (!closed) {
      sender.finishAsynchronous();
      closed = true;
    }
  }

  private void requireOpen() throws JMSException {
    life.requireOpen();
    if (closed) {
      throw JmsExceptions.closed("producer");
    }
  }
}
