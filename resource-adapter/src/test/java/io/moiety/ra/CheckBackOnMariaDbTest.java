package io.moiety.ra;

import java.sql.SQLException;

/** {@link CheckBackContract} on a real MariaDB. */
final class CheckBackOnMariaDbTest extends CheckBackContract {

  @Override
  TestDatabase newDatabase() throws SQLException {
    return TestDatabase.mariaDb();
  }
}
