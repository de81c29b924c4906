package io.moiety.ra.checkback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.sql.BatchUpdateException;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
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

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void tellsTheDatabaseHowManyRowsAreWanted(Dialect dialect) {
    assertThat(dialect.firstRows(200)).startsWith(" ").contains(" 200");
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
