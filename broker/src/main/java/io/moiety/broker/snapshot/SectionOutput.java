package io.moiety.broker.snapshot;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * The bytes of one section, in chunks, so that a section needs neither to be held in memory nor to
 * know its length before it is written:
 *
 * <pre>
 * chunk        length 4 bytes (1 to 65,536), bytes
 * end          length 0
 * </pre>
 *
 * Confined to the view thread.
 */
final class SectionOutput extends OutputStream {
  static final int MAX_CHUNK_BYTES = 64 * 1024;

  private final DataOutputStream target;
  private final byte[] chunk = new byte[MAX_CHUNK_BYTES];
  private int count;

  SectionOutput(DataOutputStream target) {
    this.target = target;
  }

  @Override
  public void write(int value) throws IOException {
    if (count == MAX_CHUNK_BYTES) {
      writeChunk();
    }
    chunk[count++] = (byte) value;
  }

  @Override
  public void write(byte[] source, int from, int length) throws IOException {
    int done = 0;
    while (done < length) {
      if (count == MAX_CHUNK_BYTES) {
        writeChunk();
      }
      int next = Math.min(length - done, MAX_CHUNK_BYTES - count);
      System.arraycopy(source, from + done, chunk, count, next);
      count += next;
      done += next;
    }
  }

  /** Writes what is left and the end; the target stays open. */
  @Override
  public void close() throws IOException {
    if (count > 0) {
      writeChunk();
    }
    target.writeInt(0);
  }

  private void writeChunk() throws IOException {
    target.writeInt(count);
    target.write(chunk, 0, count);
    count = 0;
  }
}
