package io.moiety.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class FrameCodecPropertyTest {

  @Property(tries = 500)
  void anyCommandSurvivesTheWire(
      @ForAll("codes") int code,
      @ForAll int opaque,
      @ForAll HeaderFormat format,
      @ForAll("fields") Map<String, String> values,
      @ForAll @Size(max = 100) byte[] body) {
    Fields.Builder fields = Fields.builder();
    values.forEach(fields::put);
    Command command =
        Command.request(code, fields.build(), ByteBuffer.wrap(body))
            .withOpaque(opaque)
            .withFormat(format);

    ByteBuffer frame = FrameCodec.encode(command);

    assertThat(frame.getInt()).isEqualTo(frame.remaining());
    assertThat(FrameCodec.decode(frame)).isEqualTo(command);
  }

  /**
   * Four codes of 16 bits stand for longer ones of POP in a binary request: no client sends them.
   */
  @Provide
  Arbitrary<Integer> codes() {
    return Arbitraries.integers()
        .between(0, 32_767)
        .filter(code -> RequestCode.ofBinaryHeader(code) == code);
  }

  @Property(tries = 2000)
  void noBytesDoAnythingButDecodeOrBeRefused(
      @ForAll HeaderFormat format,
      @ForAll @IntRange(max = 300) int headerBytes,
      @ForAll @Size(max = 300) byte[] rest) {
    ByteBuffer frame = ByteBuffer.allocate(4 + rest.length);
    frame.putInt(format.typeByte() << 24 | headerBytes).put(rest).flip();
    assertDecodesOrRefuses(frame);
  }

  @Property(tries = 2000)
  void aDamagedFrameIsDecodedOrRefused(
      @ForAll HeaderFormat format, @ForAll @IntRange(max = 99) int at, @ForAll byte damage) {
    Command command =
        Command.request(
                310,
                Fields.builder()
                    .put("a", "PG")
                    .put("b", "Topic")
                    .put("i", "K\u0001v\u0002")
                    .build(),
                ByteBuffer.wrap(new byte[20]))
            .withFormat(format);
    ByteBuffer frame = FrameCodec.encode(command).position(4).slice();
    frame.put(at % frame.limit(), damage);
    assertDecodesOrRefuses(frame);
  }

  private static void assertDecodesOrRefuses(ByteBuffer frame) {
    try {
      Command decoded = FrameCodec.decode(frame);
      assertThat(decoded.body().remaining()).isLessThanOrEqualTo(frame.remaining());
    } catch (MalformedFrameException refused) {
      assertThat(refused).hasMessageMatching("(?s).+");
    }
  }

  @Provide
  Arbitrary<Map<String, String>> fields() {
    Arbitrary<String> text =
        Arbitraries.strings().withCharRange('\u0000', '\uD7FF').ofMaxLength(30);
    return Arbitraries.maps(text.filter(name -> !name.isEmpty()), text).ofMaxSize(30);
  }
}
