package io.moiety.broker.config;

import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Where and how records are stored.
 *
 * @param directory all files of one broker
 * @param segmentBytes size of one segment of the commit log
 * @param flushDiskType when a record counts as stored
 * @param flushIntervalMillis time between two forces under {@link FlushDiskType#ASYNC_FLUSH}
 * @param syncFlushTimeoutMillis how long a producer waits for a force before it is answered {@code
 *     FLUSH_DISK_TIMEOUT}
 * @param retention how long and how much is kept
 * @param snapshotIntervalBytes growth of the log after which the views are saved at the earliest
 * @param recoverFrom where the log goes on behind a damaged place that the operator gives up
 */
public record StoreConfig(
    Path directory,
    long segmentBytes,
    FlushDiskType flushDiskType,
    long flushIntervalMillis,
    long syncFlushTimeoutMillis,
    RetentionConfig retention,
    long snapshotIntervalBytes,
    OptionalLong recoverFrom) {}
