package io.moiety.broker.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The file of a segment, past its mapping: an unreadable block is an exception here, where through
 * a mapping it can end the process, and a full disk is one too.
 *
 * <p>It is a file description of its own, so that an error that it is told by a force is not
 * withheld from the flush thread's. Owned by one thread.
 */
interface SegmentChannel extends Closeable {

  int PAGE_BYTES = 4096;

  SegmentSpan span();

  /** Fills {@code target} from {@code index} as far as the file goes. */
  void read(int index, ByteBuffer target) throws IOException;

  /**
   * Writes all remaining bytes of {@code source} at {@code index}.
   *
   * @param pieceBytes what may stay together: the most that one record makes dirty, a multiple of
   *     {@link #PAGE_BYTES}
   */
  void write(int index, ByteBuffer source, int pieceBytes) throws IOException;

  /** When this returns, everything written is on the disk. */
  void force() throws IOException;
}
