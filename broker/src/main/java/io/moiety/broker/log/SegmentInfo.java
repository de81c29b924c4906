package io.moiety.broker.log;

/**
 * A segment of the log, for those who decide how long it stays.
 *
 * @param basePosition its first position
 * @param endPosition the first position after it; of the last one, the end of the log
 * @param greatestStoreTimestampMillis no record in it is later. Of a segment that was complete
 *     before the broker started it is the time of a record soon after it, and so a little late
 */
public record SegmentInfo(long basePosition, long endPosition, long greatestStoreTimestampMillis) {}
