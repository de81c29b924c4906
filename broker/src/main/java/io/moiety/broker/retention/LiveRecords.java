package io.moiety.broker.retention;

import io.moiety.protocol.RecordView;

/** Knows records that must not go with their segment. Owner: the store turn. */
public interface LiveRecords {

  /**
   * Adds every record before {@code endPosition} that is still needed, until {@link
   * LiveSet#isFull()}. Nothing is lost when it adds too much: that is carried in vain.
   */
  void addLive(long endPosition, LiveSet live);

  /** False for a record that was added and is, just before it is carried, not needed any more. */
  default boolean isLive(RecordView record) {
    return true;
  }
}
