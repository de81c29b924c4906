package io.moiety.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentFileIdsTest {

  @TempDir private Path store;

  @Test
  void tellsFilesUsedAgainFromNewOnes() throws IOException {
    Path log = Files.createDirectory(store.resolve("commitlog"));
    Path first = Files.createFile(log.resolve("00000000000000000000"));
    Files.createFile(log.resolve("00000000000000000100"));
    Files.createFile(log.resolve("durable"));
    SegmentFileIds before = SegmentFileIds.of(store);

    Files.move(first, log.resolve("00000000000000000200"));
    Files.createFile(log.resolve("00000000000000000300"));
    SegmentFileIds after = SegmentFileIds.of(store);

    assertThat(before.newest()).isEqualTo(100);
    assertThat(after.newest()).isEqualTo(300);
    assertThat(after.newSince(before)).isEqualTo(2);
    assertThat(after.usedAgainSince(before)).isEqualTo(1);
  }
}
