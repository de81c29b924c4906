package io.moiety.ra;

/** {@link CheckBackCrashContract} on H2. */
final class CheckBackCrashOnH2Test extends CheckBackCrashContract {

  @Override
  TestDatabase newDatabase() {
    return TestDatabase.h2();
  }
}
