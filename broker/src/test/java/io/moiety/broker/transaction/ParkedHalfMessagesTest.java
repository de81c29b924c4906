package io.moiety.broker.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.retention.Looks;
import io.moiety.broker.store.Journal.Logged;
import io.moiety.broker.transaction.AdministratorDecisions.Verdict;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SystemTopics;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Half messages that are out of the way of the checks, and how they come there. */
class ParkedHalfMessagesTest {
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
  void whatNobodyResolvesIsParkedAndNotDropped() {
    bench.half("a");
    bench.store.flush();
    bench.askInVain();
    bench.store.flush();
    assertThat(bench.checks).hasSize(HalfBench.MAX_CHECKS);
    assertThat(bench.store.halves.openCount()).isZero();
    assertThat(bench.store.served(SystemTopics.CHECK_MAX_TIME)).containsExactly("a");
  }

  @Test
  void aProducerThatComesAfterItsMessageWasParkedHearsThatItIsNotDelivered() {
    Logged half = bench.half("a");
    bench.store.flush();
    bench.askInVain();
    bench.resolve(half, "a", true);
    assertThat(bench.answers).hasSize(1).hasOnlyElementsOfType(Resolver.Answer.Refused.class);
    assertThat(bench.store.served("orders")).isEmpty();
  }

  @Test
  void whatNobodyIsThereToAnswerForIsParkedAfterTheReservedTime() {
    bench.half("a");
    bench.store.flush();
    bench.producerConnected = false;
    bench.store.wallMillis.addAndGet(HalfBench.INTERVAL_MILLIS);
    bench.lookUntil(bench.store.now() + HalfBench.UNASKED_MILLIS - 1);
    assertThat(bench.store.halves.openCount()).isEqualTo(1);
    bench.lookUntil(bench.store.now() + HalfBench.INTERVAL_MILLIS);
    bench.store.flush();
    assertThat(bench.checks).isEmpty();
    assertThat(bench.store.served(SystemTopics.CHECK_MAX_TIME)).containsExactly("a");
  }

  @Test
  void aProducerThatDoesNotReadForAMomentIsNotAbsentForTheReservedTime() {
    bench.half("a");
    bench.store.flush();
    bench.store.wallMillis.addAndGet(2 * HalfBench.UNASKED_MILLIS);
    bench.producerReads = false;
    bench.checkBack.run(bench.store.now());
    assertThat(bench.store.halves.openCount()).isEqualTo(1);
    bench.producerReads = true;
    bench.lookUntil(bench.store.now() + HalfBench.INTERVAL_MILLIS);
    assertThat(bench.checks).hasSize(1);

    bench.producerReads = false;
    bench.lookUntil(bench.store.now() + HalfBench.LONG_MILLIS);
    bench.lookUntil(bench.store.now() + HalfBench.UNASKED_MILLIS);
    bench.store.flush();
    assertThat(bench.store.served(SystemTopics.CHECK_MAX_TIME)).containsExactly("a");
  }

  @Test
  void aHalfMessageThatCannotBeParkedNowKeepsNoOtherFromBeingAskedAbout() {
    bench.half("a");
    bench.store.flush();
    for (int i = 0; i < HalfBench.MAX_CHECKS; i++) {
      bench.store.wallMillis.addAndGet(HalfBench.LONG_MILLIS);
      bench.checkBack.run(bench.store.now());
    }
    bench.checks.clear();
    bench.half("b");
    bench.store.flush();
    bench.store.refusesMessages = true;
    bench.store.wallMillis.addAndGet(HalfBench.LONG_MILLIS);
    bench.checkBack.run(bench.store.now());
    assertThat(bench.checks).hasSize(1);
    bench.checkBack.run(bench.store.now());
    assertThat(bench.checks).hasSize(1);
    assertThat(bench.store.halves.openCount()).isEqualTo(2);

    bench.store.refusesMessages = false;
    bench.store.wallMillis.addAndGet(HalfBench.INTERVAL_MILLIS);
    bench.checkBack.run(bench.store.now());
    bench.store.flush();
    assertThat(bench.store.served(SystemTopics.CHECK_MAX_TIME)).containsExactly("a");
  }

  @Test
  void whatIsParkedIsCarriedForwardUntilItIsDecided() {
    Logged half = bench.half("a");
    bench.half("b");
    bench.store.flush();
    bench.askInVain();
    long parkedEnd = bench.store.store.endPosition();
    assertThat(Looks.at(List.of(bench.store.halves), parkedEnd).orElseThrow()).hasSize(2);
    assertThat(bench.carryForward(parkedEnd)).isEqualTo(2);
    bench.store.halves.forgetBefore(parkedEnd);
    assertThat(bench.outcome(half)).isEqualTo(HalfState.PARKED);
    assertThat(bench.listed(ListingCursor.Section.PARKED)).hasSize(2);

    bench.reopen();
    bench.store.halves.forgetBefore(parkedEnd);
    assertThat(bench.listed(ListingCursor.Section.PARKED)).hasSize(2);
    assertThat(bench.decide(half, Verdict.COMMIT))
        .containsExactly(new AdministratorAnswer.Done("COMMITTED"));
    assertThat(bench.store.served("orders")).containsExactly("a");
    assertThat(bench.resolution(half).property(PropertyNames.CARRIED)).isEmpty();
    assertThat(Looks.at(List.of(bench.store.halves), bench.store.store.endPosition()).orElseThrow())
        .hasSize(1);
  }

  @Test
  void aCopyOfWhatWasDecidedMeanwhileIsNotMade() {
    Logged half = bench.half("a");
    bench.store.flush();
    bench.askInVain();
    RecordView parked = bench.resolution(half);
    assertThat(bench.store.halves.isLive(parked)).isTrue();
    bench.decide(half, Verdict.RESUME);
    assertThat(bench.store.halves.isLive(parked)).isFalse();
    bench.askInVain();
    assertThat(bench.store.halves.isLive(parked)).isFalse();
    assertThat(bench.store.halves.isLive(bench.resolution(half))).isTrue();
  }
}
