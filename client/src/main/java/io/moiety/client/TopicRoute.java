package io.moiety.client;

/** How many queues of a topic may be read and written at this broker. */
public record TopicRoute(String topic, int readQueues, int writeQueues) {}
