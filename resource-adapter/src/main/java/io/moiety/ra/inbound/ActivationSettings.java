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
 * @param consumerGroup by its name at the broker
 * @param durable the subscription outlives the activation
 * @param shared other activations may have the same subscription
 * @param clientId names the connection; part of the name of a subscription
 * @param prefetch how many messages one request may bring
 * @param pauseAfterFailures 0 for no pause
 */
record ActivationSettings(
    Destination destination,
    Optional<String> selector,
    int maxConcurrency,
    int maxDeliveries,
    Optional<String> subscriptionName,
    Optional<String> consumerGroup,
    boolean durable,
    boolean shared,
    Optional<String> clientId,
    int prefetch,
    RedeliveryDelay redeliveryDelay,
    int pauseAfterFailures,
    long pauseMillis) {

  /**
   * What each worker receives. The workers of one bean share a topic's messages, so where the bean
   * named no subscription they get one that only they know.
   *
   * @param reception unique for each connection
   */
  InboundSpec inboundSpec(UUID reception) {
    if (destination instanceof Queue || consumerGroup.isPresent()) {
      return new InboundSpec(
          destination,
          selector,
          Optional.empty(),
          consumerGroup,
          true,
          true,
          maxDeliveries,
          prefetch);
    }
    boolean anonymous = subscriptionName.isEmpty();
    return new InboundSpec(
        destination,
        selector,
        subscriptionName.or(() -> Optional.of("moiety-endpoint-" + reception)),
        Optional.empty(),
        durable,
        shared || anonymous,
        maxDeliveries,
        prefetch);
  }

  /**
   * Whether a message has had all its deliveries and is still there: subscriptions that end with
   * their consumers have no dead letters.
   */
  boolean isToBeDropped(int deliveryCount) {
    boolean lasting = destination instanceof Queue || consumerGroup.isPresent() || durable;
    return !lasting && maxDeliveries > 0 && deliveryCount > maxDeliveries;
  }
}
