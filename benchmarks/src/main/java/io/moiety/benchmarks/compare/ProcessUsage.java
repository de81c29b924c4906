package io.moiety.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What Linux says of a process.
 *
 * @param cpuMillis user and system time since its start, in steps of 10 ms
 * @param residentBytes memory that it holds now
 * @param writtenBytes what it made the page cache write, as far as the kernel counts that
 */
record ProcessUsage(long cpuMillis, long residentBytes, long writtenBytes) {

  private static final long MILLIS_PER_TICK = 10;

  /** Fields of {@code /proc/PID/stat} after the name in parentheses. */
  private static final int USER_TICKS_FIELD = 11;

  private static final int SYSTEM_TICKS_FIELD = 12;

  static ProcessUsage of(long pid) throws IOException {
    Path process = Path.of("/proc", Long.toString(pid));
    String stat = Files.readString(process.resolve("stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    long ticks =
        Long.parseLong(fields[USER_TICKS_FIELD]) + Long.parseLong(fields[SYSTEM_TICKS_FIELD]);
    return new ProcessUsage(
        ticks * MILLIS_PER_TICK,
        1024 * number(process.resolve("status"), "VmRSS:"),
        number(process.resolve("io"), "write_bytes:"));
  }

  private static long number(Path file, String name) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).strip().split(" ", 2)[0])
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElseThrow(() -> new IOException(file + " has no " + name));
  }
}
