package io.moiety.ra.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.validation.constraints.Pattern;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class TransactionModeTest {

  @ParameterizedTest
  @EnumSource
  void isAcceptedInAnyCaseByTheConstraintOfTheProperty(TransactionMode mode) throws Exception {
    Pattern constraint =
        FactoryProperties.class.getDeclaredField("transactionMode").getAnnotation(Pattern.class);

    assertThat(mode.name()).matches(constraint.regexp());
    assertThat(mode.name().toLowerCase(Locale.ROOT)).matches(constraint.regexp());
    assertThat(constraint.message()).contains(mode.name());
    assertThat(TransactionMode.parse(" " + mode.name().toLowerCase(Locale.ROOT))).isEqualTo(mode);
  }
}
