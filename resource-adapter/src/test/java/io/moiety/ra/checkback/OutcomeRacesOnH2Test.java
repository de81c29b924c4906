package io.moiety.ra.checkback;

import io.moiety.ra.TestDatabase;

/** {@link OutcomeRacesContract} on H2. */
final class OutcomeRacesOnH2Test extends OutcomeRacesContract {

  @Override
  TestDatabase newDatabase() {
    return TestDatabase.h2();
  }

  @Override
  String impatient() {
    return ";LOCK_TIMEOUT=500";
  }

  @Override
  String waitingSessions() {
    return "INFORMATION_SCHEMA.SESSIONS WHERE EXECUTING_STATEMENT LIKE 'INSERT%'";
  }
}
