package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageFormatException;
import jakarta.jms.StreamMessage;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Values of every type read as every type, against the specification's tables (Jakarta Messaging
 * 3.1, sections 3.5.4 and 3.11.3) with all values that there are, text included that is a number or
 * nearly one. More of them with {@code -Djqwik.tries.default=1000000}.
 */
class ConversionPropertyTest {

  private static final List<Class<?>> TYPES =
      List.of(
          Boolean.class,
          Byte.class,
          Short.class,
          Character.class,
          Integer.class,
          Long.class,
          Float.class,
          Double.class,
          String.class,
          byte[].class);

  /** A row for each type that is written, a column for each that is read, as the tables have it. */
  private static final List<String> TABLE =
      List.of(
          "X - - - - - - - X -", // boolean
          "- X X - X X - - X -", // byte
          "- - X - X X - - X -", // short
          "- - - X - - - - X -", // char
          "- - - - X X - - X -", // int
          "- - - - - X - - X -", // long
          "- - - - - - X X X -", // float
          "- - - - - - - X X -", // double
          "X X X - X X X X X -", // String
          "- - - - - - - - - X"); // byte[]

  private static final Map<Class<?>, Function<String, Object>> VALUE_OF =
      Map.of(
          Boolean.class, Boolean::valueOf,
          Byte.class, Byte::valueOf,
          Short.class, Short::valueOf,
          Integer.class, Integer::valueOf,
          Long.class, Long::valueOf,
          Float.class, Float::valueOf,
          Double.class, Double::valueOf);

  private static boolean isReadable(Class<?> written, Class<?> read) {
    return TABLE.get(TYPES.indexOf(written)).charAt(2 * TYPES.indexOf(read)) == 'X';
  }

  /** The value, or the class of what is thrown. */
  private static Object expected(Object value, Class<?> read) {
    if (!isReadable(value.getClass(), read)) {
      return MessageFormatException.class;
    }
    if (read == String.class) {
      return value.toString();
    }
    if (value instanceof String text) {
      try {
        return VALUE_OF.get(read).apply(text);
      } catch (NumberFormatException noNumber) {
        return NumberFormatException.class;
      }
    }
    return value instanceof Number number ? widened(number, read) : value;
  }

  private static Object widened(Number number, Class<?> read) {
    Map<Class<?>, Object> as = new LinkedHashMap<>();
    as.put(Byte.class, number.byteValue());
    as.put(Short.class, number.shortValue());
    as.put(Integer.class, number.intValue());
    as.put(Long.class, number.longValue());
    as.put(Float.class, number.floatValue());
    as.put(Double.class, number.doubleValue());
    return as.get(read);
  }

  @Provide
  Arbitrary<Object> values() {
    return AnyValue.ofEntry(texts());
  }

  private static Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(5),
        Arbitraries.longs().map(String::valueOf),
        Arbitraries.shorts().map(number -> "+" + number),
        Arbitraries.doubles().map(String::valueOf),
        Combinators.combine(Arbitraries.bytes(), Arbitraries.of(" ", "d", "f", "L", ".", "e1", ""))
            .as((number, ending) -> number + ending),
        Arbitraries.of("true", "TRUE", "tRuE", "yes", "NaN", "Infinity", "0x1p3", "٣", ""));
  }

  @Provide
  Arbitrary<Class<?>> types() {
    return Arbitraries.of(TYPES);
  }

  private interface Reading {
    Object read() throws Exception;
  }

  private static void assertRead(Reading reading, Object value, Class<?> as) {
    Object outcome;
    try {
      outcome = reading.read();
    } catch (Exception thrown) {
      outcome = thrown.getClass();
    }
    assertThat(outcome).isEqualTo(expected(value, as));
  }

  @Property
  void propertiesAreReadAsTheTableSays(
      @ForAll("values") Object value, @ForAll("types") Class<?> type) throws Exception {
    Assume.that(UserProperties.isPropertyType(value));
    Assume.that(type != Character.class && type != byte[].class);
    Message message = new JmsMessage();
    message.setObjectProperty("p", value);
    Map<Class<?>, Reading> readings =
        Map.of(
            Boolean.class, () -> message.getBooleanProperty("p"),
            Byte.class, () -> message.getByteProperty("p"),
            Short.class, () -> message.getShortProperty("p"),
            Integer.class, () -> message.getIntProperty("p"),
            Long.class, () -> message.getLongProperty("p"),
            Float.class, () -> message.getFloatProperty("p"),
            Double.class, () -> message.getDoubleProperty("p"),
            String.class, () -> message.getStringProperty("p"));
    assertRead(readings.get(type), value, type);
  }

  @Property
  void mapEntriesAreReadAsTheTableSays(
      @ForAll("values") Object value, @ForAll("types") Class<?> type) throws Exception {
    MapMessage map = new JmsMapMessage();
    map.setObject("e", value);
    Map<Class<?>, Reading> readings =
        Map.of(
            Boolean.class, () -> map.getBoolean("e"),
            Byte.class, () -> map.getByte("e"),
            Short.class, () -> map.getShort("e"),
            Character.class, () -> map.getChar("e"),
            Integer.class, () -> map.getInt("e"),
            Long.class, () -> map.getLong("e"),
            Float.class, () -> map.getFloat("e"),
            Double.class, () -> map.getDouble("e"),
            String.class, () -> map.getString("e"),
            byte[].class, () -> map.getBytes("e"));
    assertRead(readings.get(type), value, type);
  }

  @Property
  void streamElementsAreReadAsTheTableSaysAndStayWhenTheyAreNot(
      @ForAll("values") Object value, @ForAll("types") Class<?> type) throws Exception {
    StreamMessage stream = new JmsStreamMessage();
    stream.writeObject(value);
    stream.writeString("behind");
    stream.reset();
    Map<Class<?>, Reading> readings =
        Map.of(
            Boolean.class, stream::readBoolean,
            Byte.class, stream::readByte,
            Short.class, stream::readShort,
            Character.class, stream::readChar,
            Integer.class, stream::readInt,
            Long.class, stream::readLong,
            Float.class, stream::readFloat,
            Double.class, stream::readDouble,
            String.class, stream::readString,
            byte[].class, () -> readBytes(stream));
    assertRead(readings.get(type), value, type);
    if (expected(value, type) instanceof Class) {
      assertThat(stream.readObject()).isEqualTo(value);
    }
    assertThat(stream.readString()).isEqualTo("behind");
  }

  private static byte[] readBytes(StreamMessage stream) throws Exception {
    byte[] buffer = new byte[10];
    int count = stream.readBytes(buffer);
    return Arrays.copyOf(buffer, count);
  }
}
