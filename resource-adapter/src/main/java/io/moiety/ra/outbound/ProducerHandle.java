package io.moiety.ra.outbound;

import jakarta.jms.CompletionListener;
import jakarta.jms.DeliveryMode;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import org.jspecify.annotations.Nullable;

/**
 * A producer as an application has it: where to and how to send. The managed connection sends. Used
 * by one thread at a time.
 */
final class ProducerHandle implements MessageProducer {

  private final SessionHandle session;
  private final @Nullable Destination destination;
  private SendOptions options;
  private volatile boolean closed;

  /**
   * @param destination null for one that is named with each message
   * @param defaults of the connection factory
   */
  ProducerHandle(SessionHandle session, @Nullable Destination destination, SendOptions defaults) {
    this.session = session;
    this.destination = destination;
    options = defaults;
  }

  @Override
  public void send(Message message) throws JMSException {
    send(fixed(), message, options);
  }

  @Override
  public void send(Message message, int deliveryMode, int priority, long timeToLiveMillis)
      throws JMSException {
    send(fixed(), message, options.with(deliveryMode, priority, timeToLiveMillis));
  }

  @Override
  public void send(Destination to, Message message) throws JMSException {
    send(free(to), message, options);
  }

  @Override
  public void send(
      Destination to, Message message, int deliveryMode, int priority, long timeToLiveMillis)
      throws JMSException {
    send(free(to), message, options.with(deliveryMode, priority, timeToLiveMillis));
  }

  @Override
  public void send(Message message, CompletionListener listener) throws JMSException {
    throw asynchronous();
  }

  @Override
  public void send(
      Message message,
      int deliveryMode,
      int priority,
      long timeToLiveMillis,
      CompletionListener listener)
      throws JMSException {
    throw asynchronous();
  }

  @Override
  public void send(Destination to, Message message, CompletionListener listener)
      throws JMSException {
    throw asynchronous();
  }

  @Override
  public void send(
      Destination to,
      Message message,
      int deliveryMode,
      int priority,
      long timeToLiveMillis,
      CompletionListener listener)
      throws JMSException {
    throw asynchronous();
  }

  private void send(Destination to, Message message, SendOptions how) throws JMSException {
    managed().send(to, message, how);
  }

  private Destination fixed() throws JMSException {
    managed();
    if (destination == null) {
      throw new UnsupportedOperationException(
          "This producer was created without a destination; name one with the message");
    }
    return destination;
  }

  private Destination free(@Nullable Destination to) throws JMSException {
    managed();
    if (destination != null) {
      throw new UnsupportedOperationException(
          "This producer was created for " + destination + "; it cannot send elsewhere");
    }
    if (to == null) {
      throw SessionHandle.noDestination();
    }
    return to;
  }

  private MoietyManagedConnection managed() throws JMSException {
    if (closed) {
      throw Failures.closed("producer");
    }
    return session.managed();
  }

  private static JMSException asynchronous() {
    return Failures.forbidden(
        "Sending with a CompletionListener",
        "send without one: in a transaction it does not wait for the broker");
  }

  @Override
  public void setDisableMessageID(boolean value) throws JMSException {
    managed();
    options = options.withDisabled(value, options.disableTimestamp());
  }

  @Override
  public boolean getDisableMessageID() throws JMSException {
    managed();
    return options.disableMessageId();
  }

  @Override
  public void setDisableMessageTimestamp(boolean value) throws JMSException {
    managed();
    options = options.withDisabled(options.disableMessageId(), value);
  }

  @Override
  public boolean getDisableMessageTimestamp() throws JMSException {
    managed();
    return options.disableTimestamp();
  }

  @Override
  public void setDeliveryMode(int deliveryMode) throws JMSException {
    managed();
    if (deliveryMode != DeliveryMode.PERSISTENT && deliveryMode != DeliveryMode.NON_PERSISTENT) {
      throw new JMSException(
          "Delivery mode " + deliveryMode + " is neither NON_PERSISTENT (1) nor PERSISTENT (2)");
    }
    options = options.with(deliveryMode, options.priority(), options.timeToLiveMillis());
  }

  @Override
  public int getDeliveryMode() throws JMSException {
    managed();
    return options.deliveryMode();
  }

  @Override
  public void setPriority(int priority) throws JMSException {
    managed();
    if (priority < 0 || priority > 9) {
      throw new JMSException("Priority " + priority + " is not in 0..9");
    }
    options = options.with(options.deliveryMode(), priority, options.timeToLiveMillis());
  }

  @Override
  public int getPriority() throws JMSException {
    managed();
    return options.priority();
  }

  @Override
  public void setTimeToLive(long timeToLiveMillis) throws JMSException {
    managed();
    options =
        options.with(
            options.deliveryMode(),
            options.priority(),
            notNegative("Time to live", timeToLiveMillis));
  }

  @Override
  public long getTimeToLive() throws JMSException {
    managed();
    return options.timeToLiveMillis();
  }

  @Override
  public void setDeliveryDelay(long deliveryDelayMillis) throws JMSException {
    managed();
    options = options.withDeliveryDelay(notNegative("Delivery delay", deliveryDelayMillis));
  }

  @Override
  public long getDeliveryDelay() throws JMSException {
    managed();
    return options.deliveryDelayMillis();
  }

  private static long notNegative(String what, long millis) throws JMSException {
    if (millis < 0) {
      throw new JMSException(what + " of " + millis + " ms; it may not be negative");
    }
    return millis;
  }

  @Override
  public @Nullable Destination getDestination() throws JMSException {
    managed();
    return destination;
  }

  /** Nothing is open beneath. Closed twice without harm. */
  @Override
  public void close() {
    closed = true;
  }
}
