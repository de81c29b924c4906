package io.moiety.broker.delivery;

/** One message of a topic. */
public record QueueOffset(int queueId, long queueOffset) {}
