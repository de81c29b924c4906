package io.moiety.broker.system;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file system in memory that is small enough to be filled. Only root can mount one. */
final class SmallDisk implements AutoCloseable {
  private static final int STEP_BYTES = 64 * 1024;

  private final Path directory;

  private SmallDisk(Path directory) {
    this.directory = directory;
  }

  /** Mounted at the directory; where that cannot be, the test is skipped. */
  static SmallDisk mount(Path directory, int sizeMiB) throws IOException {
    Files.createDirectories(directory);
    Outcome mounted =
        run("mount", "-t", "tmpfs", "-o", "size=" + sizeMiB + "m", "tmpfs", directory.toString());
    assumeTrue(
        mounted.exitCode() == 0, "a small file system cannot be mounted: " + mounted.output());
    return new SmallDisk(directory);
  }

  Path directory() {
    return directory;
  }

  /** A foreign file takes all that is left but so much. */
  Path takeAllBut(String name, long leftBytes) throws IOException {
    Path file = directory.resolve(name);
    FileStore space = Files.getFileStore(directory);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (space.getUsableSpace() > leftBytes) {
        long step = Math.min(STEP_BYTES, space.getUsableSpace() - leftBytes);
        if (channel.write(ByteBuffer.allocate((int) step)) == 0) {
          break;
        }
      }
    } catch (IOException full) {
      if (space.getUsableSpace() > STEP_BYTES) {
        throw full;
      }
    }
    return file;
  }

  @Override
  public void close() throws IOException {
    Outcome unmounted = run("umount", directory.toString());
    if (unmounted.exitCode() != 0) {
      throw new IOException(directory + " stays mounted: " + unmounted.output());
    }
  }

  private record Outcome(int exitCode, String output) {}

  private static Outcome run(String... command) throws IOException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException noSuchCommand) {
      return new Outcome(-1, noSuchCommand.toString());
    }
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      return new Outcome(process.waitFor(), output);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
