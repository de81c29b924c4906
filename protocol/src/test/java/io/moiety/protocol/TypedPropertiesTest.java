package io.moiety.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TypedPropertiesTest {

  @Test
  void givesBackEveryTypeThatJakartaMessagingHas() {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("z", true);
    values.put("b", (byte) -1);
    values.put("s", (short) 300);
    values.put("i", 1 << 20);
    values.put("l", 1L << 40);
    values.put("f", 1.5f);
    values.put("d", Double.MIN_VALUE);
    values.put("text", "12");
    values.put("empty", "");
    values.put("odd", "a\u0002b\u0001ü");
    values.put("half", "a\uD800\u0002b");
    values.put("pair", "\uD83D\uDC18");
    values.put("none", null);

    MessageProperties stored =
        TypedProperties.write(MessageProperties.parse("UNIQ_KEY\u0001X\u0002"), values);
    TypedProperties read = TypedProperties.of(MessageProperties.parse(stored.toText()));

    assertThat(read.names()).containsExactlyInAnyOrderElementsOf(values.keySet());
    values.forEach(
        (name, value) -> assertThat(read.get(name).orElse(null)).as(name).isEqualTo(value));
    assertThat(read.get("absent")).isEmpty();
    assertThat(stored.get("UNIQ_KEY")).contains("X");
  }

  @Test
  void hasAGoldenForm() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("colour", "red");
    values.put("size", 12);
    values.put("KEYS", true);
    values.put("empty", "");
    assertThat(TypedProperties.write(MessageProperties.empty(), values).toText())
        .isEqualTo(
            "colour\u0001red\u0002size\u000112\u0002JMS__KEYS\u0001true\u0002"
                + "__JMS_TYPES\u0001size:I,JMS__KEYS:Z,empty:T\u0002");
  }

  @Test
  void reservedNamesNeverMeetTheBrokersProperties() {
    Map<String, Object> values =
        Map.of("DELAY", "5", "__CRC32#", "x", "JMS__KEYS", "y", "TIMER_DELIVER_MS", 1L);

    MessageProperties stored = TypedProperties.write(MessageProperties.empty(), values);

    assertThat(stored.has("DELAY")).isFalse();
    assertThat(stored.has("__CRC32#")).isFalse();
    assertThat(stored.has("TIMER_DELIVER_MS")).isFalse();
    TypedProperties read = TypedProperties.of(stored);
    assertThat(read.names()).isEqualTo(values.keySet());
    assertThat(read.get("JMS__KEYS")).contains("y");
    assertThat(read.get("TIMER_DELIVER_MS")).contains(1L);
  }

  @Test
  void propertiesOfRocketMqClientsAreText() {
    TypedProperties read =
        TypedProperties.of(
            MessageProperties.parse("TAGS\u0001A\u0002price\u000112\u0002WAIT\u0001true"));
    assertThat(read.names()).containsExactly("price");
    assertThat(read.get("price")).contains("12");
  }

  @Test
  void valuesThatDoNotFitTheirLetterAreText() {
    TypedProperties read =
        TypedProperties.of(
            MessageProperties.parse("n\u0001many\u0002__JMS_TYPES\u0001n:I,:,x,gone:L,n2:\u0002"));
    assertThat(read.get("n")).contains("many");
    assertThat(read.get("gone")).isEmpty();
  }

  @Test
  void writingNoTypesLeavesNoOldOnesBehind() {
    MessageProperties typed = TypedProperties.write(MessageProperties.empty(), Map.of("n", 1));
    assertThat(TypedProperties.write(typed, Map.of("n", "x")).has("__JMS_TYPES")).isFalse();
  }

  @Test
  void plainTextKeepsAnyNameThatARocketMqClientCanGive() {
    MessageProperties stored =
        TypedProperties.write(MessageProperties.empty(), Map.of("a:b,c d", "x"));
    assertThat(stored.get("a:b,c d")).contains("x");
    assertThat(TypedProperties.of(stored).get("a:b,c d")).contains("x");
  }

  @Test
  void refusesWhatCannotBeStored() {
    MessageProperties empty = MessageProperties.empty();
    assertThatThrownBy(() -> TypedProperties.write(empty, Map.of("a:b", 1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TypedProperties.write(empty, Map.of("a\u0001b", "x")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TypedProperties.write(empty, Map.of("a", new Object())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Object");
  }
}
