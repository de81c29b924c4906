package io.moiety.ra.checkback;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.client.HalfState;
import io.moiety.client.Resolution;
import io.moiety.ra.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the broker and the table hold after transactions ended, with a real broker. */
@Timeout(120)
final class EndingsTest {

  private final String id = UUID.randomUUID().toString();
  private final LaterTasks tasks = new LaterTasks();
  private final CheckBackCounters counters = new CheckBackCounters();
  private MemberAtBroker member;
  private OutcomeDatabase outcomes;
  private Endings endings;

  @BeforeEach
  void start(@TempDir Path store) throws Exception {
    member = MemberAtBroker.join(store);
    outcomes =
        OutcomeDatabase.open(
            new OutcomePlace("jdbc/test", OutcomePlace.DEFAULT_TABLE),
            new PlainDataSource(TestDatabase.h2()),
            true,
            Clock.systemUTC());
    endings = new Endings(outcomes, new Removals(outcomes, tasks), tasks, counters);
  }

  @AfterEach
  void stop() {
    member.close();
  }

  private Sent send(int number) {
    return new Sent(member.membership(), member.sending(number));
  }

  private static StoredHalf stored(Sent sent) throws Exception {
    return sent.answer().get(30, TimeUnit.SECONDS);
  }

  private HalfState state(Sent sent) throws Exception {
    return member.state(stored(sent));
  }

  private int commitRows(List<Sent> sent) throws Exception {
    List<StoredHalf> halves = new ArrayList<>();
    for (Sent one : sent) {
      halves.add(stored(one));
    }
    List<String> details = HalfList.format(halves);
    try (Connection connection = outcomes.connect()) {
      assertThat(outcomes.insertCommitted(connection, id, details)).isTrue();
    }
    return details.size();
  }

  private void awaitState(Sent sent, HalfState state) {
    Awaitility.await().until(() -> state(sent) == state);
  }

  private void awaitRemovalOf(String row) {
    Awaitility.await()
        .until(
            () -> {
              tasks.runLater();
              return outcomes.find(row).isEmpty();
            });
  }

  @Test
  void committedMessagesAreDeliveredAndTheirRowsGo() throws Exception {
    List<Sent> sent = new ArrayList<>();
    for (int number = 0; number < 150; number++) {
      sent.add(send(number));
    }
    int rows = commitRows(sent);

    endings.committed(id, sent, rows);

    awaitRemovalOf(id);
    awaitRemovalOf(HalfList.rowId(id, 1));
    for (Sent one : sent) {
      assertThat(state(one)).isEqualTo(HalfState.COMMITTED);
    }
    assertThat(counters.committed()).isEqualTo(1);
  }

  @Test
  void aRowStaysWhenOneOfItsMessagesCouldNotBeToldCommitted() throws Exception {
    List<Sent> sent = List.of(send(1), send(2));
    int rows = commitRows(sent);
    member.membership().end(stored(sent.get(1)), Resolution.ROLLBACK).get(30, TimeUnit.SECONDS);

    endings.committed(id, sent, rows);

    Awaitility.await().until(() -> endings.underWayCount() == 0);
    tasks.runLater();
    assertThat(state(sent.get(0))).isEqualTo(HalfState.COMMITTED);
    assertThat(outcomes.find(id)).isPresent();
  }

  @Test
  void rolledBackMessagesAreToldSoAlsoWhenTheirAnswersWereNotThereYet() throws Exception {
    List<Sent> sent = List.of(send(1), send(2));

    endings.rolledBack(sent);

    awaitState(sent.get(0), HalfState.ROLLED_BACK);
    awaitState(sent.get(1), HalfState.ROLLED_BACK);
    assertThat(counters.rolledBack()).isEqualTo(1);
  }

  @Test
  void anUnclearEndingIsACommitWhenTheTableSaysSo() throws Exception {
    List<Sent> sent = List.of(send(1));
    int rows = commitRows(sent);

    endings.unclear(id, sent, rows);

    awaitState(sent.get(0), HalfState.COMMITTED);
    awaitRemovalOf(id);
    assertThat(counters.committed()).isEqualTo(1);
  }

  @Test
  void anUnclearEndingIsARollbackForGoodWhenTheTableSaysNothing() throws Exception {
    List<Sent> sent = List.of(send(1));

    endings.unclear(id, sent, 1);

    awaitState(sent.get(0), HalfState.ROLLED_BACK);
    assertThat(outcomes.rule(id, false)).isEqualTo(Ruling.ROLLED_BACK);
    assertThat(counters.rolledBack()).isEqualTo(1);
  }

  @Test
  void whatIsTooMuchToBeToldIsLeftToTheBrokersQuestions() throws Exception {
    Sent stored = send(1);
    int rows = commitRows(List.of(stored));
    endings.rolledBack(
        Collections.nCopies(20_000, new Sent(member.membership(), new CompletableFuture<>())));

    endings.committed(id, List.of(stored), rows);

    assertThat(state(stored)).isEqualTo(HalfState.OPEN);
    tasks.runLater();
    assertThat(outcomes.find(id)).isPresent();
  }
}
