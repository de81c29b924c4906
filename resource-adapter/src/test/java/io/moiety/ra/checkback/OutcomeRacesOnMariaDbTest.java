package io.moiety.ra.checkback;

import io.moiety.ra.TestDatabase;
import java.sql.SQLException;

/** {@link OutcomeRacesContract} on a real MariaDB. */
final class OutcomeRacesOnMariaDbTest extends OutcomeRacesContract {

  @Override
  TestDatabase newDatabase() throws SQLException {
    return TestDatabase.mariaDb();
  }

  @Override
  String impatient() {
    return "&sessionVariables=innodb_lock_wait_timeout=1";
  }

  @Override
  String waitingSessions() {
    return "information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'";
  }
}
