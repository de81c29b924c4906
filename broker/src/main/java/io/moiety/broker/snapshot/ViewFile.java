package io.moiety.broker.snapshot;

import io.moiety.broker.log.ForceFailedException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A file of a view, read and written by position. Reads may come from several threads at once, but
 * never from an application's, whose interrupt would close the file.
 */
public interface ViewFile extends Closeable {

  /** Fills {@code target} from {@code index} as far as the file goes. */
  void read(long index, ByteBuffer target) throws IOException;

  /** Writes all remaining bytes of {@code source} at {@code index}; the file grows as needed. */
  void write(long index, ByteBuffer source) throws IOException;

  long sizeBytes() throws IOException;

  /**
   * When this returns, everything written is on the disk.
   *
   * @throws ForceFailedException when it is not; final, never to be tried again
   */
  void force() throws IOException;
}
