package io.moiety.client;

/**
 * Where a message was stored.
 *
 * @param offsetMessageId the broker's id, naming address and position
 * @param queueOffset the message's index in its queue; for a half or delayed message, in the queue
 *     that it waits in
 * @param uniqueKey the producer's id of the message, its property {@code UNIQ_KEY}
 */
public record SendReceipt(
    SendStatus status, String offsetMessageId, int queueId, long queueOffset, String uniqueKey) {}
