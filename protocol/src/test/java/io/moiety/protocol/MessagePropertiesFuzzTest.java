package io.moiety.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Property strings as requests and stored records carry them. */
class MessagePropertiesFuzzTest {

  private static final String NOT_UTF_8 = "\uFFFD";

  @FuzzTest
  void readsWhatRocketMqReadsAndWritesItSoThatItReadsTheSame(byte[] bytes) {
    MessageProperties properties = MessageProperties.parse(ByteBuffer.wrap(bytes));
    Map<String, String> read = properties.asMap();

    assertThat(read).isEqualTo(asRocketMqReads(new String(bytes, UTF_8)));
    assertThat(MessageProperties.parse(new String(bytes, UTF_8)).asMap()).isEqualTo(read);

    byte[] encoded = properties.encode();
    assertThat(encoded).hasSize(properties.encodedBytes());
    assertThat(MessageProperties.parse(ByteBuffer.wrap(encoded))).isEqualTo(properties);
    assertThat(MessageProperties.parse(ByteBuffer.wrap(withoutLastSeparator(encoded))))
        .isEqualTo(properties);
    assertThat(MessageProperties.parse(properties.toText()).asMap()).isEqualTo(read);

    read.forEach((name, value) -> assertOneIsFoundLeftOutAndReplaced(properties, name, value));
  }

  private static void assertOneIsFoundLeftOutAndReplaced(
      MessageProperties properties, String name, String value) {
    if (name.contains(NOT_UTF_8)) {
      return;
    }
    assertThat(properties.get(name)).hasValue(value);
    MessageProperties without = properties.without(name);
    assertThat(without.has(name)).isFalse();
    assertThat(without.with(name, value).get(name)).hasValue(value);
    assertThat(properties.with(name, "other").get(name)).hasValue("other");
  }

  /** The reading of RocketMQ's clients: pieces between 0x02, each cut at its first 0x01. */
  private static Map<String, String> asRocketMqReads(String text) {
    Map<String, String> read = new LinkedHashMap<>();
    for (String piece : text.split("\u0002", -1)) {
      int nameEnd = piece.indexOf('\u0001');
      if (nameEnd > 0 && nameEnd < piece.length() - 1) {
        read.put(piece.substring(0, nameEnd), piece.substring(nameEnd + 1));
      }
    }
    return read;
  }

  private static byte[] withoutLastSeparator(byte[] encoded) {
    return Arrays.copyOf(encoded, Math.max(0, encoded.length - 1));
  }
}
