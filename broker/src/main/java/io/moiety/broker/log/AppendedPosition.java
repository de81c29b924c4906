package io.moiety.broker.log;

/**
 * How far the log is appended, and the greatest store timestamp so far. Written by the store turn,
 * read by any thread.
 */
final class AppendedPosition {

  private volatile long position;
  private volatile long storeTimestampMillis;

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

  void advance(long newPosition, long newStoreTimestampMillis) {
    storeTimestampMillis = newStoreTimestampMillis;
    position = newPosition;
  }
}
