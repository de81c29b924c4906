package io.moiety.broker.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class StoreTurnTest {
  @Test
  void tasksOfManyThreadsRunOneAtATimeAndNoneIsLost() throws InterruptedException {
    AtomicInteger ends = new AtomicInteger();
    StoreTurn turn = new StoreTurn(1_000_000, ends::incrementAndGet, () -> {});
    int[] unguarded = new int[1];
    int threads = 8;
    int tasks = 20_000;
    CountDownLatch done = new CountDownLatch(threads);
    for (int t = 0; t < threads; t++) {
      new Thread(
              () -> {
                for (int i = 0; i < tasks; i++) {
                  turn.offer(() -> unguarded[0]++);
                }
                done.countDown();
              })
          .start();
    }
    assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
    Awaitility.await().until(() -> read(turn, unguarded) == threads * tasks);
    assertThat(ends.get()).isPositive();
  }

  private static int read(StoreTurn turn, int[] unguarded) {
    int[] seen = new int[1];
    turn.post(() -> seen[0] = unguarded[0]);
    return seen[0];
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException unexpected) {
      throw new AssertionError(unexpected);
    }
  }

  @Test
  void aTaskThatBringsAnotherFinishesFirst() {
    List<String> order = new ArrayList<>();
    StoreTurn[] turn = new StoreTurn[1];
    turn[0] = new StoreTurn(10, () -> order.add("end"), () -> {});
    turn[0].offer(
        () -> {
          turn[0].post(() -> order.add("second"));
          order.add("first");
        });
    assertThat(order).startsWith("first", "second").endsWith("end");
  }

  @Test
  void oneMoreThanMayWaitIsRefused() {
    StoreTurn[] turn = new StoreTurn[1];
    turn[0] = new StoreTurn(2, () -> {}, () -> {});
    List<Boolean> taken = new ArrayList<>();
    turn[0].post(
        () -> {
          for (int i = 0; i < 3; i++) {
            taken.add(turn[0].offer(() -> {}));
          }
        });
    assertThat(taken).containsExactly(true, true, false);
  }

  @Test
  void aTaskThatFailsDoesNotStopTheNext() {
    List<String> order = new ArrayList<>();
    StoreTurn turn = new StoreTurn(10, () -> {}, () -> {});
    turn.offer(
        () -> {
          throw new IllegalStateException("wanted by the test");
        });
    turn.offer(() -> order.add("next"));
    assertThat(order).containsExactly("next");
  }

  @Test
  void theLastTaskRunsOnTheThreadThatEndsTheStoreEvenWhenAnotherHasTheTurn() throws Exception {
    StoreTurn turn = new StoreTurn(10, () -> {}, () -> {});
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    List<String> order = new CopyOnWriteArrayList<>();
    Thread other =
        new Thread(
            () ->
                turn.post(
                    () -> {
                      held.countDown();
                      await(release);
                    }));
    other.start();
    assertThat(held.await(30, TimeUnit.SECONDS)).isTrue();
    turn.post(() -> order.add("before"));
    Thread ending =
        new Thread(() -> turn.runHere(() -> order.add(Thread.currentThread().getName())), "ending");
    ending.start();
    Awaitility.await().until(() -> ending.getState() == Thread.State.WAITING);
    release.countDown();
    ending.join(30_000);
    other.join(30_000);
    assertThat(order).containsExactly("before", "ending");
  }
}
