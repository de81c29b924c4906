package io.moiety.broker.delivery;

/** Messages of one queue that a session consumer has dealt with; both offsets inclusive. */
public record AckSpan(int consumer, int queueId, long firstOffset, long lastOffset) {}
