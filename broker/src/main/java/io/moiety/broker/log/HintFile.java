package io.moiety.broker.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A few bytes that are overwritten in place. Owned by one thread at a time. */
interface HintFile extends Closeable {

  /** Fills {@code target} from {@code index} as far as the file goes. */
  void read(int index, ByteBuffer target) throws IOException;

  void write(int index, ByteBuffer source) throws IOException;

  /** When this returns, what was written is on the disk. */
  void force() throws IOException;
}
