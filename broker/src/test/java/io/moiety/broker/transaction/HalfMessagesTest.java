package io.moiety.broker.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.log.PutStatus;
import io.moiety.broker.store.Journal.Logged;
import io.moiety.broker.store.RecordSpan;
import io.moiety.protocol.Command;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SystemTopics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HalfMessagesTest {
  private static final int MAX_CHECKS = 3;

  @TempDir Path directory;
  private TestStore store;
  private Resolver resolver;
  private CheckBack checkBack;
  private boolean producerConnected = true;
  private final List<Command> checks = new ArrayList<>();
  private final List<Resolver.Answer> answers = new ArrayList<>();

  @BeforeEach
  void open() {
    store = TestStore.open(directory);
    resolver = new Resolver(store.halves, store.completion, store.store, store.store);
    checkBack =
        new CheckBack(
            store.halves,
            store.store,
            store.coldReads,
            store.store,
            (group, check) -> {
              if (producerConnected) {
                checks.add(check);
              }
              return producerConnected;
            },
            store.store::servedPosition,
            new CheckBack.Settings(30_000, MAX_CHECKS));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void reopen() {
    store.close();
    open();
  }

  private Logged half(String body) {
    return store.store.put(
        store
            .draft(SystemTopics.HALF, body)
            .withProperties(
                MessageProperties.empty()
                    .with(PropertyNames.REAL_TOPIC, "orders")
                    .with(PropertyNames.REAL_QUEUE_ID, "0")
                    .with(PropertyNames.PRODUCER_GROUP, "shop")
                    .with(PropertyNames.UNIQUE_KEY, "K" + body)));
  }

  private Resolver.Target target(Logged half, String body) {
    return new Resolver.Target(half.position(), half.queueOffset(), "shop", "K" + body);
  }

  private void resolve(Logged half, String body, boolean commit) {
    resolver.resolve(target(half, body), commit, store.now(), answers::add);
    store.flush();
  }

  @Test
  void aCommittedHalfMessageIsSeenOnceAlsoAfterARestart() {
    Logged half = half("a");
    resolve(half, "a", true);
    resolve(half, "a", true);
    reopen();
    assertThat(store.served("orders")).containsExactly("a");
    assertThat(answers).containsOnly(new Resolver.Answer.Resolved(PutStatus.PUT_OK));
  }

  @Test
  void halfMessagesOfAnEarlierRunAreReadBeforeTheyAreAskedAbout() {
    half("a");
    half("b");
    store.flush();
    reopen();
    store.readers.hold();
    store.wallMillis.addAndGet(6_000);
    checkBack.run(store.now());
    assertThat(checks).isEmpty();
    assertThat(checkBack.nextDueMillis()).isEqualTo(Long.MAX_VALUE);
    assertThat(store.readers.waiting()).isEqualTo(1);
    store.readers.readOne();
    checkBack.run(store.now());
    assertThat(checks).hasSize(2);
  }

  @Test
  void aResolutionReadsItsHalfMessageAndNothingElse() {
    Logged half = half("a");
    assertThat(resolver.reads(target(half, "a")))
        .containsExactly(new RecordSpan(half.position(), half.sizeBytes()));
    resolve(half, "a", true);
    assertThat(resolver.reads(target(half, "a"))).isEmpty();
  }

  @Test
  void theFirstResolutionIsFinal() {
    Logged half = half("a");
    resolve(half, "a", false);
    resolve(half, "a", true);
    assertThat(answers.get(1)).isInstanceOf(Resolver.Answer.Refused.class);
    reopen();
    resolve(half, "a", true);
    assertThat(answers.get(2)).isInstanceOf(Resolver.Answer.Refused.class);
    assertThat(store.served("orders")).isEmpty();
  }

  @Test
  void aResolutionThatNamesAnotherMessageIsRefused() {
    Logged half = half("a");
    resolver.resolve(target(half, "b"), true, store.now(), answers::add);
    resolver.resolve(
        new Resolver.Target(half.position(), half.queueOffset(), "other", "Ka"),
        true,
        store.now(),
        answers::add);
    resolver.resolve(
        new Resolver.Target(half.position(), half.queueOffset() + 1, "shop", "Ka"),
        true,
        store.now(),
        answers::add);
    assertThat(answers).hasSize(3).hasOnlyElementsOfType(Resolver.Answer.Refused.class);
  }

  @Test
  void aDecisionIsForWhoMaySendToTheRealTopicAndKnowsTheId() {
    Logged half = half("a");
    Resolver.Claimant another = topic -> topic.equals("own");
    resolver.resolve(target(half, "a"), another, true, store.now(), answers::add);
    resolver.resolve(target(half, "a"), another, false, store.now(), answers::add);
    Resolver.Claimant shop = topic -> topic.equals("orders");
    for (String id : List.of("", "Kb")) {
      resolver.resolve(
          new Resolver.Target(half.position(), half.queueOffset(), "shop", id),
          shop,
          true,
          store.now(),
          answers::add);
    }
    assertThat(answers).hasSize(4).containsOnly(new Resolver.Answer.NotPermitted());

    resolver.resolve(target(half, "a"), shop, true, store.now(), answers::add);
    store.flush();
    assertThat(answers).last().isEqualTo(new Resolver.Answer.Resolved(PutStatus.PUT_OK));
    assertThat(store.served("orders")).containsExactly("a");
  }

  @Test
  void aDamagedHalfMessageDoesNotKeepTheOthersFromBeingAskedAbout() throws IOException {
    Logged damaged = half("a");
    half("b");
    store.flush();
    TestStore.damage(directory, damaged.position());
    store.wallMillis.addAndGet(6_000);
    checkBack.run(store.now());
    assertThat(checks).hasSize(1);
  }

  @Test
  void producersAreAskedOnlyAfterTheImmunityTime() {
    half("a");
    store.flush();
    store.wallMillis.addAndGet(5_999);
    checkBack.run(store.now());
    assertThat(checks).isEmpty();
    store.wallMillis.addAndGet(1);
    checkBack.run(store.now());
    assertThat(checks).hasSize(1);
    RecordView asked = RecordView.of(checks.get(0).body());
    assertThat(asked.topic()).isEqualTo("orders");
    assertThat(asked.property(PropertyNames.TRANSACTION_CHECK_TIMES)).contains("1");
  }

  @Test
  void timeWithoutProducersDoesNotCountTowardsTheMaximum() {
    half("a");
    store.flush();
    producerConnected = false;
    for (int i = 0; i < 10 * MAX_CHECKS; i++) {
      store.wallMillis.addAndGet(30_000);
      checkBack.run(store.now());
    }
    producerConnected = true;
    store.wallMillis.addAndGet(30_000);
    checkBack.run(store.now());
    assertThat(checks).hasSize(1);
    assertThat(store.halves.openCount()).isEqualTo(1);
  }

  @Test
  void whatNobodyResolvesIsParkedAndNotDropped() {
    half("a");
    store.flush();
    for (int i = 0; i <= MAX_CHECKS; i++) {
      store.wallMillis.addAndGet(30_000);
      checkBack.run(store.now());
    }
    store.flush();
    assertThat(checks).hasSize(MAX_CHECKS);
    assertThat(store.halves.openCount()).isZero();
    assertThat(store.served(SystemTopics.CHECK_MAX_TIME)).containsExactly("a");
  }

  @Test
  void aProducerThatComesAfterItsMessageWasParkedHearsThatItIsNotDelivered() {
    Logged half = half("a");
    store.flush();
    for (int i = 0; i <= MAX_CHECKS; i++) {
      store.wallMillis.addAndGet(30_000);
      checkBack.run(store.now());
    }
    resolve(half, "a", true);
    assertThat(answers).hasSize(1).hasOnlyElementsOfType(Resolver.Answer.Refused.class);
    assertThat(store.served("orders")).isEmpty();
  }

  @Test
  void aRepeatedResolutionIsNotConfirmedBeforeTheFirstIsDurable() {
    Logged half = half("a");
    store.flush();
    resolver.resolve(target(half, "a"), true, store.now(), answers::add);
    resolver.resolve(target(half, "a"), true, store.now(), answers::add);
    assertThat(answers).isEmpty();
    store.flush();
    assertThat(answers).hasSize(2).containsOnly(new Resolver.Answer.Resolved(PutStatus.PUT_OK));
  }

  @Test
  void deliveredChecksAreCountedOverARestart() {
    half("a");
    store.flush();
    store.wallMillis.addAndGet(30_000);
    checkBack.run(store.now());
    store.flush();
    long later = store.now();
    reopen();
    store.wallMillis.set(later);
    for (int i = 0; i <= MAX_CHECKS; i++) {
      store.wallMillis.addAndGet(30_000);
      checkBack.run(store.now());
    }
    assertThat(checks).hasSize(MAX_CHECKS);
  }
}
