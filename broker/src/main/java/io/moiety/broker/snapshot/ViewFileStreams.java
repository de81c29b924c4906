package io.moiety.broker.snapshot;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * One file of the views from its beginning to its end, as streams. Hold no state but their place.
 */
final class ViewFileStreams {

  private ViewFileStreams() {}

  /** Writes from index 0 on. Not buffered. */
  static OutputStream output(ViewFile file) {
    return new OutputStream() {
      private long index;

      @Override
      public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
      }

      @Override
      public void write(byte[] source, int from, int length) throws IOException {
        file.write(index, ByteBuffer.wrap(source, from, length));
        index += length;
      }
    };
  }

  /** Reads the first {@code endIndex} bytes. Not buffered. */
  static InputStream input(ViewFile file, long endIndex) {
    return new InputStream() {
      private long index;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
      }

      @Override
      public int read(byte[] target, int from, int length) throws IOException {
        if (index >= endIndex) {
          return -1;
        }
        int wanted = (int) Math.min(length, endIndex - index);
        ByteBuffer part = ByteBuffer.wrap(target, from, wanted);
        file.read(index, part);
        int count = wanted - part.remaining();
        index += count;
        return count == 0 && wanted > 0 ? -1 : count;
      }
    };
  }
}
