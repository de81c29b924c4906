package io.moiety.shop;

import jakarta.annotation.PostConstruct;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What can be configured: the time to pay, in milliseconds, as system property {@value #PROPERTY}
 * or environment variable {@value #VARIABLE}. Read once, when the shop starts, so that a malformed
 * value stops the deployment and not the first order.
 */
@Singleton
@Startup
public class ShopSettings {
  static final String PROPERTY = "shop.paymentTimeoutMillis";
  static final String VARIABLE = "SHOP_PAYMENT_TIMEOUT_MILLIS";
  static final Duration DEFAULT_PAYMENT_TIMEOUT = Duration.ofSeconds(30);
  private static final long MAX_MILLIS = Duration.ofDays(30).toMillis();

  private Duration paymentTimeout = DEFAULT_PAYMENT_TIMEOUT;

  @PostConstruct
  void read() {
    String property = System.getProperty(PROPERTY);
    paymentTimeout =
        property != null
            ? paymentTimeout(PROPERTY, property)
            : paymentTimeout(VARIABLE, System.getenv(VARIABLE));
  }

  public Duration paymentTimeout() {
    return paymentTimeout;
  }

  static Duration paymentTimeout(String name, @Nullable String value) {
    if (value == null) {
      return DEFAULT_PAYMENT_TIMEOUT;
    }
    try {
      long millis = Long.parseLong(value.strip());
      if (millis >= 1 && millis <= MAX_MILLIS) {
        return Duration.ofMillis(millis);
      }
    } catch (NumberFormatException e) {
      throw malformed(name, value, e);
    }
    throw malformed(name, value, null);
  }

  private static IllegalArgumentException malformed(
      String name, String value, @Nullable NumberFormatException cause) {
    return new IllegalArgumentException(
        name + " is \"" + value + "\", allowed are 1 to " + MAX_MILLIS + " milliseconds", cause);
  }
}
