package io.moiety.arquillian;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/adapter.md} quotes the files that the tests in the servers run with. */
final class AdapterDocumentTest {

  private static final Path ROOT = Path.of("..");
  private static final Path SERVERS =
      Path.of("arquillian-tests/src/test/resources/io/moiety/arquillian/server");

  private static final Pattern QUOTED =
      Pattern.compile("<!-- file (\\S+) -->\n```\\w*\n(.*?)```", Pattern.DOTALL);

  @Test
  void quotesEachFileAsItIs() throws IOException {
    assertThat(quoted()).isNotEmpty();
    for (Map.Entry<String, String> quote : quoted().entrySet()) {
      assertThat(quote.getValue())
          .as(quote.getKey())
          .isEqualTo(Files.readString(ROOT.resolve(quote.getKey())));
    }
  }

  /** But for those of the benchmark, which are no examples. */
  @Test
  void quotesEveryConfigurationOfAServer() throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve(SERVERS))) {
      assertThat(quoted().keySet())
          .containsAll(
              files
                  .map(file -> SERVERS.resolve(file.getFileName()).toString())
                  .filter(file -> !file.contains("/throughput"))
                  .toList());
    }
  }

  private static Map<String, String> quoted() throws IOException {
    Map<String, String> quoted = new TreeMap<>();
    Matcher matcher = QUOTED.matcher(Files.readString(ROOT.resolve("docs/adapter.md")));
    while (matcher.find()) {
      quoted.put(matcher.group(1), matcher.group(2));
    }
    return quoted;
  }
}
