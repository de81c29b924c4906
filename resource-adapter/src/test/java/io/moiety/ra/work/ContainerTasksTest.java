package io.moiety.ra.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moiety.ra.ServerThreads;
import java.time.Duration;
import java.util.Timer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ContainerTasksTest {

  private final ServerThreads threads = new ServerThreads();
  private final ContainerTasks tasks = new ContainerTasks(threads, new Timer(true));
  private final AtomicInteger runs = new AtomicInteger();

  @AfterEach
  void stop() {
    tasks.close();
    threads.close();
  }

  /** A timer ends with the first exception of a task, and everything waits for the timer. */
  @Test
  void triesAgainWhenTheServerTakesNoWork() {
    threads.refuse(2);

    tasks.execute(runs::incrementAndGet);

    await().until(() -> runs.get() == 1);
  }

  @Test
  void runsNothingAfterItsEnd() {
    tasks.executeAfter(50, runs::incrementAndGet);
    tasks.close();
    tasks.execute(runs::incrementAndGet);

    await().during(Duration.ofMillis(200)).until(() -> runs.get() == 0);
    assertThat(threads.running()).isZero();
  }
}
