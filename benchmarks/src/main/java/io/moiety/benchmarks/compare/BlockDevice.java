package io.moiety.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The device under a directory, and what all processes together have written to it. Linux only.
 *
 * @param name as in {@code /proc/diskstats}
 */
record BlockDevice(String name) {

  private static final Path STATISTICS = Path.of("/proc/diskstats");
  private static final int NAME_FIELD = 2;
  private static final int SECTORS_WRITTEN_FIELD = 9;
  private static final int SECTOR_BYTES = 512;

  /** Empty when the directory is on no device of its own, such as a tmpfs or an overlay. */
  static Optional<BlockDevice> under(Path directory) throws IOException {
    long device = ((Number) Files.getAttribute(directory, "unix:dev")).longValue();
    long major = (device >>> 8) & 0xfff;
    long minor = (device & 0xff) | ((device >>> 12) & 0xfff00);
    return lines().stream()
        .filter(fields -> fields[0].equals(Long.toString(major)))
        .filter(fields -> fields[1].equals(Long.toString(minor)))
        .map(fields -> new BlockDevice(fields[NAME_FIELD]))
        .findFirst();
  }

  long writtenBytes() throws IOException {
    return lines().stream()
        .filter(fields -> fields[NAME_FIELD].equals(name))
        .mapToLong(fields -> SECTOR_BYTES * Long.parseLong(fields[SECTORS_WRITTEN_FIELD]))
        .findFirst()
        .orElseThrow(() -> new IOException(name + " is not in " + STATISTICS));
  }

  private static List<String[]> lines() throws IOException {
    return Files.readAllLines(STATISTICS).stream()
        .map(line -> line.strip().split(" +", -1))
        .toList();
  }
}
