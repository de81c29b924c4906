package io.moiety.jms.spi;

import jakarta.jms.Destination;
import java.util.Optional;

/**
 * What inbound work receives.
 *
 * @param destination a queue or topic of this provider
 * @param selector only messages that it matches
 * @param subscriptionName of a topic; without one the subscription ends with the receiver
 * @param durable a named subscription outlives its receivers
 * @param shared several receivers may share a named subscription
 * @param maxDeliveries after so many a message goes to the dead letters of its group instead; 0 =
 *     unlimited
 */
public record InboundSpec(
    Destination destination,
    Optional<String> selector,
    Optional<String> subscriptionName,
    boolean durable,
    boolean shared,
    int maxDeliveries) {

  public InboundSpec {
    if (maxDeliveries < 0) {
      throw new IllegalArgumentException(
          "maxDeliveries = " + maxDeliveries + "; allowed: 0 (unlimited) and more");
    }
  }

  public static InboundSpec queue(Destination queue, int maxDeliveries) {
    return new InboundSpec(queue, Optional.empty(), Optional.empty(), true, true, maxDeliveries);
  }
}
