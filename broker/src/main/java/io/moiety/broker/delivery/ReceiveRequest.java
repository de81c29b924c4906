package io.moiety.broker.delivery;

import io.moiety.broker.filter.MessageFilter;

/**
 * A session consumer asks for messages.
 *
 * @param consumer number of the consumer, chosen by the client, unique in the session
 * @param waitMillis 0 for a definite answer now
 * @param handOver the messages count as delivered with this answer
 * @param maxDeliveries a message delivered this often goes to the dead letters; 0 for never
 * @param filter what this request wants; other messages stay for others
 */
public record ReceiveRequest(
    long connectionId,
    long session,
    int consumer,
    String group,
    String topic,
    int maxMessages,
    int maxBytes,
    long waitMillis,
    boolean handOver,
    int maxDeliveries,
    MessageFilter filter) {}
