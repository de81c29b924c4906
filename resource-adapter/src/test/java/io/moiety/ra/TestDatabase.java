package io.moiety.ra;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/** A database of its own for a test. */
public record TestDatabase(String url) {

  /** In memory, until the JVM ends. */
  public static TestDatabase h2() {
    return new TestDatabase("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
  }

  /** In a PostgreSQL, started once for all tests of the JVM. */
  public static TestDatabase postgres() throws SQLException {
    return PostgresServer.newDatabase(Postgres.SERVER);
  }

  /** In a MariaDB, started once for all tests of the JVM; skips the test where there is none. */
  public static TestDatabase mariaDb() throws SQLException {
    MariaDbServer.assumeAvailable();
    return MariaDb.SERVER.newDatabase();
  }

  /**
   * The same database for sessions of another kind.
   *
   * @param more what their URL has in addition
   */
  public TestDatabase with(String more) {
    return new TestDatabase(url + more);
  }

  /** Outside of every transaction of a server. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url);
  }

  public void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  public int count(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        var result = statement.executeQuery("SELECT COUNT(*) FROM " + sql)) {
      result.next();
      return result.getInt(1);
    }
  }

  /** Ends with the JVM, as the library sees to it. */
  private static final class Postgres {
    static final EmbeddedPostgres SERVER = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder().setServerConfig("max_connections", "200").start();
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  /** Ends with the JVM. */
  private static final class MariaDb {
    static final MariaDbServer SERVER = start();

    private static MariaDbServer start() {
      try {
        MariaDbServer server = MariaDbServer.start(Files.createTempDirectory("moiety-mariadb"));
        Runtime.getRuntime().addShutdownHook(new Thread(server::discard));
        return server;
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }
}
