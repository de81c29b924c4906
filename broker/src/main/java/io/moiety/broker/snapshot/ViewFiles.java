package io.moiety.broker.snapshot;

import io.moiety.broker.log.ForceFailedException;
import java.io.IOException;
import java.util.List;

/**
 * The files of the views, by name. The seam at which a test puts simulated files that can lose
 * power. Used by the view thread, and by the starting thread before that.
 */
public interface ViewFiles {

  /** The names that exist, in order. */
  List<String> list() throws IOException;

  /** Opens a file to be read and written, made when there is none. */
  ViewFile open(String name) throws IOException;

  /**
   * Gives a closed, forced file its final name; replaces what had it. Stays when this returns.
   *
   * @throws ForceFailedException when that is not sure
   */
  void rename(String from, String to) throws IOException;

  /** Removes a file if it is there. Is gone when this returns. */
  void delete(String name) throws IOException;
}
