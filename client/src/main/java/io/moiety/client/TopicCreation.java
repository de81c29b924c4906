package io.moiety.client;

/**
 * A topic as it is after a request to create it.
 *
 * @param created false when it was there before
 */
public record TopicCreation(int queues, boolean created) {}
