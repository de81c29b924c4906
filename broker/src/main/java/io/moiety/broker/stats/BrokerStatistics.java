package io.moiety.broker.stats;

import java.util.Map;

/**
 * What a broker has counted since it started, at one moment. Each figure is right by itself; two of
 * them may be a few messages apart. Never changes; for any thread.
 *
 * @param startedMillis when the broker started, in milliseconds since 1970
 * @param atMillis when this was read
 * @param diskTotalBytes size of the disk that the store lies on
 * @param diskUsableBytes what the broker may still write there
 * @param waitingRequests requests that wait for the store turn
 * @param waitingReads reads of stored records that wait for a thread
 * @param all all topics, also those that are deleted
 * @param topics by name, those that had traffic since the start
 * @param todayMorning all topics, when today began
 * @param yesterdayMorning all topics, when yesterday began
 * @param rates of all topics
 * @param putLatency from the arrival of a message's request at the broker to its answer, which
 *     under {@code SYNC_FLUSH} waits for the disk, in nanoseconds
 * @param flushLatency of the log's forces, in nanoseconds
 * @param firstPosition position of the oldest record in the log, in bytes
 * @param appendedPosition end of what is written
 * @param durablePosition end of what is on the disk
 * @param servedPosition end of what clients can see
 */
public record BrokerStatistics(
    long startedMillis,
    long atMillis,
    long diskTotalBytes,
    long diskUsableBytes,
    int waitingRequests,
    int waitingReads,
    TrafficSnapshot all,
    Map<String, TrafficSnapshot> topics,
    TrafficSnapshot todayMorning,
    TrafficSnapshot yesterdayMorning,
    RatesSnapshot rates,
    LatencySnapshot putLatency,
    LatencySnapshot flushLatency,
    long firstPosition,
    long appendedPosition,
    long durablePosition,
    long servedPosition) {

  public BrokerStatistics {
    topics = Map.copyOf(topics);
  }
}
