package io.moiety.ra.checkback;

import io.moiety.ra.TestDatabase;

/** {@link OutcomeDatabaseContract} on H2. */
final class OutcomeDatabaseOnH2Test extends OutcomeDatabaseContract {

  @Override
  TestDatabase newDatabase() {
    return TestDatabase.h2();
  }
}
