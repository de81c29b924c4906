package io.moiety.ra;

import java.sql.SQLException;

/** {@link CheckBackCrashContract} on a real MariaDB. */
final class CheckBackCrashOnMariaDbTest extends CheckBackCrashContract {

  @Override
  TestDatabase newDatabase() throws SQLException {
    return TestDatabase.mariaDb();
  }
}
