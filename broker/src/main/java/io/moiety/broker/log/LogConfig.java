package io.moiety.broker.log;

import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Where the log lies and how large its parts are.
 *
 * @param storeDirectory the directory of the whole store; the log takes {@code commitlog/} in it,
 *     and {@code lock} and {@code lock.holder}
 * @param segmentSizeBytes size of a new segment; segments that exist keep theirs
 * @param maxRecordBytes largest record that is accepted
 * @param flushIntervalMillis how long an appended record waits for a force that nobody asks for
 * @param allocationStepBytes how much of a segment is prepared at a time
 * @param allocationPauseMillis rest between two such steps while there is no hurry
 * @param mappedBytes how much behind the tail stays mapped, in whole segments; older ones are read
 *     through their files
 * @param recoverFrom where the log goes on behind a damaged place that an operator gives up
 */
public record LogConfig(
    Path storeDirectory,
    int segmentSizeBytes,
    int maxRecordBytes,
    long flushIntervalMillis,
    int allocationStepBytes,
    long allocationPauseMillis,
    long mappedBytes,
    OptionalLong recoverFrom) {

  /** No record is larger, whatever is configured: readers bound their buffers by it. */
  public static final int LARGEST_RECORD_BYTES = 32 * 1024 * 1024;

  /** Between a record and the end of its segment there must be room for a blank record. */
  private static final int SEGMENT_RESERVE_BYTES = 4096;

  public LogConfig {
    require(maxRecordBytes, 1, LARGEST_RECORD_BYTES, "maxRecordBytes");
    require(
        segmentSizeBytes,
        maxRecordBytes + SEGMENT_RESERVE_BYTES,
        Integer.MAX_VALUE,
        "segmentSizeBytes (which must hold a record of maxRecordBytes)");
    require(flushIntervalMillis, 1, 3_600_000, "flushIntervalMillis");
    require(allocationStepBytes, 4096, Integer.MAX_VALUE, "allocationStepBytes");
    require(allocationPauseMillis, 0, 10_000, "allocationPauseMillis");
    require(mappedBytes, 0, Long.MAX_VALUE, "mappedBytes");
  }

  /** 64 MiB segments, records up to 8 MiB, a force every 500 ms. */
  public static LogConfig of(Path storeDirectory) {
    return new LogConfig(
        storeDirectory,
        64 * 1024 * 1024,
        8 * 1024 * 1024,
        500,
        1024 * 1024,
        16,
        256 * 1024 * 1024,
        OptionalLong.empty());
  }

  public LogConfig withSegmentSizeBytes(int segmentSizeBytes) {
    return changed(values -> values.segmentSizeBytes = segmentSizeBytes);
  }

  public LogConfig withMaxRecordBytes(int maxRecordBytes) {
    return changed(values -> values.maxRecordBytes = maxRecordBytes);
  }

  public LogConfig withFlushIntervalMillis(long flushIntervalMillis) {
    return changed(values -> values.flushIntervalMillis = flushIntervalMillis);
  }

  public LogConfig withMappedBytes(long mappedBytes) {
    return changed(values -> values.mappedBytes = mappedBytes);
  }

  public LogConfig withRecoverFrom(OptionalLong recoverFrom) {
    return changed(values -> values.recoverFrom = recoverFrom);
  }

  private LogConfig changed(Consumer<Values> change) {
    Values values = new Values(this);
    change.accept(values);
    return new LogConfig(
        storeDirectory,
        values.segmentSizeBytes,
        values.maxRecordBytes,
        values.flushIntervalMillis,
        allocationStepBytes,
        allocationPauseMillis,
        values.mappedBytes,
        values.recoverFrom);
  }

  /** What can be changed, on its way to another configuration. */
  private static final class Values {
    private int segmentSizeBytes;
    private int maxRecordBytes;
    private long flushIntervalMillis;
    private long mappedBytes;
    private OptionalLong recoverFrom;

    Values(LogConfig from) {
      segmentSizeBytes = from.segmentSizeBytes;
      maxRecordBytes = from.maxRecordBytes;
      flushIntervalMillis = from.flushIntervalMillis;
      mappedBytes = from.mappedBytes;
      recoverFrom = from.recoverFrom;
    }
  }

  /**
   * What may be appended in one piece: as much as is prepared ahead of the appends, and fits a
   * segment.
   */
  int maxTogetherBytes() {
    return (int) Math.min(2L * maxRecordBytes, segmentSizeBytes - SEGMENT_RESERVE_BYTES);
  }

  private static void require(long value, long least, long most, String name) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s is %d; allowed are %d to %d".formatted(name, value, least, most));
    }
  }
}
