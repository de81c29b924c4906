package io.moiety.benchmarks.compare;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes a file from end to end, as fast as the disk takes it, and forces it. */
final class SequentialWrite {

  private static final int STEP_BYTES = 1024 * 1024;
  private static final int STEPS_PER_FORCE = 64;

  private SequentialWrite() {}

  static double mebibytesPerSecond(Path directory, int mebibytes) throws IOException {
    Path file = Files.createTempFile(directory, "sequential-", ".bin");
    ByteBuffer step = ByteBuffer.allocateDirect(STEP_BYTES);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      long begin = System.nanoTime();
      for (int written = 1; written <= mebibytes; written++) {
        step.clear();
        while (step.hasRemaining()) {
          channel.write(step);
        }
        if (written % STEPS_PER_FORCE == 0) {
          channel.force(false);
        }
      }
      channel.force(false);
      return mebibytes / ((System.nanoTime() - begin) / 1e9);
    } finally {
      Files.delete(file);
    }
  }
}
