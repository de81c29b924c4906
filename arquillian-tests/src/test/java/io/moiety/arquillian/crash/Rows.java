package io.moiety.arquillian.crash;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A real PostgreSQL that takes part in XA, with the application's table. */
final class Rows implements AutoCloseable {
  private final EmbeddedPostgres postgres;

  private Rows(EmbeddedPostgres postgres) {
    this.postgres = postgres;
  }

  static Rows start() throws IOException, SQLException {
    Rows rows =
        new Rows(
            EmbeddedPostgres.builder().setServerConfig("max_prepared_transactions", "50").start());
    try (Connection connection = rows.postgres.getPostgresDatabase().getConnection();
        Statement create = connection.createStatement()) {
      create.execute("create table orders (id varchar primary key)");
    }
    return rows;
  }

  int port() {
    return postgres.getPort();
  }

  List<String> all() throws SQLException {
    return query("select id from orders order by id");
  }

  int branchesInDoubt() throws SQLException {
    return query("select gid from pg_prepared_xacts").size();
  }

  private List<String> query(String sql) throws SQLException {
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
