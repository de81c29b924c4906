package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ValueCodecTest {

  @Provide
  Arbitrary<List<Object>> streams() {
    return AnyValue.ofEntry(Arbitraries.strings().ofMaxLength(20))
        .injectNull(0.1)
        .list()
        .ofMaxSize(20);
  }

  @Property
  void streamIsReadAsItWasWritten(@ForAll("streams") List<Object> stream) {
    assertThat(ValueCodec.decodeStream(ValueCodec.encodeStream(stream)))
        .usingRecursiveComparison()
        .isEqualTo(stream);
  }

  @Property
  void mapIsReadAsItWasWritten(@ForAll("streams") List<Object> values) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      map.put("näme" + i, values.get(i));
    }
    Map<String, Object> decoded = ValueCodec.decodeMap(ValueCodec.encodeMap(map));
    assertThat(decoded).usingRecursiveComparison().isEqualTo(map);
    assertThat(new ArrayList<>(decoded.keySet())).isEqualTo(new ArrayList<>(map.keySet()));
  }

  @Property
  void anyBytesAreDecodedOrRefusedButNothingElse(@ForAll byte[] bytes) {
    try {
      ValueCodec.decodeStream(ByteBuffer.wrap(bytes));
      ValueCodec.decodeMap(ByteBuffer.wrap(bytes));
    } catch (ValueCodec.MalformedValuesException refused) {
      assertThat(refused).hasMessageContaining("body");
    }
  }

  @Test
  void bytesAreThoseOfTheTable() {
    List<Object> values = new ArrayList<>(List.of(true, 1, "é", new byte[] {9}));
    values.add(null);
    assertThat(HexFormat.of().formatHex(ValueCodec.encodeStream(values).array()))
        .isEqualTo("5a01" + "4900000001" + "5400000002c3a9" + "580000000109" + "4e");
  }

  @Test
  void lengthBeyondTheBodyIsRefusedBeforeAnythingIsAllocated() {
    ByteBuffer body = ByteBuffer.allocate(5).put((byte) 'X').putInt(Integer.MAX_VALUE).flip();
    assertThatThrownBy(() -> ValueCodec.decodeStream(body))
        .isInstanceOf(ValueCodec.MalformedValuesException.class)
        .hasMessageContaining("2147483647");
  }
}
