package io.moiety.ra;

/** {@link CheckBackContract} on H2. */
final class CheckBackOnH2Test extends CheckBackContract {

  @Override
  TestDatabase newDatabase() {
    return TestDatabase.h2();
  }
}
