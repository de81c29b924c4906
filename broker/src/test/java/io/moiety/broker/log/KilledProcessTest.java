package io.moiety.broker.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The log on real files after its process was killed. */
@Timeout(180)
final class KilledProcessTest {

  private static final int KILLS = 5;
  private static final int FORCES_BEFORE_A_KILL = 100;

  @TempDir private Path directory;

  @Test
  void keepsEveryDurableRecordOnceAndInOrder() throws IOException, InterruptedException {
    for (int kill = 0; kill < KILLS; kill++) {
      long durablePosition = runAndKill();
      try (CommitLog log =
          CommitLog.open(
              AppendingProcess.config(directory), LogClock.system(), new LoggedEvents())) {
        assertThat(log.appendedPosition()).isGreaterThanOrEqualTo(durablePosition);
        long[] expected = new long[1];
        log.replay(record -> assertThat(record.queueOffset()).isEqualTo(expected[0]++));
        assertThat(expected[0]).isPositive();
      }
    }
  }

  /** The last durable position that the process told. */
  private long runAndKill() throws IOException, InterruptedException {
    Process process = AppendingProcess.start(directory);
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      long durablePosition = 0;
      for (int force = 0; force < FORCES_BEFORE_A_KILL; force++) {
        durablePosition = Long.parseLong(output.readLine());
      }
      process.toHandle().destroyForcibly();
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        durablePosition = Math.max(durablePosition, Long.parseLong(line));
      }
      return durablePosition;
    } finally {
      process.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    }
  }
}
