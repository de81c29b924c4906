package io.moiety.client;

import io.moiety.protocol.RecordView;

/**
 * A message handed to this session, its own until it is acknowledged, released or recovered.
 *
 * @param consumer the consumer of the session that received it
 * @param deliveryCount how often it was handed over, this time included
 */
public record Delivery(
    int consumer, int queueId, long queueOffset, int deliveryCount, RecordView record) {}
