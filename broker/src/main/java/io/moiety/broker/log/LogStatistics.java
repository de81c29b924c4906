package io.moiety.broker.log;

import io.moiety.broker.stats.LatencySnapshot;

/**
 * What the log has done since it was opened, and how it stands.
 *
 * @param appendedRecords how many records
 * @param appendedBytes their size
 * @param forces how long each force took
 * @param disk the room there is
 */
public record LogStatistics(
    long appendedRecords,
    long appendedBytes,
    long firstPosition,
    long durablePosition,
    long appendedPosition,
    LatencySnapshot forces,
    DiskSpace disk) {}
