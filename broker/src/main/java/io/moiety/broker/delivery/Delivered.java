package io.moiety.broker.delivery;

import io.moiety.protocol.RecordView;

/**
 * A message in an answer.
 *
 * @param deliveryCount deliveries of the message to its group, including this one
 */
public record Delivered(int queueId, long queueOffset, int deliveryCount, RecordView record) {}
