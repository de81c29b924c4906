package io.moiety.broker.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/store-format.md says what {@link SystemRecordCodec} writes. */
class StoreFormatDocumentTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "store-format.md");
  private static final Pattern FIELD = Pattern.compile("`(\\w+)` (text\\??|flag|list|\\d)");

  private static final Set<Class<?>> WRITTEN_BY_FIELD =
      Set.of(TopicConfig.class, GroupConfig.class, ClassicSettings.class);

  private static List<List<String>> facts() throws Exception {
    String text = Files.readString(DOCUMENT);
    String section = text.substring(text.indexOf("## Facts"), text.indexOf("## Ids"));
    return section
        .lines()
        .filter(line -> line.matches("\\| \\d+ \\|.*"))
        .map(line -> Arrays.stream(line.split("\\|")).map(String::strip).skip(1).toList())
        .toList();
  }

  @Test
  void listsEveryFactWithTheNumberOfItsKind() throws Exception {
    Map<String, Byte> documented = new LinkedHashMap<>();
    facts().forEach(row -> documented.put(row.get(1), Byte.valueOf(row.get(0))));
    Map<String, Byte> written = new LinkedHashMap<>();
    for (SystemRecord fact : SystemRecordCodecTest.FACTS) {
      written.put(fact.getClass().getSimpleName(), SystemRecordCodec.encode(fact).get(0));
    }
    assertThat(documented).containsExactlyInAnyOrderEntriesOf(written);
    assertThat(documented.keySet())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(SystemRecord.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .toList());
  }

  @Test
  void listsTheFieldsOfEveryFactInTheirOrder() throws Exception {
    Map<String, List<String>> names = new LinkedHashMap<>();
    facts().forEach(row -> names.put(row.get(1), fields(row.get(2)).map(f -> f.group(1)).toList()));
    for (Class<?> fact : SystemRecord.class.getPermittedSubclasses()) {
      assertThat(names.get(fact.getSimpleName())).as(fact.getSimpleName()).isEqualTo(named(fact));
    }
  }

  @Test
  void aReaderThatKnowsOnlyTheDocumentComesToTheEndOfEveryFactWithoutLists() throws Exception {
    Map<String, String> fields = new LinkedHashMap<>();
    facts().forEach(row -> fields.put(row.get(1), row.get(2)));
    for (SystemRecord fact : SystemRecordCodecTest.FACTS) {
      String documented = fields.getOrDefault(fact.getClass().getSimpleName(), "");
      if (!documented.contains("list")) {
        ByteBuffer bytes = SystemRecordCodec.encode(fact);
        bytes.get();
        fields(documented).forEach(field -> skip(field.group(2), bytes));
        assertThat(bytes.remaining()).as("%s", fact).isZero();
      }
    }
  }

  private static void skip(String type, ByteBuffer bytes) {
    int size =
        switch (type) {
          case "text", "text?" -> Math.max(0, bytes.getInt());
          case "flag" -> 1;
          default -> Integer.parseInt(type);
        };
    bytes.position(bytes.position() + size);
  }

  private static Stream<MatchResult> fields(String cell) {
    return FIELD.matcher(cell).results();
  }

  /** A topic and a group are written field by field. */
  private static List<String> named(Class<?> fact) {
    return fields(fact).map(RecordComponent::getName).toList();
  }

  private static Stream<RecordComponent> fields(Class<?> written) {
    return Arrays.stream(written.getRecordComponents())
        .flatMap(
            component ->
                WRITTEN_BY_FIELD.contains(component.getType())
                    ? fields(component.getType())
                    : Stream.of(component));
  }
}
