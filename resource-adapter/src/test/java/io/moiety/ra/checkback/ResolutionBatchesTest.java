package io.moiety.ra.checkback;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.client.HalfMessage;
import io.moiety.client.Resolution;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Which resolutions go together, and when. */
final class ResolutionBatchesTest {

  private final List<StoredHalf> told = new ArrayList<>();
  private final List<CompletableFuture<Void>> answers = new ArrayList<>();
  private final ResolutionBatches batches = new ResolutionBatches(this::tell);

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
  void aTellerThatAnswersAtOnceIsToldAllWithoutAnEnd() {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    ResolutionBatches atOnce =
        new ResolutionBatches(
            (half, resolution) -> CompletableFuture.failedFuture(new IllegalStateException("no")));
    for (int number = 0; number < 100; number++) {
      all.add(atOnce.add(half(number), Resolution.ROLLBACK));
    }

    assertThat(all).allSatisfy(one -> assertThat(one).isCompletedExceptionally());
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
