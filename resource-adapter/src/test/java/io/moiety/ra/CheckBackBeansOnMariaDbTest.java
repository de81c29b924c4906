package io.moiety.ra;

import java.sql.SQLException;

/** {@link CheckBackBeansContract} on a real MariaDB. */
final class CheckBackBeansOnMariaDbTest extends CheckBackBeansContract {

  @Override
  TestDatabase newDatabase() throws SQLException {
    return TestDatabase.mariaDb();
  }
}
