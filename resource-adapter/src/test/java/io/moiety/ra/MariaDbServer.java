package io.moiety.ra;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/**
 * MariaDB as it is shipped, but that everybody may log in, over files that outlast it. Needs the
 * system property {@code mariadb.home}: a directory with {@code bin/mariadbd} and {@code share},
 * which the build unpacks where there is one for the machine. Not thread-safe.
 */
public final class MariaDbServer implements DatabaseServer {

  private static final Optional<Path> HOME =
      Optional.ofNullable(System.getProperty("mariadb.home")).map(Path::of);

  private final Path home;
  private final Path directory;
  private final int port;
  private Process process;

  private MariaDbServer(Path home, Path directory, int port) throws IOException {
    this.home = home;
    this.directory = directory;
    this.port = port;
    this.process = launch();
  }

  /** Skips the test where there is none. */
  static void assumeAvailable() {
    Assumptions.assumeTrue(
        HOME.isPresent(),
        "No MariaDB: Maven Central has none for this machine, and mariadb.home is not set");
  }

  /**
   * Starts it, empty; skips the test where there is none.
   *
   * @param directory where it keeps its files
   */
  public static MariaDbServer start(Path directory) throws IOException {
    assumeAvailable();
    Files.createDirectories(directory.resolve("data"));
    return new MariaDbServer(HOME.orElseThrow(), directory, freePort());
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private Process launch() throws IOException {
    Process started =
        new ProcessBuilder(
                home.resolve("bin/mariadbd").toString(),
                "--no-defaults",
                "--basedir=" + home,
                "--datadir=" + directory.resolve("data"),
                "--socket=",
                "--user=" + System.getProperty("user.name"),
                "--skip-grant-tables",
                "--bind-address=127.0.0.1",
                "--port=" + port,
                "--max-connections=200",
                "--innodb-log-file-size=16M",
                "--innodb-buffer-pool-size=64M")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("log").toFile()))
            .start();
    Awaitility.await("MariaDB, see " + directory.resolve("log"))
        .atMost(Duration.ofSeconds(60))
        .failFast("MariaDB has ended", () -> !started.isAlive())
        .ignoreExceptionsInstanceOf(SQLException.class)
        .until(
            () -> {
              database("").connect().close();
              return true;
            });
    return started;
  }

  private TestDatabase database(String name) {
    return new TestDatabase("jdbc:mariadb://127.0.0.1:" + port + "/" + name + "?user=root");
  }

  @Override
  public TestDatabase newDatabase() throws SQLException {
    String name = "t" + UUID.randomUUID().toString().replace("-", "");
    database("").execute("CREATE DATABASE " + name);
    return database(name);
  }

  @Override
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void startAgain() throws IOException {
    process = launch();
  }

  /** Ends it, and leaves nothing. */
  void discard() {
    kill();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
