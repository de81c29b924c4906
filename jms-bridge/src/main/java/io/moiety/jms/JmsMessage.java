package io.moiety.jms;

import jakarta.jms.DeliveryMode;
import jakarta.jms.Destination;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageNotWriteableException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message without a body, and what all messages have in common: headers, properties,
 * acknowledgement. Each body type is a class of its own.
 *
 * <p>For one thread at a time, as the specification has it.
 */
sealed class JmsMessage implements Message
    permits JmsTextMessage, JmsBytesMessage, JmsMapMessage, JmsStreamMessage, JmsObjectMessage {

  static final String ID_PREFIX = "ID:";

  /** What {@link #acknowledge} does; set at delivery. */
  interface Acknowledgement {

    /** For messages that were not received, and for sessions that acknowledge by themselves. */
    Acknowledgement NOTHING = () -> {};

    void acknowledge() throws JMSException;
  }

  private final UserProperties properties = new UserProperties();
  private @Nullable String messageId;
  private CorrelationId correlationId = CorrelationId.NONE;
  private @Nullable String type;
  private @Nullable Destination destination;
  private @Nullable Destination replyTo;
  private long timestampMillis;
  private long expirationMillis;
  private long deliveryTimeMillis;
  private int deliveryMode = DEFAULT_DELIVERY_MODE;
  private int priority = DEFAULT_PRIORITY;
  private boolean redelivered;
  private boolean bodyReadOnly;
  private boolean propertiesReadOnly;
  private Acknowledgement acknowledgement = Acknowledgement.NOTHING;

  BodyType bodyType() {
    return BodyType.MESSAGE;
  }

  /** A snapshot of the body's bytes; empty and with {@link #bodyIsNull} when there is none. */
  ByteBuffer encodedBody() throws JMSException {
    return ByteBuffer.allocate(0);
  }

  /**
   * True for a text or object message that holds null, which no bytes can tell from an empty one.
   */
  boolean bodyIsNull() {
    return false;
  }

  /** True for a body of text that is stored by its characters, since UTF-8 cannot hold it. */
  boolean bodyIsWide() {
    return false;
  }

  /** Forgets the body; the caller has made the message writable. */
  void eraseBody() {
    // A plain message has none.
  }

  /** The body as an object that can be given as the type, see {@link #getBody}. */
  @Nullable Object bodyAs(Class<?> wanted) throws JMSException {
    return null;
  }

  /** Whether {@link #bodyAs} would succeed. */
  boolean bodyFits(Class<?> wanted) throws JMSException {
    return true;
  }

  UserProperties properties() {
    return properties;
  }

  boolean isBodyReadOnly() {
    return bodyReadOnly;
  }

  void setBodyReadOnly(boolean readOnly) {
    bodyReadOnly = readOnly;
  }

  /**
   * The state in which the specification has a message reach its receiver: readable, not writable.
   */
  void received(Acknowledgement byReceiver) {
    bodyReadOnly = true;
    propertiesReadOnly = true;
    acknowledgement = byReceiver;
  }

  void requireWritableBody() throws JMSException {
    if (bodyReadOnly) {
      throw new MessageNotWriteableException(
          "The body was received or reset and is read-only; call clearBody() to write a new one");
    }
  }

  @Override
  public @Nullable String getJMSMessageID() {
    return messageId;
  }

  @Override
  public void setJMSMessageID(@Nullable String id) {
    messageId = id;
  }

  @Override
  public long getJMSTimestamp() {
    return timestampMillis;
  }

  @Override
  public void setJMSTimestamp(long timestamp) {
    timestampMillis = timestamp;
  }

  @Override
  public byte @Nullable [] getJMSCorrelationIDAsBytes() {
    return correlationId.bytes();
  }

  @Override
  public void setJMSCorrelationIDAsBytes(byte @Nullable [] id) {
    correlationId = CorrelationId.ofBytes(id);
  }

  @Override
  public void setJMSCorrelationID(@Nullable String id) {
    correlationId = CorrelationId.ofText(id);
  }

  @Override
  public @Nullable String getJMSCorrelationID() {
    return correlationId.text();
  }

  CorrelationId correlationId() {
    return correlationId;
  }

  void correlate(CorrelationId id) {
    correlationId = id;
  }

  @Override
  public @Nullable Destination getJMSReplyTo() {
    return replyTo;
  }

  @Override
  public void setJMSReplyTo(@Nullable Destination destination) {
    replyTo = destination;
  }

  @Override
  public @Nullable Destination getJMSDestination() {
    return destination;
  }

  @Override
  public void setJMSDestination(@Nullable Destination destination) {
    this.destination = destination;
  }

  @Override
  public int getJMSDeliveryMode() {
    return deliveryMode;
  }

  @Override
  public void setJMSDeliveryMode(int deliveryMode) throws JMSException {
    if (deliveryMode != DeliveryMode.PERSISTENT && deliveryMode != DeliveryMode.NON_PERSISTENT) {
      throw new JMSException(
          "Delivery mode " + deliveryMode + " is neither NON_PERSISTENT (1) nor PERSISTENT (2)");
    }
    this.deliveryMode = deliveryMode;
  }

  @Override
  public boolean getJMSRedelivered() {
    return redelivered;
  }

  @Override
  public void setJMSRedelivered(boolean redelivered) {
    this.redelivered = redelivered;
  }

  @Override
  public @Nullable String getJMSType() {
    return type;
  }

  @Override
  public void setJMSType(@Nullable String type) {
    this.type = type;
  }

  @Override
  public long getJMSExpiration() {
    return expirationMillis;
  }

  @Override
  public void setJMSExpiration(long expiration) {
    expirationMillis = expiration;
  }

  @Override
  public long getJMSDeliveryTime() {
    return deliveryTimeMillis;
  }

  @Override
  public void setJMSDeliveryTime(long deliveryTime) {
    deliveryTimeMillis = deliveryTime;
  }

  @Override
  public int getJMSPriority() {
    return priority;
  }

  @Override
  public void setJMSPriority(int priority) throws JMSException {
    if (priority < 0 || priority > 9) {
      throw new JMSException("Priority " + priority + " is not in 0..9");
    }
    this.priority = priority;
  }

  @Override
  public void clearProperties() {
    properties.clear();
    propertiesReadOnly = false;
  }

  @Override
  public boolean propertyExists(String name) {
    return properties.contains(name);
  }

  @Override
  public boolean getBooleanProperty(String name) throws JMSException {
    return Conversions.toBoolean(properties.get(name));
  }

  @Override
  public byte getByteProperty(String name) throws JMSException {
    return Conversions.toByte(properties.get(name));
  }

  @Override
  public short getShortProperty(String name) throws JMSException {
    return Conversions.toShort(properties.get(name));
  }

  @Override
  public int getIntProperty(String name) throws JMSException {
    return Conversions.toInt(properties.get(name));
  }

  @Override
  public long getLongProperty(String name) throws JMSException {
    return Conversions.toLong(properties.get(name));
  }

  @Override
  public float getFloatProperty(String name) throws JMSException {
    return Conversions.toFloat(properties.get(name));
  }

  @Override
  public double getDoubleProperty(String name) throws JMSException {
    return Conversions.toDouble(properties.get(name));
  }

  @Override
  public @Nullable String getStringProperty(String name) throws JMSException {
    return Conversions.toText(properties.get(name));
  }

  @Override
  public @Nullable Object getObjectProperty(String name) {
    return properties.get(name);
  }

  @Override
  public Enumeration<String> getPropertyNames() {
    return Collections.enumeration(List.copyOf(properties.asMap().keySet()));
  }

  @Override
  public void setBooleanProperty(String name, boolean value) throws JMSException {
    set(name, value);
  }

  @Override
  public void setByteProperty(String name, byte value) throws JMSException {
    set(name, value);
  }

  @Override
  public void setShortProperty(String name, short value) throws JMSException {
    set(name, value);
  }

  @Override
  public void setIntProperty(String name, int value) throws JMSException {
    set(name, value);
  }

  @Override
  public void setLongProperty(String name, long value) throws JMSException {
    set(name, value);
  }

  @Override
  public void setFloatProperty(String name, float value) throws JMSException {
    set(name, value);
  }

  @Override
  public void setDoubleProperty(String name, double value) throws JMSException {
    set(name, value);
  }

  @Override
  public void setStringProperty(String name, @Nullable String value) throws JMSException {
    set(name, value);
  }

  @Override
  public void setObjectProperty(String name, @Nullable Object value) throws JMSException {
    set(name, value);
  }

  private void set(String name, @Nullable Object value) throws JMSException {
    if (propertiesReadOnly) {
      throw new MessageNotWriteableException(
          "The properties were received and are read-only; call clearProperties() to write new ones");
    }
    properties.set(name, value);
  }

  /**
   * @throws IllegalStateException when the session or connection that it was received by is closed
   */
  @Override
  public void acknowledge() throws JMSException {
    acknowledgement.acknowledge();
  }

  @Override
  public void clearBody() throws JMSException {
    bodyReadOnly = false;
    eraseBody();
  }

  @Override
  public <T> @Nullable T getBody(Class<T> wanted) throws JMSException {
    if (!bodyFits(wanted)) {
      throw cannotBeGivenAs(wanted);
    }
    return wanted.cast(bodyAs(wanted));
  }

  MessageFormatException cannotBeGivenAs(Class<?> wanted) {
    return new MessageFormatException(
        "The body of a "
            + bodyType().wireName()
            + " message cannot be given as "
            + wanted.getName());
  }

  @Override
  @SuppressWarnings("rawtypes") // The interface declares it so.
  public boolean isBodyAssignableTo(Class wanted) throws JMSException {
    return bodyFits(wanted);
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + "[" + messageId + " to " + destination + "]";
  }
}
