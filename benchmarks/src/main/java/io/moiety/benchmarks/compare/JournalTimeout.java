package io.moiety.benchmarks.compare;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * How long Artemis' journal waits for more before it writes: what one write of 4 KiB takes on this
 * disk, as {@code artemis create} measures it for a new broker.
 */
final class JournalTimeout {

  private static final int WRITES = 250;
  private static final int TRIES = 5;
  private static final int BLOCK_BYTES = 4096;

  private JournalTimeout() {}

  /**
   * The least of some tries, in nanoseconds.
   *
   * @param flushMode whether each write is forced
   */
  static long nanos(Path directory, FlushMode flushMode) throws IOException {
    Path file = Files.createTempFile(directory, "journal-test-", ".tmp");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(WRITES * BLOCK_BYTES));
      channel.force(true);
      long least = Long.MAX_VALUE;
      for (int i = 0; i < TRIES; i++) {
        least = Math.min(least, nanosOfAll(channel, flushMode == FlushMode.SYNC_FLUSH));
      }
      return least / WRITES;
    } finally {
      Files.delete(file);
    }
  }

  private static long nanosOfAll(FileChannel channel, boolean forced) throws IOException {
    ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
    long begin = System.nanoTime();
    for (int i = 0; i < WRITES; i++) {
      channel.write(block.clear(), (long) i * BLOCK_BYTES);
      if (forced) {
        channel.force(false);
      }
    }
    return System.nanoTime() - begin;
  }
}
