package io.moiety.ra.checkback;

import io.moiety.ra.TestDatabase;
import java.sql.SQLException;

/** {@link OutcomeDatabaseContract} on a real PostgreSQL. */
final class OutcomeDatabaseOnPostgresTest extends OutcomeDatabaseContract {

  @Override
  TestDatabase newDatabase() throws SQLException {
    return TestDatabase.postgres();
  }
}
