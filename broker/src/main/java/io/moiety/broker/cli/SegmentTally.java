package io.moiety.broker.cli;

import io.moiety.broker.log.LogVisitor;
import io.moiety.protocol.RecordView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Counts the valid records of each segment. Confined to one thread. */
final class SegmentTally implements LogVisitor {
  private static final String LOG_DIRECTORY = "commitlog";
  private static final String SEGMENT_NAME = "\\d{20}";

  private final TreeMap<Long, Count> bySegment = new TreeMap<>();

  /** What a segment holds. */
  static final class Count {
    private long records;
    private long sizeBytes;

    long records() {
      return records;
    }

    long sizeBytes() {
      return sizeBytes;
    }
  }

  /** Counts for the segments that are there now; none when the directory is no store's. */
  static SegmentTally of(Path storeDirectory) throws IOException {
    SegmentTally tally = new SegmentTally();
    Path log = storeDirectory.resolve(LOG_DIRECTORY);
    if (Files.isDirectory(log)) {
      try (Stream<Path> files = Files.list(log)) {
        files
            .map(file -> file.getFileName().toString())
            .filter(name -> name.matches(SEGMENT_NAME))
            .forEach(name -> tally.bySegment.put(Long.parseLong(name), new Count()));
      }
    }
    return tally;
  }

  @Override
  public void record(RecordView record) {
    Optional.ofNullable(bySegment.floorEntry(record.position()))
        .map(Map.Entry::getValue)
        .ifPresent(
            count -> {
              count.records++;
              count.sizeBytes += record.sizeBytes();
            });
  }

  Count of(long basePosition) {
    return bySegment.getOrDefault(basePosition, new Count());
  }
}
