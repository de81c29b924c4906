package io.moiety.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Which file each segment of Moiety's log has, by the file's identity, at one time: a file that
 * bears another segment's name later is used again.
 *
 * @param byPosition inode numbers, by the position in the name
 */
record SegmentFileIds(Map<Long, Long> byPosition) {

  static SegmentFileIds of(Path store) throws IOException {
    Map<Long, Long> ids = new TreeMap<>();
    try (Stream<Path> files = Files.list(store.resolve("commitlog"))) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.matches("\\d{20}")) {
          id(file).ifPresent(id -> ids.put(Long.valueOf(name), id));
        }
      }
    }
    return new SegmentFileIds(Map.copyOf(ids));
  }

  /** Empty when the broker has deleted or renamed it meanwhile. */
  private static Optional<Long> id(Path file) throws IOException {
    try {
      return Optional.of(((Number) Files.getAttribute(file, "unix:ino")).longValue());
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    }
  }

  /** The position at which the newest segment begins; 0 when there is none. */
  long newest() {
    return byPosition.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
  }

  /** How many of these segments have a file that another segment had before. */
  long usedAgainSince(SegmentFileIds before) {
    return byPosition.entrySet().stream()
        .filter(segment -> !before.byPosition.containsKey(segment.getKey()))
        .filter(segment -> before.byPosition.containsValue(segment.getValue()))
        .count();
  }

  /** How many of these segments were not there before. */
  long newSince(SegmentFileIds before) {
    return byPosition.keySet().stream()
        .filter(position -> !before.byPosition.containsKey(position))
        .count();
  }
}
