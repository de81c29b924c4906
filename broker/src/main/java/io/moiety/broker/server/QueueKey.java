package io.moiety.broker.server;

/** One queue of one topic. */
record QueueKey(String topic, int queueId) {}
