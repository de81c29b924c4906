package io.moiety.ra.checkback;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where outcomes are kept: all connection factories that name the same place share one row for each
 * transaction.
 *
 * @param dataSource its JNDI name
 * @param table name of the outcome table, with a schema or without
 */
public record OutcomePlace(String dataSource, String table) {

  /** The name in the DDL files. */
  public static final String DEFAULT_TABLE = "MOIETY_OUTCOME";

  private static final Pattern TABLE =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_$]*(\\.[A-Za-z_][A-Za-z0-9_$]*){0,2}");

  public OutcomePlace {
    if (dataSource.isBlank()) {
      throw new IllegalArgumentException(
          "outcomeDataSource is empty; transactionMode CHECK_BACK needs the JNDI name of the data"
              + " source that the application's transactions work with");
    }
    // It becomes part of statements.
    if (!TABLE.matcher(table).matches()) {
      throw new IllegalArgumentException(
          "outcomeTable = " + table + "; allowed: a name without quotes, as schema.table");
    }
  }

  /** What is wrong with the properties, for a person; empty when nothing is. */
  public static Optional<String> fault(String dataSource, String table) {
    try {
      new OutcomePlace(dataSource, table);
      return Optional.empty();
    } catch (IllegalArgumentException wrong) {
      return Optional.of(String.valueOf(wrong.getMessage()));
    }
  }

  @Override
  public String toString() {
    return table + " through data source " + dataSource;
  }
}
