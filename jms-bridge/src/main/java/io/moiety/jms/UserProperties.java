package io.moiety.jms;

import jakarta.jms.JMSException;
import jakarta.jms.MessageFormatException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The properties of one message: values by name, with the rules for both (Jakarta Messaging 3.1,
 * section 3.5). Belongs to its message and has its threading.
 */
final class UserProperties {

  static final String GROUP_ID = "JMSXGroupID";
  static final String GROUP_SEQUENCE = "JMSXGroupSeq";
  static final String DELIVERY_COUNT = "JMSXDeliveryCount";
  static final String TAGS = "JMS_MOIETY_Tags";
  static final String KEYS = "JMS_MOIETY_Keys";
  static final String DELAY_LEVEL = "JMS_MOIETY_DelayLevel";

  /**
   * As the specification writes them. Identifiers are case-sensitive, so that in other letters they
   * are names, which no selector can use.
   */
  private static final Set<String> SELECTOR_WORDS =
      Set.of("NULL", "TRUE", "FALSE", "NOT", "AND", "OR", "BETWEEN", "LIKE", "IN", "IS", "ESCAPE");

  private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

  Map<String, @Nullable Object> asMap() {
    return values;
  }

  boolean contains(String name) {
    return values.containsKey(name);
  }

  @Nullable Object get(String name) {
    return values.get(name);
  }

  /** For an application: what is not its own stays. */
  void clear() {
    values.keySet().removeIf(name -> !name.equals(DELIVERY_COUNT));
  }

  /** For an application: checks name and type. */
  void set(@Nullable String name, @Nullable Object value) throws JMSException {
    checkName(name);
    if (!isPropertyType(value)) {
      throw new MessageFormatException(
          "Property "
              + name
              + " cannot be a "
              + (value == null ? "null" : value.getClass().getName())
              + "; allowed are Boolean, Byte, Short, Integer, Long, Float, Double and String");
    }
    checkOwnType(name, value);
    values.put(name, value);
  }

  /** For the provider: takes what was received as it is. */
  void restore(String name, @Nullable Object value) {
    values.put(name, value);
  }

  static boolean isPropertyType(@Nullable Object value) {
    return value == null
        || value instanceof String
        || value instanceof Boolean
        || value instanceof Integer
        || value instanceof Long
        || value instanceof Double
        || value instanceof Float
        || value instanceof Short
        || value instanceof Byte;
  }

  private static void checkName(@Nullable String name) throws JMSException {
    if (name == null || name.isEmpty()) {
      throw new IllegalArgumentException("A property needs a name that is not empty");
    }
    if (!isIdentifier(name) || SELECTOR_WORDS.contains(name)) {
      throw new JMSException(
          "Property name '"
              + name
              + "' is not an identifier of the selector syntax: letters, digits, _ and $, not starting with a digit,"
              + " and none of its words (NULL, TRUE, FALSE, NOT, AND, OR, BETWEEN, LIKE, IN, IS, ESCAPE)");
    }
    boolean settable = name.equals(GROUP_ID) || name.equals(GROUP_SEQUENCE);
    if (name.startsWith("JMSX") && !settable) {
      throw new JMSException("Property " + name + " is set by the provider, not by applications");
    }
  }

  private static boolean isIdentifier(String name) {
    return Character.isJavaIdentifierStart(name.charAt(0))
        && name.chars().allMatch(Character::isJavaIdentifierPart);
  }

  private static void checkOwnType(@Nullable String name, @Nullable Object value)
      throws JMSException {
    boolean number = GROUP_SEQUENCE.equals(name) || DELAY_LEVEL.equals(name);
    boolean text = GROUP_ID.equals(name) || TAGS.equals(name) || KEYS.equals(name);
    boolean isText = value == null || value instanceof String;
    if ((number && !(value instanceof Integer)) || (text && !isText)) {
      throw new MessageFormatException(
          "Property " + name + " is " + (number ? "an int" : "a String") + ", not " + value);
    }
  }
}
