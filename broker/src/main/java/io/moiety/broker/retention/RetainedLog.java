package io.moiety.broker.retention;

import io.moiety.broker.log.DiskSpace;
import io.moiety.broker.log.SegmentInfo;
import io.moiety.broker.store.RecordSpan;
import io.moiety.protocol.RecordView;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What retention sees of the log and does to it: everything that may fail, so that the states of
 * {@link Retention} can be tried without a disk.
 *
 * <p>Owner: the store turn.
 */
interface RetainedLog {
  int segmentCount();

  /** In log order; the last one is that in which the log goes on. */
  List<SegmentInfo> segments();

  long appendedPosition();

  DiskSpace diskSpace();

  /**
   * The record.
   *
   * @throws io.moiety.broker.log.RecordDamagedException when it is not what was written
   * @throws io.moiety.broker.log.RecordUnreadableException when the disk does not give it now
   */
  RecordView read(RecordSpan record);

  /**
   * The record that begins at a position; empty where none does, or where it is damaged.
   *
   * @throws io.moiety.broker.log.RecordUnreadableException when the disk does not give it now
   */
  Optional<RecordView> find(long position);

  /** Where the log goes on behind a place that was left out; empty when there is none. */
  OptionalLong endOfBlank(long position);

  /**
   * Appends a copy that is known as the same record.
   *
   * @return the first position after the copy
   * @throws io.moiety.broker.log.AppendRefusedException when the log does not take it
   * @throws IllegalArgumentException when the record has no room for the mark of a copy
   */
  long carry(RecordView record);

  /** Lets the segments go that lie before the position, and tells the views. */
  void deleteBefore(long position);
}
