package io.moiety.compatibility;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What all judged brokers are told, and where they lie. */
final class Settings {

  /** Delays by level: 1 and 2 in order, the levels of first retries short, 6 the highest. */
  static final List<Integer> DELAY_SECONDS = List.of(1, 3, 1, 1, 1, 2);

  private static final Map<String, String> COMMON =
      Map.of(
          "brokerName",
          "judged",
          "brokerIP1",
          "127.0.0.1",
          "flushDiskType",
          "ASYNC_FLUSH",
          "mappedFileSizeCommitLog",
          String.valueOf(64 * 1024 * 1024),
          "messageDelayLevel",
          DELAY_SECONDS.stream().map(delay -> delay + "s").collect(Collectors.joining(" ")),
          "transactionTimeOut",
          "2000",
          "transactionCheckInterval",
          "1000");

  private Settings() {}

  /** A properties file; what comes later wins. */
  static String text(Map<String, String> ofTheKind, Map<String, String> ofTheTest) {
    Map<String, String> all = new TreeMap<>(COMMON);
    all.putAll(ofTheKind);
    all.putAll(ofTheTest);
    return all.entrySet().stream()
        .map(setting -> setting.getKey() + "=" + setting.getValue() + "\n")
        .collect(Collectors.joining());
  }

  static Path newDirectory(String prefix) throws IOException {
    Path home = Files.createDirectories(Path.of(System.getProperty("judges.home")));
    return Files.createTempDirectory(home, prefix);
  }

  static void deleteDirectory(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + directory, e);
    }
  }
}
