package io.moiety.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/wire-protocol.md and docs/store-format.md say what the constants say. */
class DocumentsTest {

  private static final String WIRE = "wire-protocol.md";
  private static final String STORE = "store-format.md";

  @Test
  void listsEveryRequestCode() throws Exception {
    Map<String, Object> documented = new TreeMap<>();
    rowsOf(WIRE, "## Request codes of RocketMQ", "code", "name", "direction", "purpose")
        .forEach(row -> documented.put(row.get(1), Integer.valueOf(row.get(0))));
    rowsOf(WIRE, "## Moiety's own commands", "code", "name", "fields", "answer", "meaning")
        .forEach(row -> documented.put(row.get(1), Integer.valueOf(row.get(0))));

    assertSame(documented, constants(RequestCode.class));
  }

  @Test
  void moietysOwnCodesFitABinaryHeader() throws Exception {
    rowsOf(WIRE, "## Moiety's own commands", "code", "name", "fields", "answer", "meaning")
        .forEach(row -> assertThat(Integer.parseInt(row.get(0))).isBetween(19_701, 19_799));
  }

  @Test
  void listsEveryResponseCode() throws Exception {
    Map<String, Object> documented = new TreeMap<>();
    rowsOf(WIRE, "## Response codes", "code", "name", "meaning")
        .forEach(row -> documented.put(row.get(1), Integer.valueOf(row.get(0))));

    assertSame(documented, constants(ResponseCode.class));
  }

  @Test
  void listsEveryBitOfTheSystemFlag() throws Exception {
    Map<String, Object> documented = new TreeMap<>();
    rowsOf(STORE, "### System flag", "bits", "name", "meaning")
        .forEach(row -> documented.put(row.get(1), Integer.decode(row.get(0))));

    Map<String, Object> bits = constants(SysFlag.class);
    bits.keySet().removeIf(name -> name.startsWith("PULL_"));
    assertSame(documented, bits);
  }

  @Test
  void listsEverySystemTopicAndProperty() throws Exception {
    Map<String, Object> topics = constants(SystemTopics.class);
    topics.keySet().removeIf(name -> name.endsWith("FIX"));
    assertSame(named(rowsOf(STORE, "## System topics", "topic", "name", "holds")), topics);
    assertSame(
        named(rowsOf(STORE, "## Properties that the broker knows", "property", "name", "meaning")),
        constants(PropertyNames.class));
  }

  @Test
  void placesOfARecordsFieldsAreTheirs() throws Exception {
    List<List<String>> rows = rowsOf(STORE, "## A record", "at", "bytes", "field");
    Map<String, Integer> places = places(rows.subList(0, 16));

    assertThat(places)
        .containsEntry("size of the whole record", RecordLayout.SIZE_AT)
        .containsEntry("magic", RecordLayout.MAGIC_AT)
        .containsEntry("CRC-32 of the body", RecordLayout.BODY_CRC_AT)
        .containsEntry("queue id", RecordLayout.QUEUE_ID_AT)
        .containsEntry("flag", RecordLayout.FLAG_AT)
        .containsEntry("queue offset", RecordLayout.QUEUE_OFFSET_AT)
        .containsEntry("position of this record", RecordLayout.POSITION_AT)
        .containsEntry("system flag", RecordLayout.SYS_FLAG_AT)
        .containsEntry("born timestamp", RecordLayout.BORN_TIMESTAMP_AT)
        .containsEntry("born host", RecordLayout.BORN_HOST_AT);
    ByteBuffer record =
        RecordSamples.written(RecordSamples.draft("T", RecordSamples.V4, RecordSamples.V4), 0);
    RecordShape shape = RecordShape.of(record);
    assertThat(places)
        .containsEntry("store timestamp", shape.storeTimestampAt())
        .containsEntry("reconsume times", shape.reconsumeTimesAt())
        .containsEntry("body", shape.bodyAt());
    assertThat(rows.get(1).get(2))
        .contains(Integer.toHexString(RecordLayout.MAGIC_V1).toUpperCase(Locale.ROOT))
        .contains(Integer.toHexString(RecordLayout.MAGIC_V2).toUpperCase(Locale.ROOT));
    int emptyBytes = 91;
    assertThat(rows.get(19).get(0)).isEqualTo(emptyBytes + "+n+t");
    assertThat(RecordLayout.RECORD_MIN_BYTES).isEqualTo(emptyBytes);
  }

  @Test
  void placesOfABlankRecordsFieldsAreTheirs() throws Exception {
    List<List<String>> rows = rowsOf(STORE, "### Blank record", "at", "bytes", "field");
    assertThat(places(rows).values())
        .containsExactly(
            RecordLayout.SIZE_AT,
            RecordLayout.MAGIC_AT,
            RecordLayout.BLANK_POSITION_AT,
            RecordLayout.BLANK_CRC_AT);
    assertThat(rows.get(1).get(2))
        .endsWith(Integer.toHexString(RecordLayout.MAGIC_BLANK).toUpperCase(Locale.ROOT));
    assertThat(RecordLayout.BLANK_CRC_AT + Integer.BYTES).isEqualTo(RecordLayout.BLANK_MIN_BYTES);
  }

  @Test
  void fieldsOfAFrameFollowEachOther() throws Exception {
    List<List<String>> rows = rowsOf(WIRE, "## Frames", "at", "bytes", "field");
    assertThat(places(rows.subList(0, 3)).values()).containsExactly(0, 4, 5);
    assertThat(rows.get(3).get(0)).isEqualTo(String.valueOf(FrameCodec.PREFIX_BYTES));
  }

  private static void assertSame(Map<String, Object> documented, Map<String, Object> constants) {
    assertThat(documented)
        .as("rows of the document's table against the constants in the code")
        .containsExactlyInAnyOrderEntriesOf(constants);
  }

  private static List<List<String>> rowsOf(String document, String heading, String... columns)
      throws Exception {
    return MarkdownTable.rows(document, heading, columns);
  }

  /** Place by field, the field's name being what stands before the first colon or comma. */
  private static Map<String, Integer> places(List<List<String>> rows) {
    Map<String, Integer> places = new LinkedHashMap<>();
    int next = 0;
    for (List<String> row : rows) {
      int at = Integer.parseInt(row.get(0));
      assertThat(at).as("place of '%s'", row.get(2)).isEqualTo(next);
      places.put(row.get(2).replaceFirst("[:,].*", ""), at);
      next = at + (row.get(1).equals("n") ? 0 : Integer.parseInt(row.get(1)));
    }
    return places;
  }

  private static Map<String, Object> named(List<List<String>> rows) {
    return rows.stream()
        .collect(
            Collectors.toMap(
                row -> row.get(1), row -> row.get(0).replace("`", ""), (a, b) -> a, TreeMap::new));
  }

  /** The public constants of a class by name. */
  private static Map<String, Object> constants(Class<?> type) throws Exception {
    Map<String, Object> constants = new TreeMap<>();
    for (Field field : publicConstants(type)) {
      constants.put(field.getName(), field.get(null));
    }
    return constants;
  }

  private static List<Field> publicConstants(Class<?> type) {
    List<Field> fields = new ArrayList<>(List.of(type.getDeclaredFields()));
    fields.removeIf(field -> !Modifier.isPublic(field.getModifiers()));
    return fields;
  }
}
