package io.moiety.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class WideTextTest {

  /** With many halves of surrogate pairs, in and out of order. */
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
            Arbitraries.chars(),
            Arbitraries.chars().range(Character.MIN_SURROGATE, Character.MAX_SURROGATE),
            Arbitraries.of('a', 'ü', '\u0000'))
        .list()
        .ofMaxSize(8)
        .map(
            characters -> {
              StringBuilder text = new StringBuilder();
              characters.forEach(text::append);
              return text.toString();
            });
  }

  @Property
  void isNeededForExactlyWhatUtf8DoesNotKeep(@ForAll("texts") String text) {
    boolean isKept = new String(text.getBytes(UTF_8), UTF_8).equals(text);
    assertThat(WideText.isNeededFor(text)).isEqualTo(!isKept);
  }

  @Property
  void isReadAsItWasWritten(@ForAll("texts") String text) {
    assertThat(WideText.decode(ByteBuffer.wrap(WideText.encode(text)))).isEqualTo(text);
  }
}
