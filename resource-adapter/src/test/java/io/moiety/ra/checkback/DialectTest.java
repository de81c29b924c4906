package io.moiety.ra.checkback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.ra.TestDatabase;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class DialectTest {

  private static DatabaseMetaData database(String name) {
    return (DatabaseMetaData)
        Proxy.newProxyInstance(
            DialectTest.class.getClassLoader(),
            new Class<?>[] {DatabaseMetaData.class},
            (proxy, method, arguments) -> name);
  }

  @ParameterizedTest
  @CsvSource({
    "PostgreSQL, POSTGRESQL",
    "H2, H2",
    "MySQL, MYSQL",
    "MariaDB, MARIADB",
    "Oracle, ORACLE",
    "Oracle Database, ORACLE",
    "Microsoft SQL Server, SQL_SERVER"
  })
  void knowsADatabaseByItsName(String name, Dialect dialect) throws SQLException {
    assertThat(Dialect.of(database(name))).isEqualTo(dialect);
  }

  @Test
  void refusesADatabaseWhoseDuplicateKeysItWouldNotRecognise() {
    assertThatThrownBy(() -> Dialect.of(database("Apache Derby")))
        .hasMessageContaining("Apache Derby")
        .hasMessageContaining("PostgreSQL, H2");
  }

  @ParameterizedTest
  @CsvSource({
    "POSTGRESQL, 23505, 0, true",
    "POSTGRESQL, 23502, 0, false",
    "POSTGRESQL, 40001, 0, false",
    "POSTGRESQL, 57014, 0, false",
    "H2, 23505, 23505, true",
    "H2, HYT00, 50200, false",
    "MYSQL, 23000, 1062, true",
    "MYSQL, 23000, 1048, false",
    "MYSQL, 40001, 1213, false",
    "MARIADB, 23000, 1062, true",
    "MARIADB, HY000, 1205, false",
    "ORACLE, 23000, 1, true",
    "ORACLE, 23000, 1400, false",
    "SQL_SERVER, 23000, 2627, true",
    "SQL_SERVER, 23000, 2601, true",
    "SQL_SERVER, 23000, 515, false"
  })
  void tellsADuplicateKeyFromEverythingElse(
      Dialect dialect, String state, int code, boolean duplicate) {
    SQLException failure = new SQLException("refused", state, code);

    assertThat(dialect.isDuplicateKey(failure)).isEqualTo(duplicate);
  }

  @Test
  void findsADuplicateKeyBehindABatchAndBehindAPool() {
    SQLException duplicate = new SQLException("refused", "23505", 0);
    BatchUpdateException batch = new BatchUpdateException();
    batch.setNextException(duplicate);

    assertThat(Dialect.POSTGRESQL.isDuplicateKey(batch)).isTrue();
    assertThat(Dialect.POSTGRESQL.isDuplicateKey(new SQLException("in a pool", duplicate)))
        .isTrue();
  }

  /** H2 reads the syntax of all of them. */
  @ParameterizedTest
  @EnumSource(Dialect.class)
  void asksForSoManyRowsAndNoMore(Dialect dialect) throws Exception {
    try (Connection connection = TestDatabase.h2().connect()) {
      new OutcomeTable("T", Dialect.H2).create(connection);
      OutcomeTable table = new OutcomeTable("T", dialect);
      for (int row = 1; row <= 3; row++) {
        table.insert(
            connection, List.of(new OutcomeTable.Row("id" + row, OutcomeState.RECEIVED, row, "")));
      }

      assertThat(table.before(connection, OutcomeState.RECEIVED, 100, Optional.empty(), 2))
          .extracting(OutcomeTable.Row::id)
          .containsExactly("id1", "id2");
    }
  }

  @Test
  void theStatementsForOracleMakeATable() throws Exception {
    try (Connection connection = TestDatabase.h2().with(";MODE=Oracle").connect()) {
      OutcomeTable table = new OutcomeTable("T", Dialect.ORACLE);
      table.create(connection);
      table.insert(
          connection, List.of(new OutcomeTable.Row("id", OutcomeState.RECEIVED, 1L << 40, "")));

      assertThat(table.find(connection, "id").orElseThrow().createdMillis()).isEqualTo(1L << 40);
    }
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void theDocumentsHaveTheFileInTheArchive(Dialect dialect) throws Exception {
    String statements =
        Files.readString(Path.of("src/main/rar", dialect.ddlFile())).replaceAll("(?m)^--.*\n", "");

    assertThat(Files.readString(Path.of("../docs/adapter.md"))).contains(statements);
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void makesATableOfAnyNameWithTheFileInTheArchive(Dialect dialect) {
    assertThat(dialect.createTable("SHOP.OUTCOMES"))
        .hasSize(2)
        .anyMatch(statement -> statement.startsWith("CREATE TABLE SHOP.OUTCOMES ("))
        .anyMatch(statement -> statement.startsWith("CREATE INDEX OUTCOMES_AGE ON SHOP.OUTCOMES"));
  }
}
