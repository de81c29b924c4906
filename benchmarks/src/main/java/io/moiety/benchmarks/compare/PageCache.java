package io.moiety.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The kernel's cache of all files, as far as one can command it. */
final class PageCache {

  private static final Path DROP = Path.of("/proc/sys/vm/drop_caches");
  private static final long SYNC_MINUTES = 10;

  private PageCache() {}

  /** Everything that waits to be written is on the device when this returns. */
  static void write() throws IOException, FigureException, InterruptedException {
    Process sync = new ProcessBuilder("sync").inheritIO().start();
    if (!sync.waitFor(SYNC_MINUTES, TimeUnit.MINUTES) || sync.exitValue() != 0) {
      throw new FigureException("sync did not end well within " + SYNC_MINUTES + " minutes");
    }
  }

  /** Empties it, so that files are read from the device again. */
  static void drop() throws IOException, FigureException, InterruptedException {
    write();
    if (!Files.isWritable(DROP)) {
      throw new FigureException("the page cache can be dropped by root only (" + DROP + ")");
    }
    Files.writeString(DROP, "3\n");
  }
}
