package io.moiety.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The application's properties of a message with the types that Jakarta Messaging gives them, over
 * {@link MessageProperties}, which are text. Immutable.
 *
 * <p>Each is stored under its own name, or, when that is {@linkplain PropertyNames#isReserved
 * reserved}, under {@code JMS__} and its name. Property {@code __JMS_TYPES} tells of all that are
 * not plain text {@code storedName:letter}, separated by commas:
 *
 * <pre>
 *   Z boolean   B byte   S short   I int   L long   F float   D double
 *   T text that cannot stand as it is (empty, or with a separator in it): the hexadecimal of its
 *     UTF-8 bytes; no property of its own when empty
 *   U text that UTF-8 cannot hold, see {@link WideText}: the hexadecimal of its characters
 *   N null; no property of its own
 * </pre>
 *
 * <p>A message from a RocketMQ client has no types: all its properties are text. A value that does
 * not fit its letter, as only a foreign client writes, is given as text.
 */
public final class TypedProperties {

  private static final char TEXT = 'T';
  private static final char WIDE = 'U';
  private static final char NULL = 'N';

  private final MessageProperties properties;
  private final Map<String, Character> types;

  private TypedProperties(MessageProperties properties, Map<String, Character> types) {
    this.properties = properties;
    this.types = types;
  }

  public static TypedProperties of(MessageProperties properties) {
    return new TypedProperties(
        properties,
        properties.get(PropertyNames.JMS_TYPES).map(TypedProperties::parse).orElse(Map.of()));
  }

  /** Names of all the application's properties, those that are null included. */
  public Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    for (String stored : properties.asMap().keySet()) {
      if (stored.startsWith(PropertyNames.ESCAPE_PREFIX)) {
        names.add(stored.substring(PropertyNames.ESCAPE_PREFIX.length()));
      } else if (!PropertyNames.isReserved(stored)) {
        names.add(stored);
      }
    }
    types.keySet().forEach(stored -> names.add(applicationName(stored)));
    return Collections.unmodifiableSet(names);
  }

  /** The value as String, Boolean or a number of its type; empty when absent or null. */
  public Optional<Object> get(String name) {
    String stored = storedName(name);
    Character type = types.get(stored);
    if (type == null) {
      return properties.get(stored).map(text -> text);
    }
    if (type == NULL) {
      return Optional.empty();
    }
    if (type == TEXT && !properties.has(stored)) {
      return Optional.of("");
    }
    return properties.get(stored).map(text -> value(type, text));
  }

  /**
   * {@code base} with these as the application's properties. Values are String, Boolean, Byte,
   * Short, Integer, Long, Float, Double or null.
   *
   * @throws IllegalArgumentException when a value is of another type or a name cannot be stored
   */
  public static MessageProperties write(
      MessageProperties base, Map<String, ? extends @Nullable Object> values) {
    Map<String, String> stored = new LinkedHashMap<>();
    StringBuilder types = new StringBuilder();
    values.forEach(
        (name, value) -> {
          String storedName = storedName(name);
          char letter = letter(name, value);
          requireStorable(name, letter != 0);
          if (letter != 0) {
            types.append(types.isEmpty() ? "" : ",").append(storedName).append(':').append(letter);
          }
          if (value != null) {
            stored.put(storedName, text(letter, value));
          }
        });
    stored.put(PropertyNames.JMS_TYPES, types.toString());
    return base.withAll(stored);
  }

  private static String text(char letter, Object value) {
    String text = value.toString();
    return switch (letter) {
      case TEXT -> HexFormat.of().formatHex(text.getBytes(UTF_8));
      case WIDE -> HexFormat.of().formatHex(WideText.encode(text));
      default -> text;
    };
  }

  private static String storedName(String name) {
    return PropertyNames.isReserved(name) ? PropertyNames.ESCAPE_PREFIX + name : name;
  }

  private static String applicationName(String stored) {
    return stored.startsWith(PropertyNames.ESCAPE_PREFIX)
        ? stored.substring(PropertyNames.ESCAPE_PREFIX.length())
        : stored;
  }

  /** Plain text is stored under whatever name a RocketMQ client can give. */
  private static void requireStorable(String name, boolean isTyped) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == MessageProperties.NAME_END
          || c == MessageProperties.VALUE_END
          || (isTyped && (c == ':' || c == ','))) {
        throw new IllegalArgumentException(
            "property name '" + name + "' has a character that cannot be stored, at " + i);
      }
    }
  }

  private static Map<String, Character> parse(String text) {
    Map<String, Character> types = new HashMap<>();
    int from = 0;
    while (from < text.length()) {
      int comma = text.indexOf(',', from);
      int end = comma < 0 ? text.length() : comma;
      if (end - from > 2 && text.charAt(end - 2) == ':') {
        types.put(text.substring(from, end - 2), text.charAt(end - 1));
      }
      from = end + 1;
    }
    return types;
  }

  /** 0 for text that stands as it is. */
  private static char letter(String name, @Nullable Object value) {
    if (value == null) {
      return NULL;
    } else if (value instanceof String text) {
      if (WideText.isNeededFor(text)) {
        return WIDE;
      }
      boolean plain =
          !text.isEmpty()
              && text.indexOf(MessageProperties.NAME_END) < 0
              && text.indexOf(MessageProperties.VALUE_END) < 0;
      return plain ? 0 : TEXT;
    } else if (value instanceof Boolean) {
      return 'Z';
    } else if (value instanceof Byte) {
      return 'B';
    } else if (value instanceof Short) {
      return 'S';
    } else if (value instanceof Integer) {
      return 'I';
    } else if (value instanceof Long) {
      return 'L';
    } else if (value instanceof Float) {
      return 'F';
    } else if (value instanceof Double) {
      return 'D';
    }
    throw new IllegalArgumentException(
        "property '" + name + "' is a " + value.getClass().getName() + ", which cannot be stored");
  }

  private static Object value(char letter, String text) {
    try {
      return switch (letter) {
        case 'Z' -> Boolean.valueOf(text);
        case 'B' -> Byte.valueOf(text);
        case 'S' -> Short.valueOf(text);
        case 'I' -> Integer.valueOf(text);
        case 'L' -> Long.valueOf(text);
        case 'F' -> Float.valueOf(text);
        case 'D' -> Double.valueOf(text);
        case TEXT -> new String(HexFormat.of().parseHex(text), UTF_8);
        case WIDE -> WideText.decode(ByteBuffer.wrap(HexFormat.of().parseHex(text)));
        default -> text;
      };
    } catch (IllegalArgumentException foreign) {
      return text;
    }
  }
}
