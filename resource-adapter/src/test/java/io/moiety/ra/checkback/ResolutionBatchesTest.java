package io.moiety.ra.checkback;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.client.HalfMessage;
import io.moiety.client.Resolution;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Which resolutions go together, and when. */
final class ResolutionBatchesTest {

  private final LaterTasks tasks = new LaterTasks();
  private final List<StoredHalf> told = new ArrayList<>();
  private final List<CompletableFuture<Void>> answers = new ArrayList<>();
  private final ResolutionBatches batches = new ResolutionBatches(this::tell, tasks);

  private CompletableFuture<Void> tell(StoredHalf half, Resolution resolution) {
    told.add(half);
    CompletableFuture<Void> answer = new CompletableFuture<>();
    answers.add(answer);
    return answer;
  }

  private static StoredHalf half(int number) {
    return new StoredHalf(
        "store", new HalfMessage("group", "topic", "key" + number, number, number * 1_000L));
  }

  private CompletableFuture<Void> add(int number) {
    return batches.add(half(number), Resolution.COMMIT);
  }

  @Test
  void oneAloneGoesAtOnceAndIsDoneWhenItIsAnswered() {
    CompletableFuture<Void> one = add(1);

    assertThat(told).containsExactly(half(1));
    assertThat(one).isNotDone();
    answers.get(0).complete(null);
    assertThat(one).isCompleted();
  }

  @Test
  void whatComesWhileABatchIsUnderWayGoesTogetherWhenAllOfItIsAnswered() {
    add(1);
    add(2);
    add(3);
    assertThat(told).containsExactly(half(1));

    answers.get(0).complete(null);
    assertThat(told).containsExactly(half(1), half(2), half(3));

    add(4);
    answers.get(1).complete(null);
    assertThat(told).doesNotContain(half(4));
    answers.get(2).complete(null);
    assertThat(told).contains(half(4));
  }

  @Test
  void afterTheLastAnswerOneGoesAtOnceAgain() {
    add(1);
    answers.get(0).complete(null);

    add(2);

    assertThat(told).containsExactly(half(1), half(2));
  }

  @Test
  void aFailureIsThatOfOneResolutionAndHoldsUpNoOther() {
    CompletableFuture<Void> first = add(1);
    CompletableFuture<Void> second = add(2);

    answers.get(0).completeExceptionally(new IllegalStateException("lost"));
    answers.get(1).complete(null);

    assertThat(first).isCompletedExceptionally();
    assertThat(second).isCompleted();
  }

  @Test
  void atMostSoManyGoTogether() {
    add(0);
    for (int number = 1; number <= 2 * ResolutionBatches.MAX_BATCH; number++) {
      add(number);
    }

    answers.get(0).complete(null);

    assertThat(told).hasSize(1 + ResolutionBatches.MAX_BATCH);
  }

  /** Some thousands at once, more than a stack has frames for. */
  @Test
  void whatIsAnsweredAtOnceIsToldBatchAfterBatchWithoutAnEnd() {
    AtomicReference<CompletableFuture<Void>> answer =
        new AtomicReference<>(new CompletableFuture<>());
    CompletableFuture<Void> first = answer.get();
    ResolutionBatches atOnce = new ResolutionBatches((half, resolution) -> answer.get(), tasks);
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int number = 0; number <= 40 * ResolutionBatches.MAX_BATCH; number++) {
      all.add(atOnce.add(half(number), Resolution.ROLLBACK));
    }
    answer.set(CompletableFuture.failedFuture(new IllegalStateException("no")));

    first.complete(null);

    assertThat(all.get(0)).isCompleted();
    assertThat(all.subList(1, all.size()))
        .allSatisfy(one -> assertThat(one).isCompletedExceptionally());
  }

  @Test
  void whatTheTellerThrowsIsTheFailureOfOneAndHoldsUpNoOther() {
    Queue<Throwable> failures =
        new ArrayDeque<>(
            List.of(new IllegalStateException("closed"), new NoClassDefFoundError("gone")));
    ResolutionBatches throwing =
        new ResolutionBatches(
            (half, resolution) -> {
              Throwable failure = failures.poll();
              if (failure instanceof RuntimeException refused) {
                throw refused;
              }
              if (failure instanceof Error refused) {
                throw refused;
              }
              return CompletableFuture.completedFuture(null);
            },
            tasks);

    assertThat(throwing.add(half(1), Resolution.COMMIT)).isCompletedExceptionally();
    assertThat(throwing.add(half(2), Resolution.COMMIT)).isCompletedExceptionally();
    assertThat(throwing.add(half(3), Resolution.COMMIT)).isCompleted();
  }

  @Test
  void whatWaitsBehindASlowAnswerGoesBesideIt() {
    add(1);
    CompletableFuture<Void> second = add(2);

    tasks.runLater();
    assertThat(told).containsExactly(half(1), half(2));
    answers.get(1).complete(null);
    assertThat(second).isCompleted();

    add(3);
    assertThat(told).containsExactly(half(1), half(2), half(3));
    add(4);
    answers.get(0).complete(null);
    assertThat(told).as("still waits for the third").doesNotContain(half(4));
    answers.get(2).complete(null);
    assertThat(told).contains(half(4));
  }

  @Test
  void waitsForABatchThatCameAfterTheOneThatWasLookedAt() {
    add(1);
    add(2);
    answers.get(0).complete(null);
    add(3);

    tasks.runLater();
    assertThat(told).as("the second is not slow yet").containsExactly(half(1), half(2));
    tasks.runLater();
    assertThat(told).containsExactly(half(1), half(2), half(3));
  }

  @Test
  void looksAtNothingWhenNothingWaits() {
    add(1);
    answers.get(0).complete(null);

    assertThat(tasks.planned()).isZero();
  }

  @Test
  void atMostSoManyAreUnansweredHoweverSlowTheBrokerIs() {
    for (int number = 0; number < 2 * ResolutionBatches.MAX_UNANSWERED; number++) {
      add(number);
    }
    for (int look = 0; look < 20; look++) {
      tasks.runLater();
    }
    assertThat(told).hasSize(ResolutionBatches.MAX_UNANSWERED);

    answers.get(7).complete(null);
    tasks.runLater();

    assertThat(told).hasSize(ResolutionBatches.MAX_UNANSWERED + 1);
  }

  @Test
  void threadsThatAddWhileOthersAnswerLeaveNothingBehind() throws Exception {
    ExecutorService broker = Executors.newFixedThreadPool(2);
    ExecutorService applications = Executors.newFixedThreadPool(4);
    try {
      ResolutionBatches shared =
          new ResolutionBatches(
              (half, resolution) -> CompletableFuture.runAsync(() -> {}, broker), tasks);
      List<Future<CompletableFuture<Void>>> adding = new ArrayList<>();
      for (int number = 0; number < 20_000; number++) {
        StoredHalf half = half(number);
        adding.add(applications.submit(() -> shared.add(half, Resolution.COMMIT)));
      }

      // Nobody runs what is planned for slow answers, so a lost wake-up would stay one.
      for (Future<CompletableFuture<Void>> one : adding) {
        one.get(30, TimeUnit.SECONDS).get(30, TimeUnit.SECONDS);
      }
    } finally {
      applications.shutdownNow();
      broker.shutdownNow();
    }
  }

  @Test
  void moreThanMayWaitIsRefusedAtOnce() {
    add(0);
    for (int number = 1; number <= 50_000; number++) {
      assertThat(add(number)).isNotDone();
    }

    assertThat(add(50_001)).isCompletedExceptionally();
  }
}
