package io.moiety.jms;

import io.moiety.client.Delivery;
import io.moiety.protocol.MessageIds;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SysFlag;
import io.moiety.protocol.TypedProperties;
import jakarta.jms.DeliveryMode;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A stored record as the message that its receiver sees. What plain RocketMQ clients sent arrives
 * as a bytes message with their properties, tags and keys. A header that does not hold what it
 * should, as only a foreign client writes, reads as absent: a message must not be undeliverable for
 * it. Immutable.
 */
final class MessageDecoder {

  private final TrustedClasses trustedClasses;

  MessageDecoder(TrustedClasses trustedClasses) {
    this.trustedClasses = trustedClasses;
  }

  /**
   * @param receivedFrom the destination of messages that do not name theirs
   */
  JmsMessage decode(
      Delivery delivery, Destination receivedFrom, JmsMessage.Acknowledgement acknowledgement)
      throws JMSException {
    JmsMessage message = decode(delivery.record(), receivedFrom);
    message.setJMSRedelivered(delivery.deliveryCount() > 1);
    message.properties().restore(UserProperties.DELIVERY_COUNT, delivery.deliveryCount());
    message.received(acknowledgement);
    return message;
  }

  /** A message that is looked at and not delivered. */
  JmsMessage decodeBrowsed(RecordView record, Destination browsed) throws JMSException {
    JmsMessage message = decode(record, browsed);
    message.received(JmsMessage.Acknowledgement.NOTHING);
    return message;
  }

  private JmsMessage decode(RecordView record, Destination receivedFrom) throws JMSException {
    JmsMessage message = body(record);
    headers(record, receivedFrom, message);
    properties(record, message.properties());
    return message;
  }

  private JmsMessage body(RecordView record) {
    ByteBuffer body = bytes(record);
    boolean isNull = record.property(MessageEncoder.BODY_IS_NULL).isPresent();
    return switch (BodyType.of(record.property(PropertyNames.JMS_BODY_TYPE))) {
      case MESSAGE -> new JmsMessage();
      case TEXT ->
          JmsTextMessage.decode(
              body, isNull, record.property(MessageEncoder.BODY_IS_WIDE).isPresent());
      case BYTES -> JmsBytesMessage.decode(body);
      case MAP -> JmsMapMessage.decode(body);
      case STREAM -> JmsStreamMessage.decode(body);
      case OBJECT -> JmsObjectMessage.decode(body, isNull, trustedClasses);
    };
  }

  private static ByteBuffer bytes(RecordView record) {
    if (record.property(MessageEncoder.BODY_IS_EMPTY).isPresent()) {
      return ByteBuffer.allocate(0);
    }
    return (record.sysFlag() & SysFlag.COMPRESSED) == 0
        ? record.body()
        : CompressedBodies.inflate(record.body(), record.sysFlag());
  }

  private static void headers(RecordView record, Destination receivedFrom, JmsMessage message)
      throws JMSException {
    String id =
        record
            .property(PropertyNames.UNIQUE_KEY)
            .orElseGet(() -> MessageIds.offsetMessageId(record.storeHost(), record.position()));
    message.setJMSMessageID(JmsMessage.ID_PREFIX + id);
    boolean isTimestamped = record.property(PropertyNames.JMS_NO_TIMESTAMP).isEmpty();
    message.setJMSTimestamp(isTimestamped ? record.bornTimestampMillis() : 0);
    message.correlate(
        record
            .property(MessageEncoder.CORRELATION_BYTES)
            .map(CorrelationId::ofStored)
            .orElseGet(
                () ->
                    CorrelationId.ofText(
                        header(
                            record,
                            PropertyNames.CORRELATION_ID,
                            MessageEncoder.EMPTY_CORRELATION_ID))));
    message.setJMSType(header(record, PropertyNames.JMS_TYPE, MessageEncoder.EMPTY_TYPE));
    message.setJMSDestination(
        destination(record, PropertyNames.JMS_DESTINATION).orElse(receivedFrom));
    message.setJMSReplyTo(destination(record, PropertyNames.JMS_REPLY_TO).orElse(null));
    long priority = number(record, PropertyNames.JMS_PRIORITY, Message.DEFAULT_PRIORITY);
    message.setJMSPriority(
        priority < 0 || priority > 9 ? Message.DEFAULT_PRIORITY : (int) priority);
    boolean persistent =
        number(record, PropertyNames.JMS_DELIVERY_MODE, DeliveryMode.PERSISTENT)
            != DeliveryMode.NON_PERSISTENT;
    message.setJMSDeliveryMode(persistent ? DeliveryMode.PERSISTENT : DeliveryMode.NON_PERSISTENT);
    message.setJMSExpiration(number(record, PropertyNames.JMS_EXPIRATION, 0));
    message.setJMSDeliveryTime(
        number(record, PropertyNames.JMS_DELIVERY_TIME, record.bornTimestampMillis()));
  }

  /** Text that may be there and empty, which its property alone cannot say. */
  private static @Nullable String header(RecordView record, String property, String name) {
    return record.property(property).orElseGet(() -> isEmpty(record, name) ? "" : null);
  }

  private static boolean isEmpty(RecordView record, String header) {
    return record
        .property(PropertyNames.JMS_EMPTY_HEADERS)
        .filter(names -> List.of(names.split(",", -1)).contains(header))
        .isPresent();
  }

  private static Optional<Destination> destination(RecordView record, String property) {
    return record.property(property).flatMap(DestinationNames::parse);
  }

  private static long number(RecordView record, String property, long otherwise) {
    Optional<String> text = record.property(property);
    try {
      return text.isPresent() ? Long.parseLong(text.get()) : otherwise;
    } catch (NumberFormatException foreign) {
      return otherwise;
    }
  }

  private static void properties(RecordView record, UserProperties properties) {
    TypedProperties typed = TypedProperties.of(record.properties());
    for (String name : typed.names()) {
      properties.restore(name, typed.get(name).orElse(null));
    }
    String groupId = header(record, PropertyNames.JMSX_GROUP_ID, UserProperties.GROUP_ID);
    if (groupId != null) {
      properties.restore(UserProperties.GROUP_ID, groupId);
    }
    restoreText(record, PropertyNames.TAGS, properties, UserProperties.TAGS);
    restoreText(record, PropertyNames.KEYS, properties, UserProperties.KEYS);
    if (record.property(PropertyNames.JMSX_GROUP_SEQ).isPresent()) {
      properties.restore(
          UserProperties.GROUP_SEQUENCE, (int) number(record, PropertyNames.JMSX_GROUP_SEQ, 0));
    }
  }

  private static void restoreText(
      RecordView record, String stored, UserProperties properties, String name) {
    record.property(stored).ifPresent(text -> properties.restore(name, text));
  }

  /** When a message ends, in milliseconds; 0 for never. */
  static long expirationMillis(RecordView record) {
    return number(record, PropertyNames.JMS_EXPIRATION, 0);
  }
}
