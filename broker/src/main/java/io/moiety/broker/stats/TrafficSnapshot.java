package io.moiety.broker.stats;

/**
 * What came and went since the broker started, of one topic or in all.
 *
 * @param messagesIn messages that consumers can get from the topic: sent, committed or due
 * @param bytesIn their records in the log, in bytes
 * @param messagesOut messages that consumers were given; one that is given again counts again
 * @param bytesOut their records, in bytes
 */
public record TrafficSnapshot(long messagesIn, long bytesIn, long messagesOut, long bytesOut) {}
