package io.moiety.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that does not let a record be read says nothing about the record. */
class UnreadableRecordTest {
  private static final int SEGMENT_BYTES = 256 * 1024;

  @TempDir Path directory;

  @Test
  void aRecordWhoseFileCannotBeOpenedIsNotTakenForDamagedAndIsThereAfterwards() throws IOException {
    LogConfig config =
        new LogConfig(
            directory, SEGMENT_BYTES, 128 * 1024, 5, 32 * 1024, 0, 0, OptionalLong.empty());
    try (CommitLog log = CommitLog.open(config, System::currentTimeMillis, new NobodyHears())) {
      Appended first = PatientAppends.append(log, Drafts.ofSize(1, 512));
      Path segment = directory.resolve("commitlog").resolve("%020d".formatted(0));
      Path away = directory.resolve("away");
      Files.move(segment, away);
      Awaitility.await()
          .atMost(60, TimeUnit.SECONDS)
          .untilAsserted(
              () -> {
                // A segment leaves memory at a roll, when it is durable and far enough behind.
                PatientAppends.append(log, Drafts.ofSize(2, 16 * 1024));
                assertThatThrownBy(() -> log.read(first.position(), first.sizeBytes()))
                    .isInstanceOf(RecordUnreadableException.class)
                    .hasMessageContaining("position " + first.position());
              });
      Files.move(away, segment);
      assertThat(log.read(first.position(), first.sizeBytes()).position())
          .isEqualTo(first.position());
    }
  }

  private static final class NobodyHears implements LogEvents {
    @Override
    public void durableAdvanced(long durablePosition) {}

    @Override
    public void failed(Throwable cause) {
      throw new AssertionError(cause);
    }
  }
}
