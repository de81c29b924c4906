package io.moiety.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What {@code mqadmin} printed, with what differs from run to run replaced: times, ids, addresses,
 * rates, the names that a test made up, and the width of columns.
 *
 * <p>What the original prints is kept in {@code src/test/resources/mqadmin}, recorded by a run
 * against it with {@code -Djudges.record=true}; every other run, against either, compares.
 */
final class Printed {

  private static final Path RECORDED = Path.of("src", "test", "resources", "mqadmin");

  /** In this order: what is longer or more special first. */
  private static final Map<Pattern, String> VARYING = new LinkedHashMap<>();

  static {
    vary("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(,\\d{3})?", "TIME");
    vary("\\b[0-9A-F]{32,56}\\b", "ID");
    vary("/?\\b\\d+(\\.\\d+){3}:\\d+", "ADDRESS");
    vary("\\b\\d+\\.\\d+\\b", "N.N");
    vary("\\b\\d{13}\\b", "MILLIS");
    vary("@\\d+\\s*$", "@POSITION");
    vary("CommitLog Offset: +\\d+", "CommitLog Offset: POSITION");
    vary("spentTimeMills=\\d+", "spentTimeMills=N");
    vary(" {2,}", " ");
  }

  /** Properties that a broker adds to what it stores: each has some of its own. */
  private static final Set<String> OF_THE_BROKER =
      Set.of("MSG_REGION", "CLUSTER", "TRACE_ON", "__CRC32#");

  private static final Pattern PROPERTIES = Pattern.compile("(Properties: *)\\{(.*)}");

  private final List<String> lines;

  private Printed(List<String> lines) {
    this.lines = lines;
  }

  private static void vary(String pattern, String replacement) {
    VARYING.put(Pattern.compile(pattern), replacement);
  }

  /**
   * Takes the text in.
   *
   * @param names what stands for each name that this test made up
   */
  static Printed of(String text, Map<String, String> names) {
    return new Printed(
        text.lines()
            .filter(line -> !line.contains(" |-INFO in ") && !line.contains(" |-WARN in "))
            .map(line -> replace(line, names))
            .filter(line -> !line.isBlank())
            .toList());
  }

  private static String replace(String line, Map<String, String> names) {
    String replaced = line;
    for (Map.Entry<String, String> name : names.entrySet()) {
      replaced = replaced.replace(name.getKey(), name.getValue());
    }
    for (Map.Entry<Pattern, String> varying : VARYING.entrySet()) {
      replaced = varying.getKey().matcher(replaced).replaceAll(varying.getValue());
    }
    return ofTheSender(replaced).strip();
  }

  /** Only the properties that the sender gave, in their order. */
  private static String ofTheSender(String line) {
    Matcher properties = PROPERTIES.matcher(line);
    if (!properties.find()) {
      return line;
    }
    Map<String, String> sent = new TreeMap<>();
    for (String property : properties.group(2).split(", ", -1)) {
      String[] parts = property.split("=", 2);
      if (!OF_THE_BROKER.contains(parts[0])) {
        sent.put(parts[0], parts[parts.length - 1]);
      }
    }
    return properties.group(1) + sent;
  }

  /** Only the lines that match in all: the others are about what other tests do. */
  Printed only(String pattern) {
    return new Printed(lines.stream().filter(line -> line.matches(pattern)).toList());
  }

  /** In an order that does not follow hashes of names. */
  Printed sorted() {
    return new Printed(lines.stream().sorted().toList());
  }

  /** Each line changed. */
  Printed each(UnaryOperator<String> change) {
    return new Printed(lines.stream().map(change).toList());
  }

  List<String> lines() {
    return lines;
  }

  /** Holds when the original prints the same, or records it. */
  void isWhatTheOriginalPrints(String name) throws IOException {
    if (Boolean.getBoolean("judges.record") && Judged.current() == Judged.ORIGINAL) {
      Files.createDirectories(RECORDED);
      Files.writeString(file(name), lines.stream().collect(Collectors.joining("\n", "", "\n")));
    }
    assertThat(String.join("\n", lines)).isEqualTo(String.join("\n", recorded(name)));
  }

  /** What the original prints. */
  static List<String> recorded(String name) throws IOException {
    return Files.readAllLines(file(name));
  }

  private static Path file(String name) {
    return RECORDED.resolve(name + ".txt");
  }
}
