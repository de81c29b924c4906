package io.moiety.broker.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.log.PutStatus;
import io.moiety.broker.store.Journal.Logged;
import io.moiety.broker.store.RecordSpan;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What producers decide of half messages, and what they are told. */
class HalfResolutionTest {
  @TempDir Path directory;
  private HalfBench bench;

  @BeforeEach
  void open() {
    bench = HalfBench.open(directory);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void aCommittedHalfMessageIsSeenOnceAlsoAfterARestart() {
    Logged half = bench.half("a");
    bench.resolve(half, "a", true);
    bench.resolve(half, "a", true);
    bench.reopen();
    assertThat(bench.store.served("orders")).containsExactly("a");
    assertThat(bench.answers).containsOnly(new Resolver.Answer.Resolved(PutStatus.PUT_OK));
  }

  @Test
  void aResolutionReadsItsHalfMessageAndNothingElse() {
    Logged half = bench.half("a");
    assertThat(bench.resolver.reads(bench.target(half, "a")))
        .containsExactly(new RecordSpan(half.position(), half.sizeBytes()));
    bench.resolve(half, "a", true);
    List<RecordSpan> ended = bench.resolver.reads(bench.target(half, "a"));
    assertThat(ended).extracting(RecordSpan::position).containsExactly(half.position());
  }

  @Test
  void theFirstResolutionIsFinal() {
    Logged half = bench.half("a");
    bench.resolve(half, "a", false);
    bench.resolve(half, "a", true);
    assertThat(bench.answers.get(1)).isInstanceOf(Resolver.Answer.Refused.class);
    bench.reopen();
    bench.resolve(half, "a", true);
    assertThat(bench.answers.get(2)).isInstanceOf(Resolver.Answer.Refused.class);
    assertThat(bench.store.served("orders")).isEmpty();
  }

  @Test
  void aResolutionThatNamesAnotherMessageIsRefused() {
    Logged half = bench.half("a");
    bench.resolver.resolve(bench.target(half, "b"), true, bench.store.now(), bench.answers::add);
    bench.resolver.resolve(
        new Resolver.Target(half.position(), half.queueOffset(), "other", "Ka"),
        true,
        bench.store.now(),
        bench.answers::add);
    bench.resolver.resolve(
        new Resolver.Target(half.position(), half.queueOffset() + 1, "shop", "Ka"),
        true,
        bench.store.now(),
        bench.answers::add);
    assertThat(bench.answers).hasSize(3).hasOnlyElementsOfType(Resolver.Answer.Refused.class);
  }

  @Test
  void aDecisionIsForWhoMaySendToTheRealTopicAndKnowsTheId() {
    Logged half = bench.half("a");
    Resolver.Claimant another = topic -> topic.equals("own");
    bench.resolver.resolve(
        bench.target(half, "a"), another, true, bench.store.now(), bench.answers::add);
    bench.resolver.resolve(
        bench.target(half, "a"), another, false, bench.store.now(), bench.answers::add);
    Resolver.Claimant shop = topic -> topic.equals("orders");
    for (String id : List.of("", "Kb")) {
      bench.resolver.resolve(
          new Resolver.Target(half.position(), half.queueOffset(), "shop", id),
          shop,
          true,
          bench.store.now(),
          bench.answers::add);
    }
    assertThat(bench.answers).hasSize(4).containsOnly(new Resolver.Answer.NotPermitted());

    bench.resolver.resolve(
        bench.target(half, "a"), shop, true, bench.store.now(), bench.answers::add);
    bench.store.flush();
    assertThat(bench.answers).last().isEqualTo(new Resolver.Answer.Resolved(PutStatus.PUT_OK));
    assertThat(bench.store.served("orders")).containsExactly("a");
  }

  @Test
  void aRepeatedDecisionIsAnsweredToWhoMightHaveMadeItOnly() {
    Logged half = bench.half("a");
    bench.resolve(half, "a", true);
    bench.answers.clear();
    bench.resolver.resolve(
        bench.target(half, "a"), topic -> false, true, bench.store.now(), bench.answers::add);
    bench.resolver.resolve(
        bench.target(half, "b"), topic -> true, true, bench.store.now(), bench.answers::add);
    assertThat(bench.answers).hasSize(2).containsOnly(new Resolver.Answer.NotPermitted());
    bench.resolve(half, "b", true);
    assertThat(bench.answers.get(2)).isInstanceOf(Resolver.Answer.Refused.class);
    bench.resolver.resolve(
        bench.target(half, "a"), topic -> true, true, bench.store.now(), bench.answers::add);
    bench.store.flush();
    assertThat(bench.answers).last().isEqualTo(new Resolver.Answer.Resolved(PutStatus.PUT_OK));
  }

  @Test
  void aRepeatedResolutionIsNotConfirmedBeforeTheFirstIsDurable() {
    Logged half = bench.half("a");
    bench.store.flush();
    bench.resolver.resolve(bench.target(half, "a"), true, bench.store.now(), bench.answers::add);
    bench.resolver.resolve(bench.target(half, "a"), true, bench.store.now(), bench.answers::add);
    assertThat(bench.answers).isEmpty();
    bench.store.flush();
    assertThat(bench.answers)
        .hasSize(2)
        .containsOnly(new Resolver.Answer.Resolved(PutStatus.PUT_OK));
  }
}
