package io.moiety.ra.checkback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moiety.client.HalfMessage;
import io.moiety.client.HalfState;
import io.moiety.client.Resolution;
import io.moiety.ra.RecordedLog;
import io.moiety.ra.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rows that a dead node left behind, with a real broker. */
@Timeout(120)
final class SweepTest {

  private static final Duration RETENTION = Duration.ofDays(7);

  /** Long enough ago for every age that matters. */
  private static final Clock LONG_AGO = Clock.offset(Clock.systemUTC(), Duration.ofDays(-30));

  private final String id = UUID.randomUUID().toString();
  @TempDir private Path store;
  private MemberAtBroker member;
  private OutcomeDatabase old;
  private OutcomeDatabase outcomes;
  private TestDatabase database;
  private Sweep sweep;

  @BeforeEach
  void start() throws Exception {
    member = MemberAtBroker.join(store);
    database = TestDatabase.h2();
    PlainDataSource dataSource = new PlainDataSource(database);
    OutcomePlace place = new OutcomePlace("jdbc/test", OutcomePlace.DEFAULT_TABLE);
    old = OutcomeDatabase.open(place, dataSource, true, LONG_AGO);
    outcomes = OutcomeDatabase.open(place, dataSource, false, Clock.systemUTC());
    sweep = newSweep((storeUuid, group) -> member.find(storeUuid));
  }

  @AfterEach
  void stop() {
    member.close();
  }

  private StoredHalf half(int number) throws Exception {
    return member.send(number);
  }

  private static void commitRow(OutcomeDatabase database, String row, List<StoredHalf> halves)
      throws Exception {
    try (Connection connection = database.connect()) {
      assertThat(database.insertCommitted(connection, row, HalfList.format(halves))).isTrue();
    }
  }

  private Sweep newSweep(Sweep.Members members) {
    Tasks atOnce =
        new Tasks() {
          @Override
          public void execute(Runnable task) {
            task.run();
          }

          @Override
          public void executeAfter(long delayMillis, Runnable task) {
            task.run();
          }
        };
    return new Sweep(
        outcomes, new Removals(outcomes, atOnce), members, RETENTION, Clock.systemUTC());
  }

  private HalfState state(StoredHalf half) throws Exception {
    return member.state(half);
  }

  @Test
  void deliversWhatADeadNodeHasCommittedAndRemovesItsRow() throws Exception {
    List<StoredHalf> halves = List.of(half(1), half(2));
    commitRow(old, id, halves);

    sweep.run();

    assertThat(state(halves.get(0))).isEqualTo(HalfState.COMMITTED);
    assertThat(state(halves.get(1))).isEqualTo(HalfState.COMMITTED);
    assertThat(outcomes.find(id)).isEmpty();
  }

  @Test
  void removesAllRowsOfATransactionWithManyMessages() throws Exception {
    List<StoredHalf> halves = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      halves.add(half(i));
    }
    commitRow(old, id, halves);
    assertThat(outcomes.find(HalfList.rowId(id, 1))).isPresent();

    sweep.run();

    assertThat(state(halves.get(149))).isEqualTo(HalfState.COMMITTED);
    assertThat(outcomes.find(id)).isEmpty();
    assertThat(outcomes.find(HalfList.rowId(id, 1))).isEmpty();
  }

  @Test
  void removesTheRowOfWhatIsCommittedAlready() throws Exception {
    StoredHalf half = half(1);
    member.membership().end(half, Resolution.COMMIT).get(30, TimeUnit.SECONDS);
    commitRow(old, id, List.of(half));

    sweep.run();

    assertThat(outcomes.find(id)).isEmpty();
  }

  @Test
  void leavesRowsOfBrokersThatItDoesNotKnow() throws Exception {
    StoredHalf here = half(1);
    commitRow(old, id, List.of(here, new StoredHalf("another-store", here.half())));

    sweep.run();

    assertThat(outcomes.find(id)).isPresent();
  }

  /** The connection may be to another broker by the time that a resolution is sent. */
  @Test
  void asksNoOtherBrokerAboutAMessage() throws Exception {
    StoredHalf here = half(1);
    StoredHalf elsewhere = new StoredHalf("another-store", here.half());

    assertThat(member.membership().end(elsewhere, Resolution.COMMIT))
        .failsWithin(30, TimeUnit.SECONDS)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(IllegalStateException.class)
        .withMessageContaining("another-store");
    assertThat(member.membership().outcome(elsewhere))
        .failsWithin(30, TimeUnit.SECONDS)
        .withThrowableOfType(ExecutionException.class)
        .withMessageContaining("another-store");
    assertThat(state(here)).isEqualTo(HalfState.OPEN);
  }

  @Test
  void leavesTheRowOfAMessageThatIsOpenThoughItsBrokerRefusesTheCommit() throws Exception {
    StoredHalf half = half(1);
    HalfMessage own = half.half();
    StoredHalf ofAnotherGroup =
        new StoredHalf(
            half.storeUuid(),
            new HalfMessage(
                "another", own.topic(), own.uniqueKey(), own.halfOffset(), own.position()));
    commitRow(old, id, List.of(ofAnotherGroup));

    sweep.run();

    assertThat(state(half)).isEqualTo(HalfState.OPEN);
    assertThat(outcomes.find(id)).isPresent();
  }

  @Test
  void leavesTheRowWhenTheBrokerGoesAwayBeforeItAnswers() throws Exception {
    StoredHalf half = half(1);
    commitRow(old, id, List.of(half));
    member.stopBroker();

    newSweep((storeUuid, group) -> Optional.of(member.membership())).run();

    assertThat(outcomes.find(id)).isPresent();
  }

  /** Nobody can do anything about it any more. */
  @Test
  void removesTheRowOfWhatSomebodyRolledBackAndSaysSo() throws Exception {
    StoredHalf half = half(1);
    member.membership().end(half, Resolution.ROLLBACK).get(30, TimeUnit.SECONDS);
    commitRow(old, id, List.of(half));

    try (RecordedLog log = RecordedLog.of(CommittedRows.class)) {
      sweep.run();

      assertThat(log.lines())
          .singleElement()
          .asString()
          .contains("WARNING", half.half().uniqueKey(), "rolled back by somebody");
    }
    assertThat(outcomes.find(id)).isEmpty();
  }

  @Test
  void leavesTheRowOfAMessageThatWasPutAside() throws Exception {
    member.close();
    member =
        MemberAtBroker.join(
            store, MemberAtBroker.IMPATIENT, check -> check.answer(Resolution.UNKNOWN));
    StoredHalf half = half(1);
    await().until(() -> state(half) == HalfState.PARKED);
    commitRow(old, id, List.of(half));

    sweep.run();

    assertThat(state(half)).isEqualTo(HalfState.PARKED);
    assertThat(outcomes.find(id)).isPresent();
  }

  /** More than are told at once: others' resolutions find a place beside them. */
  @Test
  void deliversWhatALargeTransactionHasSentAPortionAfterTheOther() throws Exception {
    List<CompletableFuture<StoredHalf>> sending = new ArrayList<>();
    List<StoredHalf> halves = new ArrayList<>();
    for (int number = 0; number < 4_500; number++) {
      sending.add(member.sending(number));
      if (number % 500 == 0) {
        sending.get(number).get(30, TimeUnit.SECONDS);
      }
    }
    for (CompletableFuture<StoredHalf> one : sending) {
      halves.add(one.get(30, TimeUnit.SECONDS));
    }
    commitRow(old, id, halves.subList(0, 4_400));
    commitRow(old, "another", halves.subList(4_400, 4_500));
    AtomicInteger asked = new AtomicInteger();
    List<HalfState> before = new ArrayList<>();

    newSweep(
            (storeUuid, group) -> {
              if (asked.incrementAndGet() == 2_001) {
                before.add(member.membership().outcome(halves.get(1_999)).join());
              }
              return member.find(storeUuid);
            })
        .run();

    assertThat(before).containsExactly(HalfState.COMMITTED);

    assertThat(outcomes.find(id)).isEmpty();
    assertThat(outcomes.find("another")).isEmpty();
    assertThat(state(halves.get(2_000))).isEqualTo(HalfState.COMMITTED);
    assertThat(state(halves.get(4_499))).isEqualTo(HalfState.COMMITTED);
  }

  @Test
  void leavesYoungRowsToTheirNodes() throws Exception {
    StoredHalf half = half(1);
    commitRow(outcomes, id, List.of(half));

    sweep.run();

    assertThat(state(half)).isEqualTo(HalfState.OPEN);
    assertThat(outcomes.find(id)).isPresent();
  }

  @Test
  void removesFencesAfterTheirRetentionOnly() throws Exception {
    old.rule("old", true);
    outcomes.rule("young", true);

    sweep.run();

    assertThat(outcomes.find("old")).isEmpty();
    assertThat(outcomes.rule("young", false)).isEqualTo(Ruling.ROLLED_BACK);
  }

  @Test
  void leavesARowThatItCannotRead() throws Exception {
    try (Connection connection = old.connect()) {
      old.insertCommitted(connection, id, List.of("#0\nsomething else\n"));
    }

    sweep.run();

    assertThat(outcomes.find(id)).isPresent();
  }

  private void insertOld(int rows, OutcomeState state, String detail) throws Exception {
    database.execute(
        "INSERT INTO MOIETY_OUTCOME SELECT CONCAT('many-', X), '"
            + state
            + "', X, '"
            + detail
            + "' FROM SYSTEM_RANGE(1, "
            + rows
            + ")");
  }

  @Test
  void removesAllOldRowsHoweverMany() throws Exception {
    insertOld(1_700, OutcomeState.RECEIVED, "");
    outcomes.rule("young", true);

    sweep.run();

    assertThat(database.count("MOIETY_OUTCOME WHERE STATE = 'RECEIVED'")).isZero();
    assertThat(outcomes.rule("young", false)).isEqualTo(Ruling.ROLLED_BACK);
  }

  /** Those of a broker that is down for long, say: each run looks at 20,000 at most. */
  @Test
  void getsToTheRowsBehindManyThatMustStay() throws Exception {
    insertOld(20_000, OutcomeState.COMMITTED, "#0\n@another-store PG\norders key 1 2\n");
    StoredHalf half = half(1);
    commitRow(old, id, List.of(half));

    sweep.run();
    assertThat(outcomes.find(id)).isPresent();
    sweep.run();

    assertThat(outcomes.find(id)).isEmpty();
    assertThat(state(half)).isEqualTo(HalfState.COMMITTED);
    assertThat(database.count("MOIETY_OUTCOME WHERE STATE = 'COMMITTED'")).isEqualTo(20_000);
  }

  @Test
  void doesNothingMoreWhenItWasStopped() throws Exception {
    insertOld(10, OutcomeState.RECEIVED, "");

    sweep.stop();
    sweep.run();

    assertThat(database.count("MOIETY_OUTCOME WHERE STATE = 'RECEIVED'")).isEqualTo(10);
  }
}
