package io.moiety.broker.log;

import io.moiety.protocol.RecordView;

/** Is shown the log by a {@link LogInspection}, in order of positions. */
public interface LogVisitor {

  /**
   * A valid record.
   *
   * @param record valid only during the call
   */
  default void record(RecordView record) {}

  /**
   * A place without a record: the rest of a segment, left out when the next record did not fit, or
   * what was given up as damaged.
   *
   * @param sizeBytes how much
   */
  default void blank(long position, int sizeBytes) {}

  /** A damaged place. */
  default void damage(LogDamage damage) {}
}
