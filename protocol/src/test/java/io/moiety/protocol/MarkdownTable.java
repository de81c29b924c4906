package io.moiety.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The rows of one table in the documents, found by its heading row. */
final class MarkdownTable {

  private MarkdownTable() {}

  /**
   * Cells of the rows of the first table with these column names after the given heading.
   *
   * @param document file name in docs
   */
  static List<List<String>> rows(String document, String heading, String... columns)
      throws IOException {
    List<String> lines = Files.readAllLines(docs().resolve(document));
    int section = lines.indexOf(heading);
    assertThat(section).as("heading '%s' in %s", heading, document).isNotNegative();
    String head = "| " + String.join(" | ", columns) + " |";
    List<String> rest = lines.subList(section, lines.size());
    int table = rest.indexOf(head);
    assertThat(table).as("table '%s' in %s", head, document).isNotNegative();
    return rest.stream()
        .skip(table + 2L)
        .takeWhile(line -> line.startsWith("|"))
        .map(MarkdownTable::cells)
        .toList();
  }

  /** Tests run in the module's directory, or in the project's. */
  private static Path docs() {
    Path inProject = Path.of("docs");
    return Files.isDirectory(inProject) ? inProject : Path.of("..", "docs");
  }

  private static List<String> cells(String line) {
    return Arrays.stream(line.substring(1).split("\\|", -1)).map(String::strip).toList();
  }
}
