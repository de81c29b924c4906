package io.moiety.benchmarks.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The files of one run: kept when it finds something, to be looked at. */
record RunDirectory(Path path) {

  static RunDirectory create(Path parent, long seed) throws IOException {
    Files.createDirectories(parent);
    RunDirectory run =
        new RunDirectory(
            Files.createTempDirectory(parent, "torture-" + seed + "-").toAbsolutePath());
    Files.createDirectories(run.path().resolve("clients"));
    return run;
  }

  Path store() {
    return path.resolve("store");
  }

  Path brokerProperties() {
    return path.resolve("broker.properties");
  }

  Path brokerLog() {
    return path.resolve("broker.log");
  }

  /** What a client process did, line by line. */
  Path history(int client) {
    return clientFile(client, "history");
  }

  /** What its applications decided, a byte for each transaction. */
  Path decisions(int client) {
    return clientFile(client, "decisions");
  }

  /** There when the process is known to be gone, so that others may decide for it. */
  Path deadMark(int client) {
    return clientFile(client, "dead");
  }

  Path clientLog(int client) {
    return clientFile(client, "log");
  }

  private Path clientFile(int client, String kind) {
    return path.resolve("clients").resolve(client + "." + kind);
  }

  void delete() throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }
}
