package io.moiety.broker.retention;

import io.moiety.protocol.RecordView;

/** Knows records that must not go with their segment. Owner: the store turn. */
public interface LiveRecords {

  /**
   * A look for every record before {@code endPosition} that is still needed, while what it has
   * passed may go on changing. Nothing is lost when it adds too much: that is carried in vain. What
   * nobody needed when the look passed it is not added, though somebody may want it since.
   */
  LiveLook look(long endPosition);

  /**
   * Whether a record of the segment is needed, told from the record and what is in memory alone:
   * for when a look met damage. Whoever has no such look need not tell. As with a look, too much is
   * no harm.
   */
  default boolean needs(RecordView record) {
    return false;
  }

  /** False for a record that was added and is, just before it is carried, not needed any more. */
  default boolean isLive(RecordView record) {
    return true;
  }
}
