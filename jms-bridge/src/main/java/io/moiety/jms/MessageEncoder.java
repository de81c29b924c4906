package io.moiety.jms;

import io.moiety.client.OutgoingMessage;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.TypedProperties;
import io.moiety.protocol.WideText;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageFormatException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A message as the broker stores it: headers and properties as RocketMQ properties, the body as
 * bytes. {@link MessageDecoder} is the way back. Headers that have their default are left out.
 * Stateless.
 */
final class MessageEncoder {

  /** Tells a body of null from an empty one. */
  static final String BODY_IS_NULL = "JMS_BodyIsNull";

  /** Tells a body of no bytes from the blank that is stored for it. */
  static final String BODY_IS_EMPTY = "JMS_BodyIsEmpty";

  /** Tells a body of text that UTF-8 cannot hold, see {@link WideText}. */
  static final String BODY_IS_WIDE = "JMS_BodyIsWide";

  /** A correlation id of bytes that are no text, in Base64. */
  static final String CORRELATION_BYTES = "JMS_CorrelationBytes";

  /** Headers that are stored as empty by their names. */
  static final String EMPTY_CORRELATION_ID = "JMSCorrelationID";

  static final String EMPTY_TYPE = "JMSType";

  /**
   * Stored for a body of no bytes: RocketMQ's clients never send such, and a push consumer of 4.9
   * that is given one takes nothing of its queue any more.
   */
  private static final byte[] BLANK = {' '};

  /** Properties that become RocketMQ's own, or that only a receiver sees. */
  private static final Set<String> NOT_STORED_AS_GIVEN =
      Set.of(
          UserProperties.GROUP_ID,
          UserProperties.GROUP_SEQUENCE,
          UserProperties.DELIVERY_COUNT,
          UserProperties.TAGS,
          UserProperties.KEYS,
          UserProperties.DELAY_LEVEL);

  private MessageEncoder() {}

  /**
   * @param message with the headers of its send, see {@link SendOptions#stamp}
   * @param senderId of the connection, for receivers that pass over their own messages
   * @param nowMillis of the send, which the message itself may not tell
   */
  static OutgoingMessage encode(
      JmsMessage message, String topic, int queueId, String senderId, long nowMillis)
      throws JMSException {
    ByteBuffer body = message.encodedBody();
    boolean bodyIsEmpty = !body.hasRemaining();
    return new OutgoingMessage(
        topic,
        queueId,
        properties(message, bodyIsEmpty, senderId, nowMillis),
        bodyIsEmpty ? ByteBuffer.wrap(BLANK) : body,
        0,
        0,
        nowMillis,
        Optional.empty());
  }

  private static MessageProperties properties(
      JmsMessage message, boolean bodyIsEmpty, String senderId, long nowMillis)
      throws JMSException {
    Map<String, String> stored = new LinkedHashMap<>();
    try {
      body(message, bodyIsEmpty, stored);
      headers(message, nowMillis, stored);
      ownProperties(message.properties(), message.getJMSDeliveryTime() > nowMillis, stored);
      putText(stored, PropertyNames.JMS_EMPTY_HEADERS, emptyHeaders(message));
      stored.put(PropertyNames.JMS_CLIENT_ID, senderId);
      return TypedProperties.write(MessageProperties.of(stored), userProperties(message));
    } catch (IllegalArgumentException unstorable) {
      throw JmsExceptions.caused(
          new MessageFormatException("The message cannot be stored: " + unstorable.getMessage()),
          unstorable);
    }
  }

  private static void body(JmsMessage message, boolean bodyIsEmpty, Map<String, String> stored) {
    stored.put(PropertyNames.JMS_BODY_TYPE, message.bodyType().wireName());
    if (bodyIsEmpty) {
      stored.put(BODY_IS_EMPTY, "true");
    }
    if (message.bodyIsNull()) {
      stored.put(BODY_IS_NULL, "true");
    }
    if (message.bodyIsWide()) {
      stored.put(BODY_IS_WIDE, "true");
    }
  }

  private static void headers(JmsMessage message, long nowMillis, Map<String, String> stored)
      throws JMSException {
    String id = message.getJMSMessageID();
    if (id != null) {
      stored.put(PropertyNames.UNIQUE_KEY, id.substring(JmsMessage.ID_PREFIX.length()));
    }
    if (message.getJMSDestination() instanceof NamedDestination destination) {
      stored.put(PropertyNames.JMS_DESTINATION, destination.toText());
    }
    if (message.getJMSReplyTo() != null) {
      stored.put(
          PropertyNames.JMS_REPLY_TO, DestinationNames.own(message.getJMSReplyTo()).toText());
    }
    CorrelationId correlationId = message.correlationId();
    if (correlationId.stored() != null) {
      stored.put(CORRELATION_BYTES, correlationId.stored());
    } else {
      putText(stored, PropertyNames.CORRELATION_ID, correlationId.text());
    }
    putText(stored, PropertyNames.JMS_TYPE, message.getJMSType());
    if (message.getJMSPriority() != Message.DEFAULT_PRIORITY) {
      stored.put(PropertyNames.JMS_PRIORITY, Integer.toString(message.getJMSPriority()));
    }
    if (message.getJMSDeliveryMode() == DeliveryMode.NON_PERSISTENT) {
      stored.put(PropertyNames.JMS_DELIVERY_MODE, Integer.toString(DeliveryMode.NON_PERSISTENT));
    }
    if (message.getJMSExpiration() != 0) {
      stored.put(PropertyNames.JMS_EXPIRATION, Long.toString(message.getJMSExpiration()));
    }
    if (message.getJMSTimestamp() == 0) {
      stored.put(PropertyNames.JMS_NO_TIMESTAMP, "true");
    }
    if (message.getJMSDeliveryTime() > nowMillis) {
      String deliveryTime = Long.toString(message.getJMSDeliveryTime());
      stored.put(PropertyNames.JMS_DELIVERY_TIME, deliveryTime);
      stored.put(PropertyNames.TIMER_DELIVER_MS, deliveryTime);
    }
  }

  private static String emptyHeaders(JmsMessage message) {
    List<String> names = new ArrayList<>();
    addIfEmpty(message.getJMSCorrelationID(), EMPTY_CORRELATION_ID, names);
    addIfEmpty(message.getJMSType(), EMPTY_TYPE, names);
    addIfEmpty(message.properties().get(UserProperties.GROUP_ID), UserProperties.GROUP_ID, names);
    return String.join(",", names);
  }

  private static void addIfEmpty(@Nullable Object value, String name, List<String> names) {
    if ("".equals(value)) {
      names.add(name);
    }
  }

  private static void ownProperties(
      UserProperties properties, boolean delayed, Map<String, String> stored) {
    putText(stored, PropertyNames.JMSX_GROUP_ID, properties.get(UserProperties.GROUP_ID));
    putText(stored, PropertyNames.JMSX_GROUP_SEQ, properties.get(UserProperties.GROUP_SEQUENCE));
    putText(stored, PropertyNames.TAGS, properties.get(UserProperties.TAGS));
    putText(stored, PropertyNames.KEYS, properties.get(UserProperties.KEYS));
    if (!delayed) {
      putText(stored, PropertyNames.DELAY, properties.get(UserProperties.DELAY_LEVEL));
    }
  }

  private static Map<String, @Nullable Object> userProperties(JmsMessage message) {
    Map<String, @Nullable Object> user = new LinkedHashMap<>(message.properties().asMap());
    user.keySet().removeAll(NOT_STORED_AS_GIVEN);
    return user;
  }

  private static void putText(Map<String, String> stored, String name, @Nullable Object value) {
    if (value == null) {
      return;
    }
    String text = value.toString();
    if (WideText.isNeededFor(text)) {
      throw new IllegalArgumentException(name + " has half of a surrogate pair, which is no text");
    }
    stored.put(name, text);
  }
}
