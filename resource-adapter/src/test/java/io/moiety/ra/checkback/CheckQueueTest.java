package io.moiety.ra.checkback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moiety.client.CheckBack;
import io.moiety.client.HalfState;
import io.moiety.client.Resolution;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The questions of a real broker, which puts a half message aside after two checks in vain. */
@Timeout(120)
final class CheckQueueTest {

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<CheckBack> asked = new CopyOnWriteArrayList<>();
  @TempDir private Path store;
  private MemberAtBroker member;

  @AfterEach
  void stop() {
    member.close();
    threads.shutdownNow();
  }

  private void join(Function<CheckBack, Resolution> answers) throws Exception {
    Tasks tasks =
        new Tasks() {
          @Override
          public void execute(Runnable task) {
            threads.execute(task);
          }

          @Override
          public void executeAfter(long delayMillis, Runnable task) {
            throw new AssertionError("nothing is put off here");
          }
        };
    CheckQueue queue =
        new CheckQueue(
            tasks,
            check -> {
              asked.add(check);
              return answers.apply(check);
            });
    member = MemberAtBroker.join(store, MemberAtBroker.IMPATIENT, queue::add);
  }

  private StoredHalf send() throws Exception {
    return member.send(1);
  }

  private HalfState state(StoredHalf half) throws Exception {
    return member.state(half);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  @Test
  void answersWhatWasDecided() throws Exception {
    join(check -> Resolution.COMMIT);
    StoredHalf half = send();

    await().until(() -> state(half) == HalfState.COMMITTED);
  }

  @Test
  void whatCannotBeDecidedNowDoesNotUseUpTheChecks() throws Exception {
    join(
        check -> {
          if (asked.size() > 5) {
            return Resolution.COMMIT;
          }
          throw new IllegalStateException("no connection in the pool");
        });
    StoredHalf half = send();

    await().until(() -> state(half) == HalfState.COMMITTED);
  }

  @Test
  void oneThatHangsIsAskedAboutOnceAndHoldsUpNoOther() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    join(
        check -> {
          if (asked.size() == 1) {
            awaitUninterruptibly(hanging);
          }
          return Resolution.COMMIT;
        });
    StoredHalf first = send();
    await().until(() -> asked.size() == 1);
    StoredHalf second = send();
    await().until(() -> state(second) == HalfState.COMMITTED);
    StoredHalf third = send();
    await().until(() -> state(third) == HalfState.COMMITTED);

    assertThat(state(first)).isEqualTo(HalfState.OPEN);
    assertThat(asked).extracting(CheckBack::half).doesNotHaveDuplicates();
    hanging.countDown();
    await().until(() -> state(first) == HalfState.COMMITTED);
  }

  @Test
  void takesFewThreadsWhateverIsAsked() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    join(
        check -> {
          awaitUninterruptibly(hanging);
          return Resolution.COMMIT;
        });
    List<StoredHalf> halves = new CopyOnWriteArrayList<>();
    for (int half = 0; half < 6; half++) {
      halves.add(send());
    }
    await().until(() -> asked.size() == 4);
    await().during(500, TimeUnit.MILLISECONDS).until(() -> asked.size() == 4);

    hanging.countDown();

    for (StoredHalf half : halves) {
      await().until(() -> state(half) == HalfState.COMMITTED);
    }
  }
}
