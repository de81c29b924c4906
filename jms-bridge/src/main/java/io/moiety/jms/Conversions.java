package io.moiety.jms;

import jakarta.jms.JMSException;
import jakarta.jms.MessageFormatException;
import org.jspecify.annotations.Nullable;

/**
 * The conversion table that the specification gives for properties, map entries and stream elements
 * (Jakarta Messaging 3.1, sections 3.5.4 and 3.11.3).
 *
 * <p>An absent value reads as null does in the {@code valueOf} of the type asked for: false, a
 * {@link NumberFormatException} or a {@link NullPointerException}. Stateless.
 */
final class Conversions {

  private Conversions() {}

  static boolean toBoolean(@Nullable Object value) throws JMSException {
    if (value == null || value instanceof String) {
      return Boolean.parseBoolean((String) value);
    }
    if (value instanceof Boolean bool) {
      return bool;
    }
    throw unreadable(value, "boolean");
  }

  static byte toByte(@Nullable Object value) throws JMSException {
    if (value == null || value instanceof String) {
      return Byte.parseByte((String) value);
    }
    if (value instanceof Byte number) {
      return number;
    }
    throw unreadable(value, "byte");
  }

  static short toShort(@Nullable Object value) throws JMSException {
    if (value == null || value instanceof String) {
      return Short.parseShort((String) value);
    }
    if (value instanceof Byte || value instanceof Short) {
      return ((Number) value).shortValue();
    }
    throw unreadable(value, "short");
  }

  static int toInt(@Nullable Object value) throws JMSException {
    if (value == null || value instanceof String) {
      return Integer.parseInt((String) value);
    }
    if (value instanceof Byte || value instanceof Short || value instanceof Integer) {
      return ((Number) value).intValue();
    }
    throw unreadable(value, "int");
  }

  static long toLong(@Nullable Object value) throws JMSException {
    if (value == null || value instanceof String) {
      return Long.parseLong((String) value);
    }
    if (value instanceof Byte
        || value instanceof Short
        || value instanceof Integer
        || value instanceof Long) {
      return ((Number) value).longValue();
    }
    throw unreadable(value, "long");
  }

  static float toFloat(@Nullable Object value) throws JMSException {
    if (value == null) {
      throw absent("float");
    }
    if (value instanceof String text) {
      return Float.parseFloat(text);
    }
    if (value instanceof Float number) {
      return number;
    }
    throw unreadable(value, "float");
  }

  static double toDouble(@Nullable Object value) throws JMSException {
    if (value == null) {
      throw absent("double");
    }
    if (value instanceof String text) {
      return Double.parseDouble(text);
    }
    if (value instanceof Float || value instanceof Double) {
      return ((Number) value).doubleValue();
    }
    throw unreadable(value, "double");
  }

  static char toChar(@Nullable Object value) throws JMSException {
    if (value == null) {
      throw absent("char");
    }
    if (value instanceof Character character) {
      return character;
    }
    throw unreadable(value, "char");
  }

  static @Nullable String toText(@Nullable Object value) throws JMSException {
    if (value instanceof byte[]) {
      throw unreadable(value, "String");
    }
    return value == null ? null : value.toString();
  }

  /** The array itself, not a copy. */
  static byte @Nullable [] toBytes(@Nullable Object value) throws JMSException {
    if (value == null || value instanceof byte[]) {
      return (byte[]) value;
    }
    throw unreadable(value, "byte[]");
  }

  private static NullPointerException absent(String type) {
    return new NullPointerException("There is no value to read as " + type);
  }

  private static MessageFormatException unreadable(Object value, String type) {
    return new MessageFormatException(
        "A value of type " + value.getClass().getSimpleName() + " cannot be read as " + type);
  }
}
