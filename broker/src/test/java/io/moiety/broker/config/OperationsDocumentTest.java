package io.moiety.broker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/operations.md says what the configuration and the messages of the broker say. */
class OperationsDocumentTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "operations.md");
  private static final Path SOURCES = Path.of("src", "main", "java");
  private static final Pattern RANGE = Pattern.compile("(\\d+) to (\\d+)");

  private static List<List<String>> rows(String from, String to) throws IOException {
    String text = Files.readString(DOCUMENT);
    return text.substring(text.indexOf(from), text.indexOf(to))
        .lines()
        .filter(line -> line.startsWith("| `"))
        .map(line -> Arrays.stream(line.split("\\|")).skip(1).toList())
        .toList();
  }

  private static List<List<String>> properties() throws IOException {
    return rows("## Properties", "## The store's directory");
  }

  private static String code(String cell) {
    return cell.substring(cell.indexOf('`') + 1, cell.lastIndexOf('`'));
  }

  @Test
  void everyPropertyIsListed() throws Exception {
    Set<String> known =
        new HashSet<>(BrokerConfig.of(Map.of(), Profile.STANDALONE).asProperties().keySet());
    known.addAll(
        Set.of(
            "brokerIP1",
            "accessFile",
            "authenticationEnabled",
            "tls.server.certPath",
            "tls.server.keyPath",
            "tls.server.keyPassword",
            "tls.server.need.client.auth",
            "tls.server.trustCertPath"));
    assertThat(properties()).extracting(row -> code(row.get(0))).hasSameElementsAs(known);
  }

  @Test
  void theDefaultsAreTheDefaults() throws Exception {
    for (List<String> row : properties()) {
      assertIsDefault(code(row.get(0)), row.get(1), Profile.STANDALONE);
      assertIsDefault(code(row.get(0)), row.get(2), Profile.EMBEDDED);
    }
  }

  /** What stands in parentheses depends on the machine. */
  private static void assertIsDefault(String key, String cell, Profile profile) {
    if (!cell.contains("(")) {
      assertThat(BrokerConfig.of(Map.of(key, code(cell)), profile))
          .as(key)
          .isEqualTo(BrokerConfig.of(Map.of(), profile));
    }
  }

  @Test
  void theRangesAreTheRanges() throws Exception {
    int checked = 0;
    for (List<String> row : properties()) {
      Matcher range = RANGE.matcher(row.get(3).strip());
      if (range.matches()) {
        String tooMuch = Long.toString(Long.parseLong(range.group(2)) + 1);
        assertThatThrownBy(
                () -> BrokerConfig.of(Map.of(code(row.get(0)), tooMuch), Profile.STANDALONE))
            .hasMessageContaining("from " + range.group(1) + " to " + range.group(2));
        checked++;
      }
    }
    assertThat(checked).isGreaterThan(10);
  }

  @Test
  void theMessagesAreInTheCode() throws Exception {
    String sources;
    try (Stream<Path> files = Files.walk(SOURCES)) {
      sources =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .map(OperationsDocumentTest::read)
              .collect(Collectors.joining());
    }
    List<List<String>> messages = rows("## Messages, and what to do", "## Limits");
    assertThat(messages).hasSizeGreaterThan(20);
    for (List<String> row : messages) {
      assertThat(sources.contains(code(row.get(0)))).as(row.get(0)).isTrue();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw new AssertionError(unreadable);
    }
  }
}
