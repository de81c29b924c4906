package io.moiety.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShopSettingsTest {
  @Test
  void thirtySecondsToPayWhenNothingIsConfigured() {
    assertThat(ShopSettings.paymentTimeout(ShopSettings.VARIABLE, null))
        .isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void takesTheConfiguredMilliseconds() {
    assertThat(ShopSettings.paymentTimeout(ShopSettings.PROPERTY, " 1500 "))
        .isEqualTo(Duration.ofMillis(1500));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "30s", "2592000001", "99999999999999999999"})
  void refusesAMalformedValueAndSaysWhichAndWhatIsAllowed(String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ShopSettings.paymentTimeout(ShopSettings.PROPERTY, value))
        .withMessage(
            "shop.paymentTimeoutMillis is \"%s\", allowed are 1 to 2592000000 milliseconds", value);
  }
}
