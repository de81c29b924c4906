package io.moiety.ra;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** PostgreSQL, over files that outlast it. Not thread-safe. */
public final class PostgresServer implements DatabaseServer {

  private final Path data;
  private EmbeddedPostgres postgres;

  private PostgresServer(Path data, EmbeddedPostgres postgres) {
    this.data = data;
    this.postgres = postgres;
  }

  /**
   * Starts it, empty.
   *
   * @param directory where it keeps its files
   */
  public static PostgresServer start(Path directory) throws IOException {
    Path data = directory.resolve("postgres");
    return new PostgresServer(data, builder(data).start());
  }

  private static EmbeddedPostgres.Builder builder(Path data) {
    return EmbeddedPostgres.builder()
        .setDataDirectory(data)
        .setCleanDataDirectory(false)
        // As shipped: what is convenient for tests would lose transactions when it is killed.
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on");
  }

  static TestDatabase newDatabase(EmbeddedPostgres server) throws SQLException {
    String name = "t" + UUID.randomUUID().toString().replace("-", "");
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    return new TestDatabase(server.getJdbcUrl("postgres", name));
  }

  @Override
  public TestDatabase newDatabase() throws SQLException {
    return newDatabase(postgres);
  }

  @Override
  public void kill() throws IOException {
    long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).get(0));
    ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
    List<ProcessHandle> all =
        Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(process -> process.onExit().join());
  }

  @Override
  public void startAgain() throws IOException {
    int port = postgres.getPort();
    postgres.close();
    postgres = builder(data).setPort(port).start();
  }

  @Override
  public void close() throws IOException {
    postgres.close();
  }
}
