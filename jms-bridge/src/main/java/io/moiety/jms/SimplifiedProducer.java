package io.moiety.jms;

import jakarta.jms.BytesMessage;
import jakarta.jms.CompletionListener;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A producer of the simplified interface over one of the classic. What was set here goes into each
 * message sent.
 *
 * <p>Used by one thread at a time, as its context.
 */
sealed class SimplifiedProducer implements JMSProducer permits ServerProducer {

  private final Session session;
  private final MessageProducer producer;
  private final UserProperties properties = new UserProperties();
  private CorrelationId correlationId = CorrelationId.NONE;
  private @Nullable String type;
  private @Nullable Destination replyTo;
  private @Nullable CompletionListener async;

  SimplifiedProducer(Session session, MessageProducer producer) {
    this.session = session;
    this.producer = producer;
  }

  @Override
  public JMSProducer send(Destination destination, @Nullable Message message) {
    Unchecked.run(() -> dispatch(destination, message));
    return this;
  }

  @Override
  public JMSProducer send(Destination destination, @Nullable String body) {
    Unchecked.run(() -> dispatch(destination, session.createTextMessage(body)));
    return this;
  }

  @Override
  public JMSProducer send(Destination destination, @Nullable Map<String, Object> body) {
    Unchecked.run(
        () -> {
          MapMessage message = session.createMapMessage();
          if (body != null) {
            for (Map.Entry<String, Object> entry : body.entrySet()) {
              message.setObject(entry.getKey(), entry.getValue());
            }
          }
          dispatch(destination, message);
        });
    return this;
  }

  @Override
  public JMSProducer send(Destination destination, byte @Nullable [] body) {
    Unchecked.run(
        () -> {
          BytesMessage message = session.createBytesMessage();
          if (body != null) {
            message.writeBytes(body);
          }
          dispatch(destination, message);
        });
    return this;
  }

  @Override
  public JMSProducer send(Destination destination, @Nullable Serializable body) {
    Unchecked.run(() -> dispatch(destination, session.createObjectMessage(body)));
    return this;
  }

  /** Whether it is open, and where to send, is asked by the producer before what. */
  private void dispatch(Destination destination, @Nullable Message message) throws JMSException {
    if (message != null) {
      address(message);
    }
    CompletionListener listener = async;
    if (listener == null) {
      producer.send(destination, message);
    } else {
      producer.send(destination, message, listener);
    }
  }

  /** What was set here. */
  private void address(Message message) throws JMSException {
    for (var property : properties.asMap().entrySet()) {
      message.setObjectProperty(property.getKey(), property.getValue());
    }
    if (correlationId.stored() != null) {
      message.setJMSCorrelationIDAsBytes(correlationId.bytes());
    } else if (correlationId.text() != null) {
      message.setJMSCorrelationID(correlationId.text());
    }
    if (type != null) {
      message.setJMSType(type);
    }
    if (replyTo != null) {
      message.setJMSReplyTo(replyTo);
    }
  }

  @Override
  public JMSProducer setDisableMessageID(boolean value) {
    Unchecked.run(() -> producer.setDisableMessageID(value));
    return this;
  }

  @Override
  public boolean getDisableMessageID() {
    return Unchecked.get(producer::getDisableMessageID);
  }

  @Override
  public JMSProducer setDisableMessageTimestamp(boolean value) {
    Unchecked.run(() -> producer.setDisableMessageTimestamp(value));
    return this;
  }

  @Override
  public boolean getDisableMessageTimestamp() {
    return Unchecked.get(producer::getDisableMessageTimestamp);
  }

  @Override
  public JMSProducer setDeliveryMode(int deliveryMode) {
    Unchecked.run(() -> producer.setDeliveryMode(deliveryMode));
    return this;
  }

  @Override
  public int getDeliveryMode() {
    return Unchecked.get(producer::getDeliveryMode);
  }

  @Override
  public JMSProducer setPriority(int priority) {
    Unchecked.run(() -> producer.setPriority(priority));
    return this;
  }

  @Override
  public int getPriority() {
    return Unchecked.get(producer::getPriority);
  }

  @Override
  public JMSProducer setTimeToLive(long timeToLive) {
    Unchecked.run(() -> producer.setTimeToLive(timeToLive));
    return this;
  }

  @Override
  public long getTimeToLive() {
    return Unchecked.get(producer::getTimeToLive);
  }

  @Override
  public JMSProducer setDeliveryDelay(long deliveryDelay) {
    Unchecked.run(() -> producer.setDeliveryDelay(deliveryDelay));
    return this;
  }

  @Override
  public long getDeliveryDelay() {
    return Unchecked.get(producer::getDeliveryDelay);
  }

  @Override
  public JMSProducer setAsync(@Nullable CompletionListener completionListener) {
    async = completionListener;
    return this;
  }

  @Override
  public @Nullable CompletionListener getAsync() {
    return async;
  }

  private JMSProducer set(String name, @Nullable Object value) {
    Unchecked.run(() -> properties.set(name, value));
    return this;
  }

  @Override
  public JMSProducer setProperty(String name, boolean value) {
    return set(name, value);
  }

  @Override
  public JMSProducer setProperty(String name, byte value) {
    return set(name, value);
  }

  @Override
  public JMSProducer setProperty(String name, short value) {
    return set(name, value);
  }

  @Override
  public JMSProducer setProperty(String name, int value) {
    return set(name, value);
  }

  @Override
  public JMSProducer setProperty(String name, long value) {
    return set(name, value);
  }

  @Override
  public JMSProducer setProperty(String name, float value) {
    return set(name, value);
  }

  @Override
  public JMSProducer setProperty(String name, double value) {
    return set(name, value);
  }

  @Override
  public JMSProducer setProperty(String name, @Nullable String value) {
    return set(name, value);
  }

  @Override
  public JMSProducer setProperty(String name, @Nullable Object value) {
    return set(name, value);
  }

  @Override
  public JMSProducer clearProperties() {
    properties.clear();
    return this;
  }

  @Override
  public boolean propertyExists(String name) {
    return properties.contains(name);
  }

  @Override
  public boolean getBooleanProperty(String name) {
    return Unchecked.get(() -> Conversions.toBoolean(properties.get(name)));
  }

  @Override
  public byte getByteProperty(String name) {
    return Unchecked.get(() -> Conversions.toByte(properties.get(name)));
  }

  @Override
  public short getShortProperty(String name) {
    return Unchecked.get(() -> Conversions.toShort(properties.get(name)));
  }

  @Override
  public int getIntProperty(String name) {
    return Unchecked.get(() -> Conversions.toInt(properties.get(name)));
  }

  @Override
  public long getLongProperty(String name) {
    return Unchecked.get(() -> Conversions.toLong(properties.get(name)));
  }

  @Override
  public float getFloatProperty(String name) {
    return Unchecked.get(() -> Conversions.toFloat(properties.get(name)));
  }

  @Override
  public double getDoubleProperty(String name) {
    return Unchecked.get(() -> Conversions.toDouble(properties.get(name)));
  }

  @Override
  public @Nullable String getStringProperty(String name) {
    return Unchecked.getNullable(() -> Conversions.toText(properties.get(name)));
  }

  @Override
  public @Nullable Object getObjectProperty(String name) {
    return properties.get(name);
  }

  @Override
  public Set<String> getPropertyNames() {
    return Collections.unmodifiableSet(new LinkedHashSet<>(properties.asMap().keySet()));
  }

  @Override
  public JMSProducer setJMSCorrelationIDAsBytes(byte @Nullable [] id) {
    correlationId = CorrelationId.ofBytes(id);
    return this;
  }

  @Override
  public byte @Nullable [] getJMSCorrelationIDAsBytes() {
    return correlationId.bytes();
  }

  @Override
  public JMSProducer setJMSCorrelationID(@Nullable String id) {
    correlationId = CorrelationId.ofText(id);
    return this;
  }

  @Override
  public @Nullable String getJMSCorrelationID() {
    return correlationId.text();
  }

  @Override
  public JMSProducer setJMSType(@Nullable String type) {
    this.type = type;
    return this;
  }

  @Override
  public @Nullable String getJMSType() {
    return type;
  }

  @Override
  public JMSProducer setJMSReplyTo(@Nullable Destination replyTo) {
    this.replyTo = replyTo;
    return this;
  }

  @Override
  public @Nullable Destination getJMSReplyTo() {
    return replyTo;
  }
}
