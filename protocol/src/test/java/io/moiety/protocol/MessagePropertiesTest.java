package io.moiety.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class MessagePropertiesTest {

  private static final String WITH_TRAILING = "KEYS\u0001k1 k2\u0002TAGS\u0001A\u0002";
  private static final String WITHOUT_TRAILING = "KEYS\u0001k1 k2\u0002TAGS\u0001A";

  @Test
  void readsBothFormsOfRocketMq4And5() {
    MessageProperties five = MessageProperties.parse(WITH_TRAILING);
    MessageProperties four = MessageProperties.parse(WITHOUT_TRAILING);

    assertThat(five.asMap()).hasToString("{KEYS=k1 k2, TAGS=A}");
    assertThat(four).isEqualTo(five);
    assertThat(four.encode()).isEqualTo(WITH_TRAILING.getBytes(UTF_8));
    assertThat(four.encodedBytes()).isEqualTo(WITH_TRAILING.length());
    assertThat(four.toText()).isEqualTo(WITH_TRAILING);
  }

  @Test
  void dropsWhatRocketMqDrops() {
    assertThat(
            MessageProperties.parse("\u0002a\u0001\u0002\u0001b\u0002c\u0002\u0001\u0002x\u0001y"))
        .hasToString("{x=y}");
    assertThat(MessageProperties.parse("\u0002\u0002")).isEqualTo(MessageProperties.empty());
  }

  @Test
  void splitsAtTheFirstSeparatorOfAPair() {
    assertThat(MessageProperties.parse("a\u0001b\u0001c\u0002").get("a")).contains("b\u0001c");
  }

  @Test
  void laterOfTwoWithOneNameHolds() {
    MessageProperties twice = MessageProperties.parse("a\u00011\u0002b\u00012\u0002a\u00013\u0002");
    assertThat(twice.get("a")).contains("3");
    assertThat(twice.asMap()).hasToString("{a=3, b=2}");
    assertThat(twice.with("a", "4").toText()).isEqualTo("b\u00012\u0002a\u00014\u0002");
  }

  @Test
  void findsNamesOutsideAscii() {
    MessageProperties properties = MessageProperties.of(Map.of("größe", "ü"));
    assertThat(properties.get("größe")).contains("ü");
    assertThat(properties.get("grösse")).isEmpty();
    assertThat(properties.without("größe").isEmpty()).isTrue();
  }

  @Test
  void leavesTheBufferItReadsAsItWas() {
    ByteBuffer buffer = ByteBuffer.wrap(("xx" + WITH_TRAILING).getBytes(UTF_8)).position(2);
    MessageProperties properties = MessageProperties.parse(buffer);
    assertThat(buffer.position()).isEqualTo(2);
    buffer.put(2, (byte) 'X');
    assertThat(properties.has("KEYS")).isTrue();
  }

  @Test
  void changesOnlyTheCopy() {
    MessageProperties properties = MessageProperties.parse(WITH_TRAILING);
    assertThat(properties.with("DELAY", "3").without("TAGS", "none").toText())
        .isEqualTo("KEYS\u0001k1 k2\u0002DELAY\u00013\u0002");
    assertThat(properties.without("none")).isSameAs(properties);
    assertThat(properties.with("KEYS", "").has("KEYS")).isFalse();
    assertThat(properties.toText()).isEqualTo(WITH_TRAILING);
  }

  @Test
  void refusesSeparatorsInside() {
    MessageProperties empty = MessageProperties.empty();
    assertThatThrownBy(() -> empty.with("a\u0002b", "v"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> empty.with("a\u0001b", "v"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> empty.with("", "v")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> empty.with("a", "v\u0002__CRC32#\u0001"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Property
  void behavesAsAMap(
      @ForAll("texts") Map<String, String> first, @ForAll("texts") Map<String, String> added) {
    Map<String, String> model = new LinkedHashMap<>(first);
    added.keySet().forEach(model::remove);
    model.putAll(added);
    model.values().removeIf(String::isEmpty);

    MessageProperties properties = MessageProperties.of(first).withAll(added);

    assertThat(properties.asMap().toString()).isEqualTo(model.toString());
    assertThat(MessageProperties.parse(properties.toText())).isEqualTo(properties);
    model.forEach((name, value) -> assertThat(properties.get(name)).contains(value));
  }

  @Property
  void anyTextIsReadAsRocketMqReadsIt(@ForAll("raw") String text) {
    Map<String, String> model = new LinkedHashMap<>();
    for (String pair : text.split("\u0002", -1)) {
      int end = pair.indexOf('\u0001');
      if (end > 0 && end < pair.length() - 1) {
        model.put(pair.substring(0, end), pair.substring(end + 1));
      }
    }
    assertThat(MessageProperties.parse(text).asMap()).isEqualTo(model);
  }

  @Provide
  Arbitrary<Map<String, String>> texts() {
    Arbitrary<String> text = Arbitraries.strings().withCharRange('\u0003', '᐀').ofMaxLength(8);
    return Arbitraries.maps(text.filter(name -> !name.isEmpty()), text).ofMaxSize(40);
  }

  @Provide
  Arbitrary<String> raw() {
    return Arbitraries.strings().withChars('\u0001', '\u0002', 'a', 'b', 'é').ofMaxLength(40);
  }
}
