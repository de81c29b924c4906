package io.moiety.client;

import java.util.Optional;

/**
 * A group's subscription to a topic.
 *
 * @param durable outlives its connections; otherwise it is deleted with the last of them
 * @param exclusive for one connection at a time
 * @param selector only messages that it matches
 * @param noLocalClientId messages sent by this client are passed over
 */
public record SubscriptionSpec(
    String group,
    String topic,
    StartPosition from,
    boolean durable,
    boolean exclusive,
    Optional<String> selector,
    Optional<String> noLocalClientId) {}
