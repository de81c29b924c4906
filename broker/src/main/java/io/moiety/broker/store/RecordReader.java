package io.moiety.broker.store;

import io.moiety.protocol.RecordView;

/** Reads one stored record back; the result is a checked copy on the heap. */
@FunctionalInterface
public interface RecordReader {
  /**
   * The record at a position.
   *
   * @param position byte address of the record in the commit log
   * @param sizeBytes its size, as a queue entry tells it
   */
  RecordView read(long position, int sizeBytes);
}
