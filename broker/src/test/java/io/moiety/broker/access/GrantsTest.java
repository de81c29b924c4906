package io.moiety.broker.access;

import static io.moiety.broker.access.Permission.PUB;
import static io.moiety.broker.access.Permission.SUB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GrantsTest {

  @Test
  void theRuleThatSaysMostOfANameDecidesAlone() {
    Grants grants =
        Grants.of(
            Map.of(
                "*",
                "SUB",
                "order*",
                "PUB|SUB",
                "orders-eu*",
                "PUB",
                "orders-eu-1",
                "DENY",
                "p*",
                "PUB"));

    assertThat(grants.of("anything")).containsExactly(SUB);
    assertThat(grants.of("orders")).containsExactlyInAnyOrder(PUB, SUB);
    assertThat(grants.of("orders-eu-2")).containsExactly(PUB);
    assertThat(grants.of("orders-eu-1")).isEmpty();
    assertThat(grants.of("orders-eu-10")).containsExactly(PUB);
    assertThat(grants.of("orders-ez")).containsExactlyInAnyOrder(PUB, SUB);
    assertThat(grants.of("ordeal")).containsExactly(SUB);
    assertThat(grants.of("p")).containsExactly(PUB);
    assertThat(grants.of("")).containsExactly(SUB);
  }

  @Test
  void withoutARuleNothingIsGranted() {
    assertThat(Grants.of(Map.of("orders", "PUB")).of("order")).isEmpty();
    assertThat(Grants.of(Map.of("orders", "PUB")).of("orders2")).isEmpty();
  }

  @Test
  void ofANameAloneNoPatternCounts() {
    assertThat(Grants.of(Map.of("*", "PUB")).ofName("orders")).isEmpty();
    assertThat(Grants.of(Map.of("orders", "PUB")).ofName("orders")).containsExactly(PUB);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "pub", "PUB,SUB", "PUB|", "ALL", "DENY|PUB"})
  void whatIsNoPermissionIsRefusedWithoutShowingIt(String words) {
    assertThatThrownBy(() -> Grants.of(Map.of("orders", words)))
        .hasMessageContaining("'orders'")
        .hasMessageContaining("allowed: PUB, SUB, PUB|SUB, DENY");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a*b", "*a", "**"})
  void whatIsNoPatternIsRefused(String pattern) {
    assertThatThrownBy(() -> Grants.of(Map.of(pattern, "PUB")))
        .hasMessageContaining("is no pattern");
  }
}
