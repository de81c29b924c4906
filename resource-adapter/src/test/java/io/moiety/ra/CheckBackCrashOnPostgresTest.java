package io.moiety.ra;

import java.sql.SQLException;

/** {@link CheckBackCrashContract} on a real PostgreSQL. */
final class CheckBackCrashOnPostgresTest extends CheckBackCrashContract {

  @Override
  TestDatabase newDatabase() throws SQLException {
    return TestDatabase.postgres();
  }
}
