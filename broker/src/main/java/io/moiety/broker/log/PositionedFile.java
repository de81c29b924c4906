package io.moiety.broker.log;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that is read and written by position, whole buffers at a time. Never used by a thread that
 * may be interrupted, which would close it.
 */
public record PositionedFile(FileChannel channel) implements Closeable {

  /** Fills {@code target} from {@code index} as far as the file goes. */
  public void read(long index, ByteBuffer target) throws IOException {
    long at = index;
    while (target.hasRemaining()) {
      int count = channel.read(target, at);
      if (count < 0) {
        return;
      }
      at += count;
    }
  }

  /** Writes all remaining bytes of {@code source} at {@code index}; the file grows as needed. */
  public void write(long index, ByteBuffer source) throws IOException {
    long at = index;
    while (source.hasRemaining()) {
      at += channel.write(source, at);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /**
   * A new, renamed or removed name survives a power cut only when its directory is forced too.
   *
   * @throws ForceFailedException when it could not be, for good
   */
  public static void forceNames(Path directory) throws ForceFailedException {
    if (File.separatorChar == '\\') {
      return; // Windows opens no directories, and its file systems journal names.
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      throw new ForceFailedException("the names in " + directory, e);
    }
  }
}
