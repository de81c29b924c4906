package io.moiety.broker.delivery;

import io.moiety.broker.filter.MessageFilter;

/**
 * RocketMQ's POP: messages that come back by themselves unless they are acknowledged in time.
 *
 * @param queueId negative for any queue of the topic
 * @param invisibleMillis how long a message is the client's own
 * @param fromEnd a group that comes to the topic first begins behind what is there now
 */
public record PopRequest(
    long connectionId,
    String group,
    String topic,
    int queueId,
    int maxMessages,
    long invisibleMillis,
    long waitMillis,
    boolean fromEnd,
    MessageFilter filter) {}
