package io.moiety.client;

import java.util.Optional;

/**
 * What a consumer wants to receive.
 *
 * @param maxDeliveries after so many a message goes to the group's dead letters instead; 0 =
 *     unlimited
 * @param selector only messages that it matches
 * @param noLocalClientId messages sent by this client are passed over
 */
public record ConsumerSpec(
    String group,
    String topic,
    int maxDeliveries,
    Optional<String> selector,
    Optional<String> noLocalClientId) {

  public ConsumerSpec {
    if (maxDeliveries < 0) {
      throw new IllegalArgumentException(
          "maxDeliveries = " + maxDeliveries + "; allowed: 0 (unlimited) and more");
    }
  }

  /** A consumer of everything in the topic, without a limit of deliveries. */
  public static ConsumerSpec of(String group, String topic) {
    return new ConsumerSpec(group, topic, 0, Optional.empty(), Optional.empty());
  }
}
