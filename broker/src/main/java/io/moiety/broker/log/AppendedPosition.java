package io.moiety.broker.log;

/**
 * How far the log is appended, the greatest store timestamp so far, and what was appended since the
 * start. Written by the store turn, read by any thread.
 */
final class AppendedPosition {

  private volatile long position;
  private volatile long storeTimestampMillis;
  private volatile long records;
  private volatile long bytes;

  AppendedPosition(long position, long storeTimestampMillis) {
    this.position = position;
    this.storeTimestampMillis = storeTimestampMillis;
  }

  long position() {
    return position;
  }

  /** No record before {@link #position()}, read earlier, has a later one. */
  long storeTimestampMillis() {
    return storeTimestampMillis;
  }

  long records() {
    return records;
  }

  long bytes() {
    return bytes;
  }

  /** A record was appended. One thread at a time, so nothing is lost between read and write. */
  @SuppressWarnings("NonAtomicVolatileUpdate")
  void advance(long endPosition, int sizeBytes, long newStoreTimestampMillis) {
    storeTimestampMillis = newStoreTimestampMillis;
    records++;
    bytes += sizeBytes;
    position = endPosition;
  }
}
