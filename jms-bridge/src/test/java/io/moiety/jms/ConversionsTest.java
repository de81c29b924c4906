package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.JMSException;
import jakarta.jms.MessageFormatException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole table of the specification: what was written as the row can be read as the columns. */
class ConversionsTest {

  private interface Read {
    Object read(Object value) throws JMSException;
  }

  private static final Map<String, Read> READS = new LinkedHashMap<>();

  static {
    READS.put("boolean", Conversions::toBoolean);
    READS.put("byte", Conversions::toByte);
    READS.put("short", Conversions::toShort);
    READS.put("char", Conversions::toChar);
    READS.put("int", Conversions::toInt);
    READS.put("long", Conversions::toLong);
    READS.put("float", Conversions::toFloat);
    READS.put("double", Conversions::toDouble);
    READS.put("String", Conversions::toText);
    READS.put("byte[]", Conversions::toBytes);
  }

  record Row(Object written, Set<String> readable) {}

  static List<Row> table() {
    return List.of(
        new Row(true, Set.of("boolean", "String")),
        new Row((byte) 1, Set.of("byte", "short", "int", "long", "String")),
        new Row((short) 1, Set.of("short", "int", "long", "String")),
        new Row('c', Set.of("char", "String")),
        new Row(1, Set.of("int", "long", "String")),
        new Row(1L, Set.of("long", "String")),
        new Row(1.5f, Set.of("float", "double", "String")),
        new Row(1.5d, Set.of("double", "String")),
        new Row(
            "1", Set.of("boolean", "byte", "short", "int", "long", "float", "double", "String")),
        new Row(new byte[] {1}, Set.of("byte[]")));
  }

  @ParameterizedTest
  @MethodSource("table")
  void readsWhatTheTableAllowsAndRefusesTheRest(Row row) throws Exception {
    for (var read : READS.entrySet()) {
      if (row.readable().contains(read.getKey())) {
        assertThat(read.getValue().read(row.written())).as(read.getKey()).isNotNull();
      } else {
        assertThatThrownBy(() -> read.getValue().read(row.written()))
            .as(read.getKey())
            .isInstanceOf(MessageFormatException.class);
      }
    }
  }

  @Test
  void textIsParsedAsValueOfDoes() throws Exception {
    assertThat(Conversions.toBoolean("TRUE")).isTrue();
    assertThat(Conversions.toBoolean("1")).isFalse();
    assertThat(Conversions.toByte("-128")).isEqualTo((byte) -128);
    assertThat(Conversions.toDouble("1e3")).isEqualTo(1_000d);
    assertThatThrownBy(() -> Conversions.toByte("128")).isInstanceOf(NumberFormatException.class);
    assertThatThrownBy(() -> Conversions.toInt("x")).isInstanceOf(NumberFormatException.class);
  }

  @Test
  void absentValueReadsAsNullDoes() throws Exception {
    assertThat(Conversions.toBoolean(null)).isFalse();
    assertThat(Conversions.toText(null)).isNull();
    assertThat(Conversions.toBytes(null)).isNull();
    assertThatThrownBy(() -> Conversions.toByte(null)).isInstanceOf(NumberFormatException.class);
    assertThatThrownBy(() -> Conversions.toShort(null)).isInstanceOf(NumberFormatException.class);
    assertThatThrownBy(() -> Conversions.toInt(null)).isInstanceOf(NumberFormatException.class);
    assertThatThrownBy(() -> Conversions.toLong(null)).isInstanceOf(NumberFormatException.class);
    assertThatThrownBy(() -> Conversions.toFloat(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> Conversions.toDouble(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> Conversions.toChar(null)).isInstanceOf(NullPointerException.class);
  }
}
