package io.moiety.broker.snapshot;

import io.moiety.broker.store.View;
import java.io.DataInput;
import java.io.IOException;

/**
 * A view that is too large to be said again as facts: it has a section of its own in every
 * snapshot. What it derives from messages comes back from the section and the records after the
 * snapshot's position, or, without a snapshot, from all records that the log still has.
 *
 * <p>Owner: the store turn; {@link #restore} runs before there is one.
 */
public interface StoredView extends View {

  /** The name of its section, never used for anything else. */
  String sectionName();

  /** Changes with the section's format; a snapshot with another version is not used. */
  int sectionVersion();

  /**
   * In the turn, at the snapshot's position: copies what the section needs. Bounded, and without
   * touching a file.
   */
  Section capture();

  /**
   * Takes the state that {@link Section#write} wrote. The view is empty before; after a failure it
   * is thrown away with all others.
   *
   * @throws IOException when the section, or a file that it names, is not what was written
   */
  void restore(DataInput section) throws IOException;
}
