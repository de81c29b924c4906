package io.moiety.broker.delivery;

/**
 * What a client shows to be done with a popped message.
 *
 * @param popTimeMillis when it was popped, or its invisible time last changed
 */
public record PopHandle(
    String group, String topic, int queueId, long queueOffset, long popTimeMillis) {}
