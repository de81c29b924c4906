package io.moiety.ra.inbound;

import io.moiety.jms.spi.InboundSpec;
import jakarta.jms.Destination;
import jakarta.jms.Queue;
import java.util.Optional;
import java.util.UUID;

/**
 * What an activation receives and how. Validated once; immutable.
 *
 * @param maxConcurrency how many messages are in the hands of beans at once
 * @param maxDeliveries after so many a message goes to the dead letters; 0 for no limit
 * @param subscriptionName of a topic's durable or shared subscription
 * @param durable the subscription outlives the activation
 * @param shared other activations may have the same subscription
 * @param clientId names the connection; part of the name of a subscription
 */
record ActivationSettings(
    Destination destination,
    Optional<String> selector,
    int maxConcurrency,
    int maxDeliveries,
    Optional<String> subscriptionName,
    boolean durable,
    boolean shared,
    Optional<String> clientId) {

  /**
   * What each worker receives. The workers of one bean share a topic's messages, so where the bean
   * named no subscription they get one that only they know.
   *
   * @param reception unique for each connection
   */
  InboundSpec inboundSpec(UUID reception) {
    if (destination instanceof Queue) {
      return new InboundSpec(destination, selector, Optional.empty(), true, true, maxDeliveries);
    }
    boolean anonymous = subscriptionName.isEmpty();
    return new InboundSpec(
        destination,
        selector,
        subscriptionName.or(() -> Optional.of("moiety-endpoint-" + reception)),
        durable,
        shared || anonymous,
        maxDeliveries);
  }
}
