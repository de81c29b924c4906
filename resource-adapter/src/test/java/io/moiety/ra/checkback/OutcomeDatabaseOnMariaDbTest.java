package io.moiety.ra.checkback;

import io.moiety.ra.TestDatabase;
import java.sql.SQLException;

/** {@link OutcomeDatabaseContract} on a real MariaDB. */
final class OutcomeDatabaseOnMariaDbTest extends OutcomeDatabaseContract {

  @Override
  TestDatabase newDatabase() throws SQLException {
    return TestDatabase.mariaDb();
  }
}
