package io.moiety.ra.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the archive's files for servers and agents name is what JMX has. */
final class MetricsFilesTest {

  private static final Path FILES = Path.of("src/main/rar/metrics");

  private static Set<String> numbers() {
    return Arrays.stream(AdapterMXBean.class.getMethods())
        .filter(method -> method.getReturnType() == long.class)
        .map(Method::getName)
        .map(name -> name.substring("get".length()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> named(String file, String pattern) throws Exception {
    return Pattern.compile(pattern, Pattern.MULTILINE)
        .matcher(Files.readString(FILES.resolve(file)))
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void openTelemetrysFileNamesAllNumbersOfTheAdapter() throws Exception {
    assertThat(named("opentelemetry.yaml", "(?<=^      )[A-Z]\\w+(?=:$)")).isEqualTo(numbers());
  }

  @Test
  void payarasFileNamesAllNumbersOfTheAdapter() throws Exception {
    assertThat(named("payara.xml", "(?<=io.moiety:type=ResourceAdapter,instance=%s/)\\w+"))
        .isEqualTo(numbers());
  }
}
