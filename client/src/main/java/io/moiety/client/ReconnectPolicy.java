package io.moiety.client;

import java.time.Duration;

/**
 * How attempts to connect again follow one another: the delay is doubled after each failure, up to
 * the bound, and shortened by a random part of up to a half.
 */
public record ReconnectPolicy(Duration firstDelay, Duration maxDelay) {

  public static final ReconnectPolicy DEFAULT =
      new ReconnectPolicy(Duration.ofMillis(100), Duration.ofSeconds(10));

  public ReconnectPolicy {
    if (firstDelay.toMillis() < 1 || maxDelay.compareTo(firstDelay) < 0) {
      throw new IllegalArgumentException(
          "Reconnect delays "
              + firstDelay
              + ".."
              + maxDelay
              + " are not possible; allowed are 1 ms and more, in order");
    }
  }
}
