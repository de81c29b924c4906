package io.moiety.ra;

import java.sql.SQLException;

/** {@link CheckBackContract} on a real PostgreSQL. */
final class CheckBackOnPostgresTest extends CheckBackContract {

  @Override
  TestDatabase newDatabase() throws SQLException {
    return TestDatabase.postgres();
  }
}
