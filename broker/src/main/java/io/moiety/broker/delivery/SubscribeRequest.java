package io.moiety.broker.delivery;

import java.util.Optional;

/**
 * Somebody wants a subscription to be there.
 *
 * @param fromFirst a new one begins with what the topic holds; else behind it
 * @param durable outlives its connections
 * @param exclusive one consumer at a time
 */
public record SubscribeRequest(
    long connectionId,
    String group,
    String topic,
    boolean fromFirst,
    boolean durable,
    boolean exclusive,
    Optional<String> selector,
    Optional<String> noLocalClient) {}
