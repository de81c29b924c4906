package io.moiety.ra.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moiety.ra.RecordedLog;
import io.moiety.ra.ServerThreads;
import io.moiety.ra.ServerThreads.Refusal;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Timer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ContainerTasksTest {

  private final ServerThreads threads = new ServerThreads();
  private final Timer timer = new Timer(true);
  private final ContainerTasks tasks = new ContainerTasks(threads, timer);
  private final AtomicInteger runs = new AtomicInteger();

  @AfterEach
  void stop() {
    tasks.close();
    threads.close();
  }

  /** A timer ends with the first exception of a task, and everything waits for the timer. */
  @ParameterizedTest
  @EnumSource
  void triesAgainWhateverWayTheServerRefusesWork(Refusal way) {
    threads.refuse(way, way);

    tasks.execute(runs::incrementAndGet);

    await().until(() -> runs.get() == 1);
    await().during(Duration.ofMillis(200)).until(() -> runs.get() == 1);
  }

  @Test
  void runsATaskOnceThatFails() {
    try (RecordedLog log = RecordedLog.of(ContainerTasks.class)) {
      tasks.execute(
          () -> {
            runs.incrementAndGet();
            throw new IllegalStateException("in the task");
          });

      await().until(() -> log.lines().contains("WARNING A task of the resource adapter failed"));
      assertThat(runs).hasValue(1);
    }
  }

  /** As WildFly's do, until they have something else to run. */
  @Test
  void keepsNoTaskByTheWorkThatAnIdleThreadKeeps() {
    WeakReference<Object> bean = runOnBehalfOfABean();
    await().until(() -> threads.last() != null);

    await()
        .until(
            () -> {
              System.gc();
              return bean.refersTo(null);
            });
    assertThat(threads.last()).isNotNull();
  }

  private WeakReference<Object> runOnBehalfOfABean() {
    Object bean = new Object();
    tasks.execute(() -> assertThat(bean).isNotNull());
    return new WeakReference<>(bean);
  }

  @Test
  void runsNothingAfterItsEnd() {
    try (RecordedLog log = RecordedLog.of(ContainerTasks.class)) {
      tasks.executeAfter(50, runs::incrementAndGet);
      tasks.close();
      tasks.execute(runs::incrementAndGet);

      await().during(Duration.ofMillis(200)).until(() -> runs.get() == 0);
      assertThat(threads.running()).isZero();
      assertThat(log.lines()).noneMatch(line -> line.startsWith("SEVERE"));
    }
  }

  @Test
  void saysThatNothingGoesOnWhenTheServerEndsTheTimer() {
    try (RecordedLog log = RecordedLog.of(ContainerTasks.class)) {
      timer.cancel();

      tasks.execute(runs::incrementAndGet);

      assertThat(log.lines())
          .singleElement()
          .asString()
          .contains("SEVERE", "timer", "Restart the resource adapter");
    }
  }
}
