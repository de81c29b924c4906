package io.moiety.broker.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The executable jar, as a process of its own. */
final class StandaloneBrokerIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Pattern READY =
      Pattern.compile("Moiety broker (\\S+) is ready on 127\\.0\\.0\\.1:(\\d+), store (.+)");

  @TempDir private Path directory;

  private final List<Process> started = new ArrayList<>();
  private Path config;

  @BeforeEach
  void writeConfig() throws IOException {
    config =
        Files.writeString(
            directory.resolve("broker.properties"),
            """
            brokerName=broker-a
            bindAddress=127.0.0.1
            listenPort=0
            mappedFileSizeCommitLog=16777216
            listnPort=1
            """);
  }

  @AfterEach
  void killProcesses() {
    started.forEach(Process::destroyForcibly);
  }

  private record Run(Process process, Path out, Path err) {

    String outText() throws IOException {
      return Files.readString(out, UTF_8);
    }

    String errText() throws IOException {
      return Files.readString(err, UTF_8);
    }

    int exitCode() throws InterruptedException {
      assertThat(process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    }
  }

  private Run start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    Collections.addAll(
        command,
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-jar",
        System.getProperty("moiety.jar"));
    Collections.addAll(command, arguments);
    Path out = directory.resolve(started.size() + ".out");
    Path err = directory.resolve(started.size() + ".err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    started.add(process);
    return new Run(process, out, err);
  }

  private Run startReady(Path store) throws IOException {
    Run run = start("broker", "-c", config.toString(), "--store", store.toString());
    await()
        .atMost(TIMEOUT)
        .until(() -> READY.matcher(run.outText()).find() || !run.process().isAlive());
    assertThat(run.outText()).as(run.errText()).containsPattern(READY);
    return run;
  }

  @Test
  void saysWhenItIsReadyWarnsOfUnknownKeysAndStopsWhenToldTo() throws Exception {
    Run run = startReady(directory.resolve("store"));
    assertThat(run.outText())
        .startsWith("Moiety broker broker-a is ready on 127.0.0.1:")
        .contains("store " + directory.resolve("store"));
    assertThat(run.errText()).contains("listnPort is unknown and has no effect");

    run.process().destroy();

    assertThat(run.exitCode()).isEqualTo(128 + 15);
    assertThat(run.outText()).contains("Moiety broker broker-a has stopped");
    startReady(directory.resolve("store"));
  }

  @Test
  void portInUseIsOneClearLineAndAFailure() throws Exception {
    Run first = startReady(directory.resolve("store"));
    Matcher ready = READY.matcher(first.outText());
    assertThat(ready.find()).isTrue();

    Run second =
        start(
            "broker",
            "-c",
            config.toString(),
            "-p",
            ready.group(2),
            "--store",
            directory.resolve("other").toString());

    assertThat(second.exitCode()).isEqualTo(1);
    assertThat(second.errText())
        .contains("moiety: cannot listen on 127.0.0.1:" + ready.group(2))
        .doesNotContain("\tat ");
  }

  @Test
  void storeOfAnotherBrokerIsOneClearLineAndAFailure() throws Exception {
    Run first = startReady(directory.resolve("store"));

    Run second =
        start("broker", "-c", config.toString(), "--store", directory.resolve("store").toString());

    assertThat(second.exitCode()).isEqualTo(1);
    assertThat(second.errText())
        .contains("is in use by process " + first.process().pid())
        .doesNotContain("\tat ");
  }

  @Test
  void whatCannotBeUsedIsNamedAndAFailureOfUse() throws Exception {
    Run badPort = start("broker", "-p", "http");
    assertThat(badPort.exitCode()).isEqualTo(2);
    assertThat(badPort.errText()).contains("moiety: listenPort=http cannot be used; allowed: ");

    Run noFile = start("broker", "-c", directory.resolve("none").toString());
    assertThat(noFile.exitCode()).isEqualTo(2);
    assertThat(noFile.errText()).contains("moiety: there is no file ");

    Run version = start("--version");
    assertThat(version.exitCode()).isZero();
    assertThat(version.outText()).matches("moiety \\d+\\.\\d+\\.\\d+\\S*\\s+");
  }
}
