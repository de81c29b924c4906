package io.moiety.ra.checkback;

import io.moiety.ra.TestDatabase;
import java.sql.SQLException;

/** {@link OutcomeRacesContract} on a real PostgreSQL. */
final class OutcomeRacesOnPostgresTest extends OutcomeRacesContract {

  @Override
  TestDatabase newDatabase() throws SQLException {
    return TestDatabase.postgres();
  }

  @Override
  String impatient() {
    return "&options=-c%20lock_timeout=500";
  }

  @Override
  String waitingSessions() {
    return "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
  }
}
