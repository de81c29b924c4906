package io.moiety.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.LogLines;
import java.lang.System.Logger.Level;
import org.junit.jupiter.api.Test;

final class SparseLogTest {

  private final SparseLog log = new SparseLog(System.getLogger(SparseLogTest.class.getName()));

  @Test
  void whatComesOftenIsSaidOnce() {
    try (LogLines lines = LogLines.of(SparseLogTest.class)) {
      for (int i = 0; i < 1_000; i++) {
        log.warn(() -> "again");
      }
      assertThat(lines.of(Level.WARNING)).containsExactly("WARN again");
    }
  }

  @Test
  void textsOfClientsAreCutAndHaveNoLineEnds() {
    try (LogLines lines = LogLines.of(SparseLogTest.class)) {
      log.warn(() -> "from\n2026 ERROR forged\r" + "a".repeat(1_000_000));
      assertThat(lines.of(Level.WARNING)).hasSize(1);
      assertThat(lines.of(Level.WARNING).get(0))
          .startsWith("WARN from?2026 ERROR forged?aaa")
          .hasSizeLessThan(3_000);
    }
  }
}
