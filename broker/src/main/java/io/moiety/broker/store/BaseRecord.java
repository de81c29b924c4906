package io.moiety.broker.store;

import java.util.List;

/**
 * What a record of a base holds: the body of a record on {@link
 * io.moiety.protocol.SystemTopics#STATE} with queue id {@link #QUEUE_ID}, see {@link
 * BaseRecordCodec} for the bytes.
 */
sealed interface BaseRecord {
  /** Tells the records of bases from facts that are news, which have queue id 0. */
  int QUEUE_ID = 1;

  /**
   * The first record of a base.
   *
   * @param format of the base's other records
   * @param id in the marks of this base and in the snapshot that belongs to it, and nowhere else
   */
  record Begun(int format, String id) implements BaseRecord {}

  /** Some of the facts, in the order in which they are to be applied. */
  record Said(List<SystemRecord> facts) implements BaseRecord {}

  /**
   * The last record: the base is complete if so many records were between it and the begin mark.
   */
  record Ended(String id, int factRecords) implements BaseRecord {}
}
