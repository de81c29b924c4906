package io.moiety.ra;

import java.sql.SQLException;

/** {@link CheckBackBeansContract} on a real PostgreSQL. */
final class CheckBackBeansOnPostgresTest extends CheckBackBeansContract {

  @Override
  TestDatabase newDatabase() throws SQLException {
    return TestDatabase.postgres();
  }
}
