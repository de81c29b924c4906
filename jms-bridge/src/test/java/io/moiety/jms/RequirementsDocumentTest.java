package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/jakarta-messaging.md names classes and tests that there are, and every test class here. */
class RequirementsDocumentTest {

  private static final Path ROOT = Path.of("..");
  private static final Path DOCUMENT = ROOT.resolve("docs/jakarta-messaging.md");
  private static final List<String> MODULES =
      List.of(
          "protocol",
          "client",
          "broker",
          "broker/compatibility",
          "jms-bridge",
          "resource-adapter",
          "arquillian-tests");

  /** Whatever stands in backticks in a column. */
  private static final Pattern NAME = Pattern.compile("`([A-Za-z]+)(?:\\.([A-Za-z]+))?`");

  private record Row(String section, String requirement, String where, String tests) {}

  private static List<Row> rows() throws IOException {
    return Files.readAllLines(DOCUMENT).stream()
        .filter(line -> line.matches("\\| \\d.*"))
        .map(line -> line.split("\\s*\\|\\s*", -1))
        .peek(cells -> assertThat(cells).as(String.join("|", cells)).hasSize(6))
        .map(cells -> new Row(cells[1], cells[2], cells[3], cells[4]))
        .toList();
  }

  /** Sources by the name of their class. */
  private static Map<String, String> sources(String kind) throws IOException {
    Map<String, String> sources = new TreeMap<>();
    for (String module : MODULES) {
      Path root = ROOT.resolve(module).resolve("src").resolve(kind).resolve("java");
      if (Files.isDirectory(root)) {
        try (Stream<Path> files = Files.walk(root)) {
          files
              .filter(file -> file.toString().endsWith(".java"))
              .forEach(file -> sources.put(className(file), text(file)));
        }
      }
    }
    return sources;
  }

  private static String className(Path file) {
    return file.getFileName().toString().replace(".java", "");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Test
  void everyClassThatImplementsARequirementExists() throws Exception {
    Map<String, String> main = sources("main");
    List<String> unknown = new ArrayList<>();
    for (Row row : rows()) {
      Matcher name = NAME.matcher(row.where());
      assertThat(name.find()).as("%s names no class", row).isTrue();
      do {
        if (!main.containsKey(name.group(1))) {
          unknown.add(name.group(1) + " of " + row.section());
        }
      } while (name.find());
    }
    assertThat(unknown).isEmpty();
  }

  @Test
  void everyTestOfARequirementExists() throws Exception {
    Map<String, String> tests = sources("test");
    List<String> unknown = new ArrayList<>();
    for (Row row : rows()) {
      Matcher name = NAME.matcher(row.tests());
      assertThat(name.find()).as("%s names no test", row).isTrue();
      do {
        String source = tests.getOrDefault(name.group(1), "");
        String method = name.group(2);
        if (source.isEmpty() || (method != null && !isTest(source, method))) {
          unknown.add(name.group() + " of " + row.section());
        }
      } while (name.find());
    }
    assertThat(unknown).isEmpty();
  }

  /** A method that is run: under an annotation that makes it a test, and not disabled. */
  private static boolean isTest(String source, String method) {
    int declared = source.indexOf(" void " + method + "(");
    if (declared < 0) {
      return false;
    }
    String above = source.substring(Math.max(0, source.lastIndexOf("\n\n", declared)), declared);
    return above.matches("(?s).*@(Test|ParameterizedTest|Property)\\b.*")
        && !above.contains("@Disabled");
  }

  @Test
  void tellsTestsFromOtherMethods() {
    String source =
        """
        class SomeTest {
          @Test
          void claims() {}

          @ParameterizedTest(name = "{0}")
          @MethodSource("pairs")
          void claimsForEach(int each) {}

          @Disabled
          @Test
          void isSkipped() {}

          private void helps() {}
        }
        """;
    assertThat(isTest(source, "claims")).isTrue();
    assertThat(isTest(source, "claimsForEach")).isTrue();
    assertThat(isTest(source, "isSkipped")).isFalse();
    assertThat(isTest(source, "helps")).isFalse();
    assertThat(isTest(source, "absent")).isFalse();
  }

  /** A change of the table's form must not leave nothing to check. */
  @Test
  void everyChapterHasRequirements() throws Exception {
    assertThat(rows()).hasSizeGreaterThan(80);
    for (int chapter = 3; chapter <= 12; chapter++) {
      String number = Integer.toString(chapter);
      assertThat(rows())
          .as("chapter %s", number)
          .anyMatch(row -> row.section().matches(number + "\\b.*"));
    }
  }

  @Test
  void everyTestWithABrokerStandsForARequirement() throws Exception {
    String document = Files.readString(DOCUMENT);
    try (Stream<Path> files = Files.list(Path.of("src/test/java/io/moiety/jms"))) {
      assertThat(
              files
                  .filter(
                      file -> text(file).contains("new " + EmbeddedBroker.class.getSimpleName()))
                  .map(RequirementsDocumentTest::className)
                  .filter(name -> !document.contains("`" + name))
                  .collect(Collectors.toSet()))
          .isEmpty();
    }
  }
}
