package io.moiety.ra.checkback;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The statements on an outcome table. Each has a timeout; in which transaction they run is the
 * caller's. Immutable.
 */
final class OutcomeTable {

  /** Enough for a row; who waits longer waits for somebody's lock. */
  private static final int TIMEOUT_SECONDS = 5;

  /** One row; {@code detail} is empty for none. */
  record Row(String id, OutcomeState state, long createdMillis, String detail) {}

  private final String name;
  private final Dialect dialect;

  OutcomeTable(String name, Dialect dialect) {
    this.name = name;
    this.dialect = dialect;
  }

  String name() {
    return name;
  }

  Dialect dialect() {
    return dialect;
  }

  void create(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(TIMEOUT_SECONDS);
      for (String ddl : dialect.createTable(name)) {
        statement.execute(ddl);
      }
    }
  }

  /**
   * Inserts rows.
   *
   * @return false when one of the ids is there already: the transaction can only be rolled back
   */
  boolean insert(Connection connection, List<Row> rows) throws SQLException {
    try (PreparedStatement insert =
        prepare(
            connection,
            "INSERT INTO " + name + " (ID, STATE, CREATED_MILLIS, DETAIL) VALUES (?, ?, ?, ?)")) {
      for (Row row : rows) {
        insert.setString(1, row.id());
        insert.setString(2, row.state().name());
        insert.setLong(3, row.createdMillis());
        insert.setString(4, row.detail());
        if (rows.size() > 1) {
          insert.addBatch();
        }
      }
      if (rows.size() > 1) {
        insert.executeBatch();
      } else {
        insert.executeUpdate();
      }
      return true;
    } catch (SQLException failure) {
      if (dialect.isDuplicateKey(failure)) {
        return false;
      }
      throw failure;
    }
  }

  Optional<Row> find(Connection connection, String id) throws SQLException {
    try (PreparedStatement select =
        prepare(
            connection,
            "SELECT ID, STATE, CREATED_MILLIS, DETAIL FROM " + name + " WHERE ID = ?")) {
      select.setString(1, id);
      return rows(select).stream().findFirst();
    }
  }

  /**
   * Rows of a state in the order of their age, the oldest first.
   *
   * @param after the row that the last page ended with
   */
  List<Row> before(
      Connection connection, OutcomeState state, long beforeMillis, Optional<Row> after, int limit)
      throws SQLException {
    String sql =
        "SELECT ID, STATE, CREATED_MILLIS, DETAIL FROM "
            + name
            + " WHERE STATE = ? AND CREATED_MILLIS < ?"
            // The bound again, since no database takes it out of the OR to find the place by index.
            + " AND CREATED_MILLIS >= ? AND (CREATED_MILLIS > ? OR ID > ?)"
            + " ORDER BY CREATED_MILLIS, ID"
            + dialect.firstRows(limit);
    try (PreparedStatement select = prepare(connection, sql)) {
      select.setString(1, state.name());
      select.setLong(2, beforeMillis);
      select.setLong(3, after.map(Row::createdMillis).orElse(Long.MIN_VALUE));
      select.setLong(4, after.map(Row::createdMillis).orElse(Long.MIN_VALUE));
      select.setString(5, after.map(Row::id).orElse(""));
      return rows(select);
    }
  }

  void delete(Connection connection, List<String> ids) throws SQLException {
    String places = String.join(", ", Collections.nCopies(ids.size(), "?"));
    try (PreparedStatement delete =
        prepare(connection, "DELETE FROM " + name + " WHERE ID IN (" + places + ")")) {
      for (int i = 0; i < ids.size(); i++) {
        delete.setString(i + 1, ids.get(i));
      }
      delete.executeUpdate();
    }
  }

  private static List<Row> rows(PreparedStatement select) throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (ResultSet result = select.executeQuery()) {
      while (result.next()) {
        String detail = result.getString(4);
        rows.add(
            new Row(
                result.getString(1),
                OutcomeState.valueOf(result.getString(2)),
                result.getLong(3),
                detail == null ? "" : detail));
      }
    }
    return rows;
  }

  private static PreparedStatement prepare(Connection connection, String sql) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      statement.setQueryTimeout(TIMEOUT_SECONDS);
      return statement;
    } catch (SQLException | RuntimeException failure) {
      statement.close();
      throw failure;
    }
  }

  @Override
  public String toString() {
    return name + " (" + dialect + ")";
  }
}
