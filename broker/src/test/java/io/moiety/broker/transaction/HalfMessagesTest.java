package io.moiety.broker.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.log.PutStatus;
import io.moiety.broker.store.Journal.Logged;
import io.moiety.broker.store.RecordSpan;
import io.moiety.broker.transaction.AdministratorDecisions.Verdict;
import io.moiety.protocol.Command;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SystemTopics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HalfMessagesTest {
  private static final int MAX_CHECKS = 3;
  private static final long INTERVAL_MILLIS = 30_000;
  private static final long UNASKED_MILLIS = 3_600_000;

  /** Longer than any pause between two checks. */
  private static final long LONG_MILLIS = 8 * INTERVAL_MILLIS;

  @TempDir Path directory;
  private TestStore store;
  private Resolver resolver;
  private CheckBack checkBack;
  private AdministratorDecisions administrator;
  private HalfOutcomes outcomes;
  private TransactionListing listing;
  private boolean producerConnected = true;
  private boolean producerReads = true;
  private final List<Command> checks = new ArrayList<>();
  private final List<Resolver.Answer> answers = new ArrayList<>();

  @BeforeEach
  void open() {
    store = TestStore.open(directory);
    resolver =
        new Resolver(
            store.halves,
            store.completion,
            store.store,
            position -> Optional.of(store.find(position)),
            store.store);
    checkBack =
        new CheckBack(
            store.halves,
            store.store,
            store.coldReads,
            store.store,
            new Producer(),
            store.store::servedPosition,
            new CheckBack.Settings(INTERVAL_MILLIS, MAX_CHECKS, UNASKED_MILLIS));
    administrator =
        new AdministratorDecisions(
            store.halves,
            resolver,
            checkBack,
            store.decisions,
            position -> Optional.of(store.find(position)),
            store.store);
    outcomes = new HalfOutcomes(store.halves, store.store);
    listing = new TransactionListing(store.halves, store.branches, store.decided);
  }

  /** The only member of every group. */
  private final class Producer implements CheckSender {

    @Override
    public int send(
        String producerGroup, InetSocketAddress origin, int checksBefore, Command check) {
      boolean taken = producerConnected && producerReads;
      if (taken) {
        checks.add(check);
      }
      return taken ? 1 : 0;
    }

    @Override
    public boolean mayReach(String producerGroup) {
      return producerConnected;
    }
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
    return half(body, MessageProperties.empty());
  }

  private Logged half(String body, MessageProperties own) {
    return store.store.put(
        store
            .draft(SystemTopics.HALF, body)
            .withProperties(
                own.with(PropertyNames.REAL_TOPIC, "orders")
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

  /** Until the half message is put aside. */
  private void askInVain() {
    for (int i = 0; i <= MAX_CHECKS; i++) {
      store.wallMillis.addAndGet(LONG_MILLIS);
      checkBack.run(store.now());
    }
    store.flush();
  }

  private List<AdministratorAnswer> decide(Logged half, Verdict verdict) {
    List<AdministratorAnswer> told = new ArrayList<>();
    administrator.decide(
        new TransactionId.Half(half.position()), verdict, "ann", store.now(), told::add);
    store.flush();
    return told;
  }

  private HalfState outcome(Logged half) {
    List<HalfOutcomes.Answer> told = new ArrayList<>();
    outcomes.outcome(List.of(half.position()), told::add);
    store.flush();
    assertThat(told).hasSize(1);
    return ((HalfOutcomes.Answer.Known) told.get(0)).state();
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
  void whatWasReadForThatIsAskedAboutBeforeAnythingElseIsRead() {
    for (int i = 0; i < 2 * HalfChunk.MAX_HALVES; i++) {
      half("half message " + i);
    }
    store.flush();
    reopen();
    store.readers.hold();
    store.wallMillis.addAndGet(6_000);
    checkBack.run(store.now());
    assertThat(store.readers.waiting()).isEqualTo(1);
    store.readers.readOne();
    checkBack.run(store.now());
    assertThat(checks).isNotEmpty();
    assertThat(store.readers.waiting()).isZero();
  }

  @Test
  void anImmunityForEverIsOneOfAYear() {
    half(
        "a",
        MessageProperties.empty().with(PropertyNames.CHECK_IMMUNITY_SECONDS, "9223372036854775"));
    assertThat(store.halves.nextCheckMillis()).isEqualTo(store.now() + TimeUnit.DAYS.toMillis(365));
    assertThat(store.halves.toCheckUntil(store.now(), 9)).isEmpty();
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
  void aRepeatedDecisionIsAnsweredToWhoMightHaveMadeItOnly() {
    Logged half = half("a");
    resolve(half, "a", true);
    answers.clear();
    resolver.resolve(target(half, "a"), topic -> false, true, store.now(), answers::add);
    resolver.resolve(target(half, "b"), topic -> true, true, store.now(), answers::add);
    assertThat(answers).hasSize(2).containsOnly(new Resolver.Answer.NotPermitted());
    resolve(half, "b", true);
    assertThat(answers.get(2)).isInstanceOf(Resolver.Answer.Refused.class);
    resolver.resolve(target(half, "a"), topic -> true, true, store.now(), answers::add);
    store.flush();
    assertThat(answers).last().isEqualTo(new Resolver.Answer.Resolved(PutStatus.PUT_OK));
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
    askInVain();
    store.flush();
    assertThat(checks).hasSize(MAX_CHECKS);
    assertThat(store.halves.openCount()).isZero();
    assertThat(store.served(SystemTopics.CHECK_MAX_TIME)).containsExactly("a");
  }

  @Test
  void aProducerThatComesAfterItsMessageWasParkedHearsThatItIsNotDelivered() {
    Logged half = half("a");
    store.flush();
    askInVain();
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
    askInVain();
    assertThat(checks).hasSize(MAX_CHECKS);
  }

  @Test
  void aCheckThatFoundTheTransactionActiveDoesNotCountAndIsTakenBackOnce() {
    Logged half = half("a");
    store.flush();
    for (int i = 0; i < 5 * MAX_CHECKS; i++) {
      store.wallMillis.addAndGet(LONG_MILLIS / 2);
      checkBack.run(store.now());
      assertThat(checkBack.stillActive(target(half, "a"), Resolver.Claimant.ANYBODY, 1)).isEmpty();
      assertThat(checkBack.stillActive(target(half, "a"), Resolver.Claimant.ANYBODY, 1)).isEmpty();
    }
    assertThat(checks).hasSize(5 * MAX_CHECKS);
    assertThat(checks)
        .allSatisfy(
            check ->
                assertThat(
                        RecordView.of(check.body()).property(PropertyNames.TRANSACTION_CHECK_TIMES))
                    .contains("1"));
    assertThat(store.halves.openCount()).isEqualTo(1);
    store.wallMillis.addAndGet(LONG_MILLIS);
    checkBack.run(store.now());
    assertThat(checkBack.stillActive(target(half, "b"), Resolver.Claimant.ANYBODY, 1)).isPresent();
    assertThat(store.halves.find(half.position()).orElseThrow().checks()).isEqualTo(1);
  }

  @Test
  void whatNobodyIsThereToAnswerForIsParkedAfterTheReservedTime() {
    half("a");
    store.flush();
    producerConnected = false;
    store.wallMillis.addAndGet(INTERVAL_MILLIS);
    lookUntil(store.now() + UNASKED_MILLIS - 1);
    assertThat(store.halves.openCount()).isEqualTo(1);
    lookUntil(store.now() + INTERVAL_MILLIS);
    store.flush();
    assertThat(checks).isEmpty();
    assertThat(store.served(SystemTopics.CHECK_MAX_TIME)).containsExactly("a");
  }

  /** Time passes, and what is due is looked at. */
  private void lookUntil(long millis) {
    while (store.now() < millis) {
      checkBack.run(store.now());
      store.wallMillis.set(Math.min(millis, store.now() + INTERVAL_MILLIS));
    }
    checkBack.run(store.now());
  }

  @Test
  void theTimeInWhichTheBrokerWasDownOrBusyIsNobodysAbsence() {
    half("a");
    store.flush();
    producerConnected = false;
    lookUntil(store.now() + 2 * INTERVAL_MILLIS);
    store.wallMillis.addAndGet(2 * UNASKED_MILLIS);
    checkBack.run(store.now());
    assertThat(store.halves.openCount()).isEqualTo(1);

    long later = store.now() + 2 * UNASKED_MILLIS;
    reopen();
    store.wallMillis.set(later);
    checkBack.run(store.now());
    assertThat(store.halves.openCount()).isEqualTo(1);
    producerConnected = true;
    lookUntil(later + INTERVAL_MILLIS);
    assertThat(checks).hasSize(1);
  }

  @Test
  void aProducerThatDoesNotReadForAMomentIsNotAbsentForTheReservedTime() {
    half("a");
    store.flush();
    store.wallMillis.addAndGet(2 * UNASKED_MILLIS);
    producerReads = false;
    checkBack.run(store.now());
    assertThat(store.halves.openCount()).isEqualTo(1);
    producerReads = true;
    lookUntil(store.now() + INTERVAL_MILLIS);
    assertThat(checks).hasSize(1);

    producerReads = false;
    lookUntil(store.now() + LONG_MILLIS);
    lookUntil(store.now() + UNASKED_MILLIS);
    store.flush();
    assertThat(store.served(SystemTopics.CHECK_MAX_TIME)).containsExactly("a");
  }

  @Test
  void aHalfMessageThatCannotBeParkedNowKeepsNoOtherFromBeingAskedAbout() {
    half("a");
    store.flush();
    for (int i = 0; i < MAX_CHECKS; i++) {
      store.wallMillis.addAndGet(LONG_MILLIS);
      checkBack.run(store.now());
    }
    checks.clear();
    half("b");
    store.flush();
    store.refusesMessages = true;
    store.wallMillis.addAndGet(LONG_MILLIS);
    checkBack.run(store.now());
    assertThat(checks).hasSize(1);
    checkBack.run(store.now());
    assertThat(checks).hasSize(1);
    assertThat(store.halves.openCount()).isEqualTo(2);

    store.refusesMessages = false;
    store.wallMillis.addAndGet(INTERVAL_MILLIS);
    checkBack.run(store.now());
    store.flush();
    assertThat(store.served(SystemTopics.CHECK_MAX_TIME)).containsExactly("a");
  }

  @Test
  void whatWasParkedIsResumedUnderItsOldNamesAndAskedAboutAnew() {
    Logged half = half("a");
    half("b");
    store.flush();
    askInVain();
    checks.clear();
    assertThat(decide(half, Verdict.RESUME)).containsExactly(new AdministratorAnswer.Done("OPEN"));
    long later = store.now();
    reopen();
    store.wallMillis.set(later + LONG_MILLIS);
    checkBack.run(store.now());
    assertThat(checks).hasSize(1);
    assertThat(checks.get(0).fields().requiredLong("commitLogOffset")).isEqualTo(half.position());
    assertThat(checks.get(0).fields().requiredLong("tranStateTableOffset"))
        .isEqualTo(half.queueOffset());
    RecordView asked = RecordView.of(checks.get(0).body());
    assertThat(asked.property(PropertyNames.TRANSACTION_CHECK_TIMES)).contains("1");
    assertThat(asked.position()).isEqualTo(half.position());
    assertThat(asked.property(PropertyNames.RESUMED)).isEmpty();

    resolve(half, "a", true);
    resolve(half, "a", true);
    assertThat(answers).hasSize(2).containsOnly(new Resolver.Answer.Resolved(PutStatus.PUT_OK));
    reopen();
    assertThat(store.served("orders")).containsExactly("a");
    assertThat(outcome(half)).isEqualTo(HalfState.COMMITTED);
  }

  @Test
  void whatWasResumedIsParkedAgainAndResumedAgain() {
    Logged half = half("a");
    store.flush();
    for (int i = 0; i < 3; i++) {
      askInVain();
      assertThat(outcome(half)).isEqualTo(HalfState.PARKED);
      assertThat(decide(half, Verdict.RESUME))
          .containsExactly(new AdministratorAnswer.Done("OPEN"));
    }
    assertThat(decide(half, Verdict.RESUME).get(0)).isInstanceOf(AdministratorAnswer.Refused.class);
    resolve(half, "a", false);
    assertThat(outcome(half)).isEqualTo(HalfState.ROLLED_BACK);
    assertThat(decide(half, Verdict.RESUME).get(0)).isInstanceOf(AdministratorAnswer.Refused.class);
    assertThat(store.served("orders")).isEmpty();
  }

  @Test
  void anAdministratorDecidesAParkedMessageAndTheLogSaysWho() {
    Logged half = half("a");
    store.flush();
    askInVain();
    List<AdministratorAnswer> told = new ArrayList<>();
    administrator.decide(
        new TransactionId.Half(half.position()), Verdict.COMMIT, "ann", store.now(), told::add);
    assertThat(told).isEmpty();
    store.flush();
    assertThat(told).containsExactly(new AdministratorAnswer.Done("COMMITTED"));
    reopen();
    assertThat(store.served("orders")).containsExactly("a");
    assertThat(resolution(half).property(PropertyNames.DECIDED_BY)).contains("ann");
    assertThat(resolution(half).property(PropertyNames.RESUMED)).isEmpty();
    assertThat(decide(half, Verdict.ROLLBACK).get(0))
        .isInstanceOf(AdministratorAnswer.Refused.class);
  }

  @Test
  void anAdministratorsRollbackOfAnOpenMessageIsFinalAndTheLogSaysWho() {
    Logged half = half("a");
    store.flush();
    assertThat(decide(half, Verdict.ROLLBACK))
        .containsExactly(new AdministratorAnswer.Done("ROLLED_BACK"));
    assertThat(resolution(half).property(PropertyNames.DECIDED_BY)).contains("ann");
    assertThat(decide(half, Verdict.ROLLBACK))
        .containsExactly(new AdministratorAnswer.Done("ROLLED_BACK"));
    resolve(half, "a", true);
    assertThat(answers).hasSize(1).hasOnlyElementsOfType(Resolver.Answer.Refused.class);
    assertThat(store.served("orders")).isEmpty();
  }

  private RecordView resolution(Logged half) {
    return store.find(store.halves.resolution(half.position()).orElseThrow().position());
  }

  @Test
  void anOutcomeThatIsNotDurableIsNotTold() {
    Logged half = half("a");
    store.flush();
    assertThat(outcome(half)).isEqualTo(HalfState.OPEN);
    resolver.resolve(target(half, "a"), true, store.now(), answers::add);
    List<HalfOutcomes.Answer> told = new ArrayList<>();
    outcomes.outcome(List.of(half.position()), told::add);
    assertThat(told).isEmpty();
    store.flush();
    assertThat(told).containsExactly(new HalfOutcomes.Answer.Known(HalfState.COMMITTED));
  }

  @Test
  void anOutcomeThatTheDiskDoesNotConfirmIsNotTakenForAForgottenOne() {
    Logged half = half("a");
    resolver.resolve(target(half, "a"), true, store.now(), answers::add);
    List<HalfOutcomes.Answer> told = new ArrayList<>();
    outcomes.outcome(List.of(half.position()), told::add);
    store.wallMillis.addAndGet(LONG_MILLIS);
    store.store.publish(store.now());
    assertThat(told)
        .containsExactly(new HalfOutcomes.Answer.NotDurable(PutStatus.FLUSH_DISK_TIMEOUT));
  }

  @Test
  void ofATransactionSentTwiceACommitCountsMostAndAnUnknownEndMoreThanARollback() {
    Logged rolledBack = half("a");
    Logged committed = half("b");
    resolve(rolledBack, "a", false);
    resolve(committed, "b", true);
    List<HalfOutcomes.Answer> told = new ArrayList<>();
    outcomes.outcome(List.of(rolledBack.position(), committed.position()), told::add);
    outcomes.outcome(List.of(rolledBack.position(), 1L), told::add);
    outcomes.outcome(List.of(), told::add);
    assertThat(told)
        .containsExactly(
            new HalfOutcomes.Answer.Known(HalfState.COMMITTED),
            new HalfOutcomes.Answer.Known(HalfState.UNKNOWN),
            new HalfOutcomes.Answer.Known(HalfState.UNKNOWN));
  }

  @Test
  void everythingThatWaitsIsListedOncePageByPage() {
    List<Long> parked = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      parked.add(half("p" + i).position());
    }
    store.flush();
    askInVain();
    List<Long> open = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      open.add(half("o" + i).position());
    }
    store.flush();
    assertThat(listed(ListingCursor.Section.OPEN)).containsExactlyElementsOf(open);
    assertThat(listed(ListingCursor.Section.PARKED)).containsExactlyElementsOf(parked);
  }

  private List<Long> listed(ListingCursor.Section section) {
    List<Long> positions = new ArrayList<>();
    Optional<ListingCursor> from = Optional.of(ListingCursor.start(section));
    while (from.isPresent()) {
      TransactionListing.Page page = listing.page(ListingCursor.parse(from.get().toText()), 2);
      assertThat(page.transactions()).hasSizeLessThanOrEqualTo(2);
      page.transactions().forEach(known -> positions.add(positionOf(known)));
      from = page.next();
    }
    return positions;
  }

  private static long positionOf(KnownTransaction known) {
    return known instanceof KnownTransaction.OpenHalf half
        ? half.position()
        : ((KnownTransaction.EndedHalf) known).position();
  }
}
