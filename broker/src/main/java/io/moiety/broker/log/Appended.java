package io.moiety.broker.log;

/**
 * Where a record was put.
 *
 * @param position first byte of the record in the log
 * @param sizeBytes whole size of the record
 * @param storeTimestampMillis when it was appended; never smaller than that of an earlier record
 */
public record Appended(long position, int sizeBytes, long storeTimestampMillis) {

  /** The first byte after the record: once the log is durable up to here, the record is. */
  public long endPosition() {
    return position + sizeBytes;
  }
}
