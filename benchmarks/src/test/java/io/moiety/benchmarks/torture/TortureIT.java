package io.moiety.benchmarks.torture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The long run, for seconds. */
class TortureIT {
  private static final String CLASS_PATH =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

  @TempDir Path work;

  @Test
  void transactionsAreExactWhileBrokerAndClientsAreKilled() throws Exception {
    long seed = System.nanoTime();
    RunDirectory run = RunDirectory.create(work, seed);
    Settings settings =
        new Settings(seed, Duration.ofSeconds(15), 2, 8, 2_500, CLASS_PATH, CLASS_PATH);

    Report report = new Torture(settings, run, new PrintWriter(System.out, true, UTF_8)).run();

    assertThat(report.findings()).as("seed %d", seed).isEmpty();
    assertThat(report.brokerKills() + report.clientKills()).isGreaterThanOrEqualTo(3);
    assertThat(report.transactions()).isGreaterThan(20);
    assertThat(report.messagesSeen()).isGreaterThan(10);
  }
}
