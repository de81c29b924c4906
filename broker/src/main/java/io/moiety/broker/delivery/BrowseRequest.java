package io.moiety.broker.delivery;

import io.moiety.broker.filter.MessageFilter;

/** Somebody wants to see messages without taking them. */
public record BrowseRequest(
    String group,
    String topic,
    int queueId,
    long fromOffset,
    int maxMessages,
    MessageFilter filter) {}
