package io.moiety.ra.checkback;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What differs between databases: how a duplicate key shows, and how the table is made. A database
 * that is none of these is refused, since a duplicate key that is not recognised would look like a
 * failure for ever.
 */
enum Dialect {
  POSTGRESQL("PostgreSQL", "postgresql"),
  H2("H2", "h2"),
  MYSQL("MySQL", "mysql"),
  MARIADB("MariaDB", "mysql"),
  ORACLE("Oracle", "oracle"),
  SQL_SERVER("Microsoft SQL Server", "sqlserver");

  private static final String INTEGRITY = "23000";
  private static final String UNIQUE = "23505";

  private final String product;
  private final String ddl;

  /**
   * @param product as {@link DatabaseMetaData#getDatabaseProductName} begins
   */
  Dialect(String product, String ddl) {
    this.product = product;
    this.ddl = ddl;
  }

  /**
   * The dialect of a connection's database.
   *
   * @throws SQLFeatureNotSupportedException for one that is not known
   */
  static Dialect of(DatabaseMetaData metaData) throws SQLException {
    String name = metaData.getDatabaseProductName();
    for (Dialect dialect : values()) {
      if (name.regionMatches(true, 0, dialect.product, 0, dialect.product.length())) {
        return dialect;
      }
    }
    throw new SQLFeatureNotSupportedException(
        "The database calls itself "
            + name
            + "; CHECK_BACK knows "
            + Arrays.stream(values())
                .map(known -> known.product)
                .collect(Collectors.joining(", ")));
  }

  /** Whether the failure, or one that it is linked with, is that of a key that is there already. */
  boolean isDuplicateKey(SQLException failure) {
    for (SQLException linked = failure; linked != null; linked = linked.getNextException()) {
      for (Throwable cause = linked; cause != null; cause = cause.getCause()) {
        if (cause instanceof SQLException sql && says(sql)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Where the SQLState stands for all kinds of integrity, the vendor's code says which. */
  private boolean says(SQLException failure) {
    String state = failure.getSQLState();
    int code = failure.getErrorCode();
    return switch (this) {
      case POSTGRESQL, H2 -> UNIQUE.equals(state);
      case MYSQL, MARIADB -> INTEGRITY.equals(state) && code == 1062;
      case ORACLE -> INTEGRITY.equals(state) && code == 1;
      case SQL_SERVER -> INTEGRITY.equals(state) && (code == 2627 || code == 2601);
    };
  }

  /**
   * Ends a SELECT with an order so that it has so many rows at most. The database has to know: what
   * only the driver leaves out it would read, and plan for.
   */
  String firstRows(int limit) {
    return switch (this) {
      case POSTGRESQL, H2, MYSQL, MARIADB -> " LIMIT " + limit;
      case ORACLE -> " FETCH FIRST " + limit + " ROWS ONLY";
      case SQL_SERVER -> " OFFSET 0 ROWS FETCH NEXT " + limit + " ROWS ONLY";
    };
  }

  /** Name of the file with the statements that make the table, in the adapter's archive. */
  String ddlFile() {
    return "ddl/" + ddl + ".sql";
  }

  /** The statements that make the table. */
  List<String> createTable(String table) {
    String simpleName = table.substring(table.lastIndexOf('.') + 1);
    String text =
        ddlText()
            .replaceAll("(?m)^--.*$", "")
            .replace(OutcomePlace.DEFAULT_TABLE + "_AGE", simpleName + "_AGE")
            .replace(OutcomePlace.DEFAULT_TABLE, table);
    return Arrays.stream(text.split(";", -1))
        .map(String::strip)
        .filter(statement -> !statement.isEmpty())
        .toList();
  }

  private String ddlText() {
    String resource = ddl + ".sql";
    try (InputStream in = Dialect.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("The archive has no " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
