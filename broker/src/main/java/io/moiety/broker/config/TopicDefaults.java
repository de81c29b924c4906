package io.moiety.broker.config;

/**
 * What holds for messages and for topics that nobody has set up.
 *
 * @param maxMessageBytes the largest body of a message
 * @param autoCreate whether the first message to an unknown topic creates it
 * @param queues how many queues the template topic offers
 */
public record TopicDefaults(int maxMessageBytes, boolean autoCreate, int queues) {}
