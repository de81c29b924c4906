package io.moiety.ra;

/** {@link CheckBackBeansContract} on H2. */
final class CheckBackBeansOnH2Test extends CheckBackBeansContract {

  @Override
  TestDatabase newDatabase() {
    return TestDatabase.h2();
  }
}
