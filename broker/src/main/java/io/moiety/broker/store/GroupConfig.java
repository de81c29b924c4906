package io.moiety.broker.store;

import java.util.Optional;

/**
 * A consumer group; a Jakarta Messaging subscription is one that is bound to a topic.
 *
 * @param topic the topic that the subscription is on; empty for classic groups and queues
 * @param selector messages that do not match are passed over for this group
 * @param noLocalClient messages sent by this client are passed over for this group
 * @param durable survives its connections; false: deleted with the last one and when the broker
 *     starts
 * @param exclusive one connection at a time
 * @param maxDeliveries deliveries before a message goes to the dead letters, where a request names
 *     no other number
 */
public record GroupConfig(
    String name,
    Optional<String> topic,
    Optional<String> selector,
    Optional<String> noLocalClient,
    boolean durable,
    boolean exclusive,
    int maxDeliveries) {
  /** RocketMQ's default of {@code retryMaxTimes}. */
  public static final int DEFAULT_MAX_DELIVERIES = 16;

  /** A group without subscription, as heartbeats, pulls and queue receivers make it. */
  public static GroupConfig plain(String name) {
    return new GroupConfig(
        name,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        true,
        false,
        DEFAULT_MAX_DELIVERIES);
  }
}
