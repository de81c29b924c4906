package io.moiety.ra.checkback;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.client.Resolution;
import io.moiety.ra.TestDatabase;
import java.sql.Connection;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node answers, by whose transaction it is and what the table says. */
final class JudgeTest {

  private static final OutcomePlace PLACE = new OutcomePlace("jdbc/test", "MOIETY_OUTCOME");
  private static final Judge.Members NOT_ASKED =
      () -> {
        throw new AssertionError("the table is enough");
      };

  private final String id = UUID.randomUUID().toString();
  private final Instance here = new Instance();
  private final Instance elsewhere = new Instance();
  private final CheckBackCounters counters = new CheckBackCounters();
  private OutcomeDatabase outcomes;
  private Judge judge;

  @BeforeEach
  void open() throws Exception {
    outcomes =
        OutcomeDatabase.open(
            PLACE, new PlainDataSource(TestDatabase.h2()), true, Clock.systemUTC());
    judge = new Judge(here, outcomes, counters, Clock.systemUTC());
  }

  private HalfOrigin origin(Instance of, int fenceAfterSeconds) {
    return new HalfOrigin(id, of.id(), fenceAfterSeconds, outcomes.tableId());
  }

  private Resolution judge(HalfOrigin origin, Judge.Members members) {
    return judge.judge(origin, System.currentTimeMillis(), members);
  }

  private void commit() throws Exception {
    try (Connection session = outcomes.connect()) {
      assertThat(outcomes.insertCommitted(session, id, List.of("#0\n"))).isTrue();
    }
  }

  private Ruling ruling() {
    return outcomes.rule(id, false);
  }

  @Test
  void saysOfItsOwnActiveTransactionsThatTheyAre() {
    here.began(id);

    assertThat(judge(origin(here, 0), NOT_ASKED)).isEqualTo(Resolution.ACTIVE);
    assertThat(ruling()).isEqualTo(Ruling.OPEN);
    assertThat(counters.checkedBack()).isZero();
  }

  @Test
  void itsOwnThatEndedWithoutARowIsRolledBackForGood() {
    here.began(id);
    here.ended(id);

    assertThat(judge(origin(here, 600), NOT_ASKED)).isEqualTo(Resolution.ROLLBACK);
    assertThat(ruling()).isEqualTo(Ruling.ROLLED_BACK);
    assertThat(counters.checkedBack()).isEqualTo(1);
    assertThat(counters.fenced()).isZero();
  }

  @Test
  void whatTheTableSaysIsTrueWhoseverTransactionItIs() throws Exception {
    commit();

    assertThat(judge(origin(here, 600), NOT_ASKED)).isEqualTo(Resolution.COMMIT);
    assertThat(judge(origin(elsewhere, 600), NOT_ASKED)).isEqualTo(Resolution.COMMIT);
    assertThat(counters.checkedBack()).isEqualTo(2);
  }

  @Test
  void leavesATransactionToItsLivingNode() {
    Set<String> connected = Set.of("somebody", elsewhere.newClientId());

    assertThat(judge(origin(elsewhere, 0), () -> connected)).isEqualTo(Resolution.UNKNOWN);
    assertThat(ruling()).isEqualTo(Ruling.OPEN);
  }

  @Test
  void waitsWhileItIsNotKnownWhoIsThere() {
    Judge.Members silent =
        () -> {
          throw new TimeoutException("the broker does not say");
        };

    assertThat(judge(origin(elsewhere, 0), silent)).isEqualTo(Resolution.ACTIVE);
    assertThat(ruling()).isEqualTo(Ruling.OPEN);
  }

  @Test
  void waitsForANodeThatIsNotGoneForLongEnough() {
    assertThat(judge(origin(elsewhere, 600), Set::of)).isEqualTo(Resolution.ACTIVE);
    assertThat(ruling()).isEqualTo(Ruling.OPEN);
    assertThat(counters.fenced()).isZero();
  }

  @Test
  void endsTheTransactionOfANodeThatIsGone() {
    assertThat(judge(origin(elsewhere, 0), Set::of)).isEqualTo(Resolution.ROLLBACK);
    assertThat(ruling()).isEqualTo(Ruling.ROLLED_BACK);
    assertThat(counters.fenced()).isEqualTo(1);
    assertThat(counters.checkedBack()).isEqualTo(1);
  }

  @Test
  void decidesNothingWithAnotherTable() throws Exception {
    commit();
    HalfOrigin foreign = new HalfOrigin(id, here.id(), 0, "another-table");

    assertThat(judge(foreign, NOT_ASKED)).isEqualTo(Resolution.UNKNOWN);
    assertThat(counters.checkedBack()).isZero();
  }
}
