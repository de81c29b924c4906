package io.moiety.arquillian.server;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A real PostgreSQL that can take part in XA, with the applications' table. */
public final class Postgres implements AutoCloseable {
  private final EmbeddedPostgres postgres;

  private Postgres(EmbeddedPostgres postgres) {
    this.postgres = postgres;
  }

  /** Starts it, empty, on a port of its own. */
  public static Postgres start() throws IOException, SQLException {
    Postgres started =
        new Postgres(
            EmbeddedPostgres.builder()
                .setServerConfig("max_prepared_transactions", "100")
                // As shipped: what is convenient for tests would also be quicker than it is.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .start());
    started.execute("create table orders (id varchar primary key)");
    return started;
  }

  /** One statement, or several separated by semicolons. */
  public void execute(String sql) throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  public int port() {
    return postgres.getPort();
  }

  /** The ids of all orders. */
  public List<String> orders() throws SQLException {
    return query("select id from orders order by id");
  }

  /** Transactions that are prepared, of the whole database. */
  public int branchesInDoubt() throws SQLException {
    return query("select gid from pg_prepared_xacts").size();
  }

  /** The first column of all rows. */
  public List<String> query(String sql) throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement select = connection.createStatement();
        ResultSet result = select.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (result.next()) {
        values.add(result.getString(1));
      }
      return values;
    }
  }

  @Override
  public void close() throws IOException {
    postgres.close();
  }
}
