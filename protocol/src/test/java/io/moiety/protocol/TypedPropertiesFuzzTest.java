package io.moiety.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Properties with types of Jakarta Messaging, as any client may claim them. */
class TypedPropertiesFuzzTest {

  @FuzzTest
  void valuesOfAnyMessageAreReadAndSurviveBeingWritten(byte[] bytes) {
    MessageProperties properties = MessageProperties.parse(ByteBuffer.wrap(bytes));
    Map<String, @Nullable Object> values = valuesOf(properties);
    values.keySet().removeIf(name -> !isStorable(name));

    MessageProperties written = TypedProperties.write(MessageProperties.empty(), values);

    assertThat(valuesOf(written)).isEqualTo(values);
  }

  private static Map<String, @Nullable Object> valuesOf(MessageProperties properties) {
    TypedProperties typed = TypedProperties.of(properties);
    Map<String, @Nullable Object> values = new HashMap<>();
    for (String name : typed.names()) {
      values.put(name, typed.get(name).orElse(null));
    }
    return values;
  }

  private static boolean isStorable(String name) {
    return !name.isEmpty() && name.chars().noneMatch(c -> c == ':' || c == ',' || c <= 2);
  }
}
