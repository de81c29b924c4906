package io.moiety.jms.spi;

import jakarta.jms.Destination;
import java.util.Optional;

/**
 * What inbound work receives.
 *
 * @param destination a queue or topic of this provider
 * @param selector only messages that it matches
 * @param subscriptionName of a topic; without one, and without a consumer group, the subscription
 *     ends with the receiver
 * @param consumerGroup the group by its name at the broker, in place of the one that stands for the
 *     queue or the subscription; it lasts and may be shared, also with RocketMQ's clients
 * @param durable a named subscription outlives its receivers
 * @param shared several receivers may share a named subscription
 * @param maxDeliveries after so many a message goes to the dead letters of its group instead; 0 =
 *     unlimited
 * @param prefetch how many messages one request to the broker may bring; 1 fetches none ahead
 */
public record InboundSpec(
    Destination destination,
    Optional<String> selector,
    Optional<String> subscriptionName,
    Optional<String> consumerGroup,
    boolean durable,
    boolean shared,
    int maxDeliveries,
    int prefetch) {

  public InboundSpec {
    if (maxDeliveries < 0) {
      throw new IllegalArgumentException(
          "maxDeliveries = " + maxDeliveries + "; allowed: 0 (unlimited) and more");
    }
    if (prefetch < 1) {
      throw new IllegalArgumentException("prefetch = " + prefetch + "; allowed: 1 and more");
    }
  }

  public static InboundSpec queue(Destination queue, int maxDeliveries) {
    return new InboundSpec(
        queue, Optional.empty(), Optional.empty(), Optional.empty(), true, true, maxDeliveries, 1);
  }

  /** The same, with so many messages for each request to the broker. */
  public InboundSpec withPrefetch(int messages) {
    return new InboundSpec(
        destination,
        selector,
        subscriptionName,
        consumerGroup,
        durable,
        shared,
        maxDeliveries,
        messages);
  }

  /** The same, received as this group of the broker. */
  public InboundSpec withConsumerGroup(String group) {
    return new InboundSpec(
        destination,
        selector,
        subscriptionName,
        Optional.of(group),
        durable,
        shared,
        maxDeliveries,
        prefetch);
  }
}
