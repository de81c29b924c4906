package io.moiety.broker.filter;

import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.TypedProperties;
import java.util.List;
import java.util.Optional;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.selector.filter.FilterException;
import org.apache.activemq.artemis.selector.filter.Filterable;
import org.jspecify.annotations.Nullable;

/** A stored record as a selector sees it: Jakarta Messaging's header names and typed properties. */
final class SelectedMessage implements Filterable {
  private static final String PERSISTENT = "PERSISTENT";
  private static final String NON_PERSISTENT = "NON_PERSISTENT";
  private static final String MODE_NON_PERSISTENT = "1";
  private static final int DEFAULT_PRIORITY = 4;
  private static final String ID_PREFIX = "ID:";

  private final RecordView message;
  private final SelectorLikes likes;
  private @Nullable TypedProperties typed;

  SelectedMessage(RecordView message, SelectorLikes likes) {
    this.message = message;
    this.likes = likes;
  }

  @Override
  public @Nullable Object getProperty(SimpleString id) {
    String name = id.toString();
    return SelectorLikes.isInvented(name) ? likeness(likes.like(name)) : value(name);
  }

  /** Of what is no text false, of what is absent unknown. */
  private @Nullable Boolean likeness(SelectorLikes.Like like) {
    Object value = value(like.property());
    return value == null ? null : value instanceof String text && like.pattern().matches(text);
  }

  private @Nullable Object value(String name) {
    return switch (name) {
      case "JMSDeliveryMode" -> deliveryMode();
      case "JMSPriority" -> priority();
      case "JMSMessageID" -> text(PropertyNames.UNIQUE_KEY).map(ID_PREFIX::concat).orElse(null);
      case "JMSTimestamp" -> timestampMillis();
      case "JMSExpiration" -> millis(PropertyNames.JMS_EXPIRATION, 0);
      case "JMSDeliveryTime" ->
          millis(PropertyNames.JMS_DELIVERY_TIME, message.bornTimestampMillis());
      case "JMSCorrelationID" -> header(name, PropertyNames.CORRELATION_ID);
      case "JMSType" -> header(name, PropertyNames.JMS_TYPE);
      case "JMSXGroupID" -> header(name, PropertyNames.JMSX_GROUP_ID);
      case "JMSXGroupSeq" -> number(PropertyNames.JMSX_GROUP_SEQ).orElse(null);
      case "JMS_MOIETY_Tags" -> text(PropertyNames.TAGS).orElse(null);
      case "JMS_MOIETY_Keys" -> text(PropertyNames.KEYS).orElse(null);
      case PropertyNames.TAGS, PropertyNames.KEYS -> ownOrBrokers(name);
      default -> application(name);
    };
  }

  /** Text that may be there and empty, which its property alone cannot say. */
  private @Nullable String header(String name, String property) {
    return text(property).orElseGet(() -> isEmptyHeader(name) ? "" : null);
  }

  private boolean isEmptyHeader(String name) {
    return text(PropertyNames.JMS_EMPTY_HEADERS)
        .filter(names -> List.of(names.split(",", -1)).contains(name))
        .isPresent();
  }

  /** An application may have given a property the name of one of RocketMQ's. */
  private @Nullable Object ownOrBrokers(String name) {
    Object own = application(name);
    return own == null ? text(name).orElse(null) : own;
  }

  /** What a body says is the application's business; XPATH and XQUERY are refused before. */
  @Override
  public <T> T getBodyAs(Class<T> type) throws FilterException {
    throw new FilterException("A selector cannot look into the body of a message");
  }

  @Override
  public @Nullable Object getLocalConnectionId() {
    return null;
  }

  private String deliveryMode() {
    return text(PropertyNames.JMS_DELIVERY_MODE).filter(MODE_NON_PERSISTENT::equals).isPresent()
        ? NON_PERSISTENT
        : PERSISTENT;
  }

  private long timestampMillis() {
    return text(PropertyNames.JMS_NO_TIMESTAMP).isPresent() ? 0 : message.bornTimestampMillis();
  }

  private long millis(String property, long absent) {
    try {
      return text(property).map(Long::parseLong).orElse(absent);
    } catch (NumberFormatException foreign) {
      return absent;
    }
  }

  private int priority() {
    return number(PropertyNames.JMS_PRIORITY).orElse(DEFAULT_PRIORITY);
  }

  private @Nullable Object application(String name) {
    TypedProperties read = typed;
    if (read == null) {
      read = TypedProperties.of(message.properties());
      typed = read;
    }
    return read.get(name).map(SelectedMessage::comparable).orElse(null);
  }

  /**
   * As the library compares it rightly: small numbers as an int, which it takes on either side, and
   * zero without its sign, see {@link SelectorZeros}.
   */
  private static Object comparable(Object value) {
    if (value instanceof Byte || value instanceof Short) {
      return ((Number) value).intValue();
    } else if (value instanceof Double number) {
      return number + 0.0;
    } else if (value instanceof Float number) {
      return number + 0.0f;
    }
    return value;
  }

  private Optional<String> text(String property) {
    return message.property(property);
  }

  private Optional<Integer> number(String property) {
    return text(property).flatMap(SelectedMessage::parsed);
  }

  private static Optional<Integer> parsed(String number) {
    try {
      return Optional.of(Integer.valueOf(number));
    } catch (NumberFormatException foreign) {
      return Optional.empty();
    }
  }
}
