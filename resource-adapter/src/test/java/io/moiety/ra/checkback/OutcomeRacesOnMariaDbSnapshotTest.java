package io.moiety.ra.checkback;

import io.moiety.ra.TestDatabase;
import java.sql.SQLException;

/** {@link OutcomeRacesContract} on a real MariaDB as it is from 11.6.2 on. */
final class OutcomeRacesOnMariaDbSnapshotTest extends OutcomeRacesContract {

  @Override
  TestDatabase newDatabase() throws SQLException {
    return TestDatabase.mariaDb().with("&sessionVariables=innodb_snapshot_isolation=ON");
  }

  @Override
  String impatient() {
    return ",innodb_lock_wait_timeout=1";
  }

  @Override
  String waitingSessions() {
    return "information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'";
  }
}
