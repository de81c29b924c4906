package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageEOFException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageFormatRuntimeException;
import jakarta.jms.MessageNotReadableException;
import jakarta.jms.MessageNotWriteableException;
import jakarta.jms.StreamMessage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The conversion tables of the specification and the states of messages, over every method of the
 * interfaces: each type written is read as each other (Jakarta Messaging 3.1, sections 3.5.4, 3.10
 * and 3.11.3).
 */
class MessageMatrixTest {

  /** One value of each type, by the ending of the methods that write and read it. */
  private static final Map<String, Object> VALUES = values();

  /** What the tables have a cross for: as what each type can be read. */
  private static final Map<String, List<String>> READABLE =
      Map.ofEntries(
          Map.entry("Boolean", List.of("Boolean", "String")),
          Map.entry("Byte", List.of("Byte", "Short", "Int", "Long", "String")),
          Map.entry("Short", List.of("Short", "Int", "Long", "String")),
          Map.entry("Char", List.of("Char", "String")),
          Map.entry("Int", List.of("Int", "Long", "String")),
          Map.entry("Long", List.of("Long", "String")),
          Map.entry("Float", List.of("Float", "Double", "String")),
          Map.entry("Double", List.of("Double", "String")),
          Map.entry("Bytes", List.of("Bytes")));

  private static Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("Boolean", true);
    values.put("Byte", (byte) 7);
    values.put("Short", (short) 8);
    values.put("Char", 'c');
    values.put("Int", 9);
    values.put("Long", 10L);
    values.put("Float", 1.5f);
    values.put("Double", 2.5);
    values.put("String", "11");
    values.put("Bytes", new byte[] {1, 2});
    return values;
  }

  private static Stream<Arguments> pairs() {
    return VALUES.keySet().stream()
        .flatMap(written -> VALUES.keySet().stream().map(read -> Arguments.of(written, read)));
  }

  private static Stream<Arguments> propertyPairs() {
    return pairs()
        .filter(
            pair ->
                !List.of(pair.get()).contains("Char") && !List.of(pair.get()).contains("Bytes"));
  }

  /** What a call answers: its value, or the class of what it throws. */
  private static Object outcome(Object target, Method method, Object... arguments) {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException thrown) {
      return thrown.getCause().getClass();
    } catch (IllegalAccessException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static Method method(Class<?> type, String name, int parameters) {
    return Arrays.stream(type.getMethods())
        .filter(method -> method.getName().equals(name))
        .filter(method -> method.getParameterCount() == parameters)
        .filter(method -> parameters == 0 || method.getParameterTypes()[0] != Object.class)
        .findFirst()
        .orElseThrow(() -> new AssertionError(type + " has no " + name));
  }

  private static void assertOutcome(
      Object outcome, String written, String read, Class<?> unreadable) {
    Object value = VALUES.get(written);
    if (written.equals("String")) {
      assertReadText(outcome, read, unreadable);
    } else if (!READABLE.get(written).contains(read)) {
      assertThat(outcome).isEqualTo(unreadable);
    } else if (read.equals("String")) {
      assertThat(outcome).isEqualTo(value.toString());
    } else if (outcome instanceof Number number) {
      assertThat(number.doubleValue()).isEqualTo(((Number) value).doubleValue());
      assertThat(outcome.getClass()).isEqualTo(VALUES.get(read).getClass());
    } else {
      assertThat(outcome).isEqualTo(value);
    }
  }

  private static void assertReadText(Object outcome, String read, Class<?> unreadable) {
    switch (read) {
      case "String" -> assertThat(outcome).isEqualTo("11");
      case "Boolean" -> assertThat(outcome).isEqualTo(false);
      case "Char", "Bytes" -> assertThat(outcome).isEqualTo(unreadable);
      default -> assertThat(((Number) outcome).doubleValue()).isEqualTo(11);
    }
  }

  @ParameterizedTest(name = "{0} as {1}")
  @MethodSource("propertyPairs")
  void propertiesAreReadAsTheTableSays(String written, String read) throws Exception {
    Message message = new JmsMessage();
    Method setter = method(Message.class, "set" + written + "Property", 2);
    Method getter = method(Message.class, "get" + read + "Property", 1);
    setter.invoke(message, "p", VALUES.get(written));
    assertOutcome(outcome(message, getter, "p"), written, read, MessageFormatException.class);
    message.setObjectProperty("o", VALUES.get(written));
    assertOutcome(outcome(message, getter, "o"), written, read, MessageFormatException.class);
  }

  @ParameterizedTest(name = "{0} as {1}")
  @MethodSource("propertyPairs")
  void producersPropertiesAreReadAsTheTableSays(String written, String read) throws Exception {
    JMSProducer producer = new SimplifiedProducer(null, null);
    producer.setProperty("p", VALUES.get(written));
    Method getter = method(JMSProducer.class, "get" + read + "Property", 1);
    assertOutcome(
        outcome(producer, getter, "p"), written, read, MessageFormatRuntimeException.class);
  }

  @ParameterizedTest(name = "{0} as {1}")
  @MethodSource("pairs")
  void mapEntriesAreReadAsTheTableSays(String written, String read) throws Exception {
    MapMessage message = new JmsMapMessage();
    method(MapMessage.class, "set" + written, 2).invoke(message, "e", VALUES.get(written));
    Method getter = method(MapMessage.class, "get" + read, 1);
    assertOutcome(outcome(message, getter, "e"), written, read, MessageFormatException.class);
    message.setObject("o", VALUES.get(written));
    assertOutcome(outcome(message, getter, "o"), written, read, MessageFormatException.class);
  }

  @ParameterizedTest(name = "{0} as {1}")
  @MethodSource("pairs")
  void streamElementsAreReadAsTheTableSaysAndStayWhenTheyAreNot(String written, String read)
      throws Exception {
    StreamMessage message = new JmsStreamMessage();
    method(StreamMessage.class, "write" + written, 1).invoke(message, VALUES.get(written));
    message.writeString("behind");
    message.reset();
    Object outcome;
    if (read.equals("Bytes")) {
      byte[] buffer = new byte[3];
      Object count = outcome(message, method(StreamMessage.class, "readBytes", 1), buffer);
      outcome = count instanceof Integer read2 ? Arrays.copyOf(buffer, read2) : count;
    } else {
      outcome = outcome(message, method(StreamMessage.class, "read" + read, 0));
    }
    assertOutcome(outcome, written, read, MessageFormatException.class);
    boolean wasRead = !(outcome instanceof Class);
    if (!wasRead) {
      assertThat(message.readObject()).isEqualTo(VALUES.get(written));
    }
    assertThat(message.readString()).isEqualTo("behind");
  }

  /** Null reads as it does in the {@code valueOf} of the type. */
  private static final Map<String, Object> OF_NULL =
      Map.of(
          "Boolean", false,
          "Byte", NumberFormatException.class,
          "Short", NumberFormatException.class,
          "Int", NumberFormatException.class,
          "Long", NumberFormatException.class,
          "Float", NullPointerException.class,
          "Double", NullPointerException.class,
          "Char", NullPointerException.class);

  private static Stream<String> typesOfNull() {
    return OF_NULL.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("typesOfNull")
  void nullReadsAsItsValueOfDoes(String read) throws Exception {
    MapMessage map = new JmsMapMessage();
    map.setString("e", null);
    Method ofMap = method(MapMessage.class, "get" + read, 1);
    assertThat(outcome(map, ofMap, "e")).isEqualTo(OF_NULL.get(read));
    assertThat(outcome(map, ofMap, "absent")).isEqualTo(OF_NULL.get(read));
    StreamMessage stream = new JmsStreamMessage();
    stream.writeString(null);
    stream.reset();
    assertThat(outcome(stream, method(StreamMessage.class, "read" + read, 0)))
        .isEqualTo(OF_NULL.get(read));
    if (!read.equals("Char")) {
      Method getter = method(Message.class, "get" + read + "Property", 1);
      Message message = new JmsMessage();
      message.setStringProperty("p", null);
      assertThat(outcome(message, getter, "p")).isEqualTo(OF_NULL.get(read));
      assertThat(outcome(message, getter, "absent")).isEqualTo(OF_NULL.get(read));
      JMSProducer producer = new SimplifiedProducer(null, null);
      assertThat(outcome(producer, method(JMSProducer.class, getter.getName(), 1), "absent"))
          .isEqualTo(OF_NULL.get(read));
    }
  }

  private static Object argument(Class<?> type) {
    return VALUES.values().stream()
        .filter(value -> wrapper(type).isInstance(value))
        .findFirst()
        .orElseThrow();
  }

  private static Class<?> wrapper(Class<?> type) {
    return type.isPrimitive()
        ? java.lang.invoke.MethodType.methodType(type).wrap().returnType()
        : type;
  }

  /** All methods whose names begin so, with arguments that fit and a name for a first String. */
  private static List<String> notThrown(
      Object target, Class<?> type, String prefix, Object name, Class<?> expected) {
    List<String> wrong = new ArrayList<>();
    for (Method method : type.getMethods()) {
      boolean meant = method.getName().matches(prefix) && !method.getName().contains("JMS");
      if (!meant) {
        continue;
      }
      Object[] arguments = new Object[method.getParameterCount()];
      for (int i = 0; i < arguments.length; i++) {
        Class<?> parameter = method.getParameterTypes()[i];
        boolean isName = i == 0 && parameter == String.class && arguments.length > 1;
        boolean isRange = parameter == int.class && arguments.length > 2;
        arguments[i] = isName ? name : isRange ? (Object) (i % 2) : argument(parameter);
      }
      Object outcome = outcome(target, method, arguments);
      if (outcome != expected) {
        wrong.add(method + " -> " + outcome);
      }
    }
    return wrong;
  }

  private static Stream<Arguments> written() {
    return Stream.of(
        Arguments.of(new JmsMapMessage(), MapMessage.class, "set.*"),
        Arguments.of(new JmsStreamMessage(), StreamMessage.class, "write.*"),
        Arguments.of(new JmsBytesMessage(), BytesMessage.class, "write.*"),
        Arguments.of(new JmsTextMessage("x"), jakarta.jms.TextMessage.class, "setText"),
        Arguments.of(new JmsObjectMessage(), jakarta.jms.ObjectMessage.class, "setObject"));
  }

  @ParameterizedTest
  @MethodSource("written")
  void everyWriteToReceivedBodyIsRefused(JmsMessage message, Class<?> type, String methods)
      throws JMSException {
    message.received(JmsMessage.Acknowledgement.NOTHING);
    assertThat(notThrown(message, type, methods, "name", MessageNotWriteableException.class))
        .isEmpty();
    message.clearBody();
    assertThat(notThrown(message, type, "setText|setInt|writeInt", "name", null)).isEmpty();
  }

  private static @Nullable Object unfit(Class<?> type) {
    return type.isPrimitive() ? argument(type) : type == Object.class ? new Object() : null;
  }

  @ParameterizedTest
  @MethodSource("written")
  void receivedBodyIsSaidToBeReadOnlyAlsoWhereTheValueDoesNotFit(
      JmsMessage message, Class<?> type, String methods) {
    message.received(JmsMessage.Acknowledgement.NOTHING);
    for (Method method : type.getMethods()) {
      if (method.getName().matches(methods) && method.getDeclaringClass() == type) {
        Object[] arguments =
            Arrays.stream(method.getParameterTypes()).map(MessageMatrixTest::unfit).toArray();
        assertThat(outcome(message, method, arguments))
            .as(method + Arrays.toString(arguments))
            .isEqualTo(MessageNotWriteableException.class);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("written")
  void everyWriteOfPropertiesOfReceivedMessageIsRefused(
      JmsMessage message, Class<?> type, String methods) throws JMSException {
    String setters = "set.*Property";
    message.received(JmsMessage.Acknowledgement.NOTHING);
    assertThat(
            notThrown(message, Message.class, setters, "name", MessageNotWriteableException.class))
        .isEmpty();
    message.clearProperties();
    assertThat(notThrown(message, Message.class, setters, "name", null)).isEmpty();
  }

  private static Stream<Arguments> readable() {
    return Stream.of(
        Arguments.of(new JmsStreamMessage(), StreamMessage.class, "read.*"),
        Arguments.of(new JmsBytesMessage(), BytesMessage.class, "read.*|getBodyLength"));
  }

  @ParameterizedTest
  @MethodSource("readable")
  void everyReadOfBodyThatIsWrittenIsRefused(JmsMessage message, Class<?> type, String methods) {
    assertThat(notThrown(message, type, methods, "name", MessageNotReadableException.class))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("readable")
  void everyReadBehindTheEndIsTold(JmsMessage message, Class<?> type, String methods)
      throws Exception {
    if (message instanceof BytesMessage bytes) {
      bytes.reset();
      assertThat(bytes.readBytes(new byte[1])).isEqualTo(-1);
    } else {
      ((StreamMessage) message).reset();
    }
    String withoutArrays = message instanceof BytesMessage ? "read(?!Bytes).*" : methods;
    assertThat(notThrown(message, type, withoutArrays, "name", MessageEOFException.class))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("written")
  void propertiesAndEntriesNeedNames(JmsMessage message, Class<?> type, String methods) {
    for (String nameless : new String[] {null, ""}) {
      assertThat(
              notThrown(
                  message,
                  Message.class,
                  "set.*Property",
                  nameless,
                  IllegalArgumentException.class))
          .isEmpty();
      if (message instanceof MapMessage) {
        assertThat(notThrown(message, type, methods, nameless, IllegalArgumentException.class))
            .isEmpty();
      }
      assertThat(
              notThrown(
                  new SimplifiedProducer(null, null),
                  JMSProducer.class,
                  "setProperty",
                  nameless,
                  IllegalArgumentException.class))
          .isEmpty();
    }
  }
}
