package io.moiety.ra.checkback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CheckBackListTest {

  @Test
  void readsDataSourcesWithAndWithoutTableAndGroup() {
    assertThat(CheckBackList.parse(" java:/Shop ; bill=java:jboss/Billing#OWN.OUTCOMES;"))
        .containsExactly(
            new CheckBackList.Entry(
                new OutcomePlace("java:/Shop", "MOIETY_OUTCOME"), Optional.empty()),
            new CheckBackList.Entry(
                new OutcomePlace("java:jboss/Billing", "OWN.OUTCOMES"), Optional.of("bill")));
  }

  @Test
  void emptyMeansNone() {
    assertThat(CheckBackList.parse("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"=java:/Shop", "group=", "#TABLE", "java:/Shop#a b", "java:/Shop#a'--"})
  void refusesWhatCannotBeMeant(String text) {
    assertThatThrownBy(() -> CheckBackList.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
