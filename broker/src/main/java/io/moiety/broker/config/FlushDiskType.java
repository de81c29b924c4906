package io.moiety.broker.config;

/** When a message counts as stored. RocketMQ's {@code flushDiskType}. */
public enum FlushDiskType {
  /** Forced to disk before it is answered or delivered; one force serves all who wait. */
  SYNC_FLUSH,
  /** Written, and forced at intervals: a crash of the machine may lose the last of them. */
  ASYNC_FLUSH
}
