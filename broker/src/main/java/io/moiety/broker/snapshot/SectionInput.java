package io.moiety.broker.snapshot;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads what {@link SectionOutput} wrote, to the end of the section and no further. */
final class SectionInput extends InputStream {
  private final DataInputStream source;
  private int leftInChunk;
  private boolean ended;

  SectionInput(DataInputStream source) {
    this.source = source;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (leftInChunk == 0) {
      beginChunk();
    }
    if (ended) {
      return -1;
    }
    int count = source.read(target, from, Math.min(length, leftInChunk));
    leftInChunk -= Math.max(0, count);
    return count;
  }

  private void beginChunk() throws IOException {
    if (!ended) {
      leftInChunk = source.readInt();
      ended = leftInChunk == 0;
      if (leftInChunk < 0 || leftInChunk > SectionOutput.MAX_CHUNK_BYTES) {
        throw new IOException("a chunk of " + leftInChunk + " bytes is none");
      }
    }
  }
}
