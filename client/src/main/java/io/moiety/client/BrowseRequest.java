package io.moiety.client;

import java.util.Optional;

/**
 * A look at a queue that takes nothing from it.
 *
 * @param group whose unacknowledged messages are shown
 */
public record BrowseRequest(
    String topic,
    String group,
    int queueId,
    long fromOffset,
    int maxMessages,
    Optional<String> selector) {}
