package io.moiety.broker.snapshot;

import java.io.DataOutput;
import java.io.IOException;

/** The captured state of one view, on its way to the disk. Used by the view thread. */
public interface Section {

  /**
   * Writes the section. Files of the view's own that it names must be durable when this returns.
   */
  void write(DataOutput out) throws IOException;

  /**
   * The snapshot is durable and older ones will not be used any more: what only they needed may be
   * written over.
   */
  default void durable() {}
}
