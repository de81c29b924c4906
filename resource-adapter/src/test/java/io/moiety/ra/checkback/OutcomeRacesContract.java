package io.moiety.ra.checkback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moiety.ra.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the table decides while sessions are in each other's way, on a real database. A session
 * stands for an application's transaction; who answers for it has a pool of his own.
 */
@Timeout(120)
abstract class OutcomeRacesContract {

  private static final OutcomePlace PLACE = new OutcomePlace("jdbc/test", "MOIETY_OUTCOME");
  private static final Clock LONG_AGO = Clock.offset(Clock.systemUTC(), Duration.ofDays(-30));
  private static final List<String> ONE_ROW = List.of("#0\n");
  private static final List<String> TWO_ROWS = List.of("#1\n", "more");

  private final String id = UUID.randomUUID().toString();
  private TestDatabase database;
  private PlainDataSource dataSource;
  private OutcomeDatabase outcomes;

  abstract TestDatabase newDatabase() throws SQLException;

  /** What a URL has in addition so that its sessions wait for no lock longer than a second. */
  abstract String impatient();

  /** A table of the database's own and the condition for sessions that wait for a lock. */
  abstract String waitingSessions();

  @BeforeEach
  void open() throws SQLException {
    database = newDatabase();
    database.execute("CREATE TABLE ORDERS (ID VARCHAR(80) PRIMARY KEY)");
    dataSource = new PlainDataSource(database);
    outcomes = OutcomeDatabase.open(PLACE, dataSource, true, Clock.systemUTC());
  }

  /** An application's transaction that has its snapshot, and work of its own. */
  private Connection session(int isolation) throws SQLException {
    Connection session = database.connect();
    session.setTransactionIsolation(isolation);
    session.setAutoCommit(false);
    order(session);
    return session;
  }

  private static void order(Connection session) throws SQLException {
    try (Statement statement = session.createStatement()) {
      statement.executeUpdate("INSERT INTO ORDERS VALUES ('1')");
    }
  }

  private void insertCommitted(Connection session) throws SQLException {
    assertThat(outcomes.insertCommitted(session, id, ONE_ROW)).isTrue();
  }

  private CompletableFuture<Ruling> fence(OutcomeDatabase by) {
    return CompletableFuture.supplyAsync(() -> by.rule(id, true));
  }

  /** MariaDB shows its transactions anew only to who has not looked for a tenth of a second. */
  private void awaitWaiting(int sessions) {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(250))
        .until(() -> database.count(waitingSessions()) == sessions);
  }

  private static Ruling result(CompletableFuture<Ruling> ruling) throws Exception {
    return ruling.get(60, TimeUnit.SECONDS);
  }

  // Who comes too late.

  @ParameterizedTest
  @ValueSource(
      ints = {
        Connection.TRANSACTION_READ_COMMITTED,
        Connection.TRANSACTION_REPEATABLE_READ,
        Connection.TRANSACTION_SERIALIZABLE
      })
  void afterAFenceTheTransactionCannotCommitAndKnowsWhy(int isolation) throws SQLException {
    for (List<String> details : List.of(ONE_ROW, TWO_ROWS)) {
      try (Connection session = session(isolation)) {
        assertThat(outcomes.rule(id, true)).isEqualTo(Ruling.ROLLED_BACK);

        assertThat(outcomes.insertCommitted(session, id, details)).isFalse();
        session.rollback();
      }
    }
    assertThat(outcomes.rule(id, true)).isEqualTo(Ruling.ROLLED_BACK);
    assertThat(database.count("ORDERS")).isZero();
    assertThat(database.count("MOIETY_OUTCOME WHERE STATE = 'MORE'")).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        Connection.TRANSACTION_READ_COMMITTED,
        Connection.TRANSACTION_REPEATABLE_READ,
        Connection.TRANSACTION_SERIALIZABLE
      })
  void theSessionOfARefusedTransactionCanBeUsedAgain(int isolation) throws SQLException {
    try (Connection session = session(isolation)) {
      outcomes.rule(id, true);
      assertThat(outcomes.insertCommitted(session, id, ONE_ROW)).isFalse();
      session.rollback();

      order(session);
      assertThat(outcomes.insertCommitted(session, "another", ONE_ROW)).isTrue();
      session.commit();
    }
    assertThat(database.count("ORDERS")).isEqualTo(1);
    assertThat(outcomes.rule("another", false)).isEqualTo(Ruling.COMMITTED);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        Connection.TRANSACTION_READ_COMMITTED,
        Connection.TRANSACTION_REPEATABLE_READ,
        Connection.TRANSACTION_SERIALIZABLE
      })
  void aLateCommitWinsAgainstAFenceThatWaits(int isolation) throws Exception {
    try (Connection session = session(isolation)) {
      insertCommitted(session);
      CompletableFuture<Ruling> fence = fence(outcomes);
      awaitWaiting(1);
      session.commit();

      assertThat(result(fence)).isEqualTo(Ruling.COMMITTED);
    }
    assertThat(database.count("ORDERS")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        Connection.TRANSACTION_READ_COMMITTED,
        Connection.TRANSACTION_REPEATABLE_READ,
        Connection.TRANSACTION_SERIALIZABLE
      })
  void aFenceWinsWhenTheTransactionThatItWaitsForRollsBack(int isolation) throws Exception {
    try (Connection session = session(isolation)) {
      insertCommitted(session);
      CompletableFuture<Ruling> fence = fence(outcomes);
      awaitWaiting(1);
      session.rollback();

      assertThat(result(fence)).isEqualTo(Ruling.ROLLED_BACK);
    }
  }

  // Sessions that hang.

  @ParameterizedTest
  @ValueSource(
      ints = {
        Connection.TRANSACTION_READ_COMMITTED,
        Connection.TRANSACTION_REPEATABLE_READ,
        Connection.TRANSACTION_SERIALIZABLE
      })
  void isUnclearWhileASessionHasTheRowAndThenAsThatEnds(int isolation) throws SQLException {
    try (Connection session = session(isolation)) {
      insertCommitted(session);
      assertThat(outcomes.rule(id, false)).isIn(Ruling.OPEN, Ruling.UNCLEAR);
      assertThat(outcomes.rule(id, true)).isEqualTo(Ruling.UNCLEAR);
      session.commit();
    }
    assertThat(outcomes.rule(id, true)).isEqualTo(Ruling.COMMITTED);
  }

  /** Where the pool's own transactions would see it, it is not asked in one of those. */
  @Test
  void neverBelievesARowThatIsNotCommitted() throws SQLException {
    dataSource.setIsolation(Connection.TRANSACTION_READ_UNCOMMITTED);
    try (Connection session = session(Connection.TRANSACTION_READ_COMMITTED)) {
      insertCommitted(session);

      assertThat(outcomes.rule(id, false)).isNotEqualTo(Ruling.COMMITTED);
      session.rollback();
    }
    assertThat(outcomes.rule(id, true)).isEqualTo(Ruling.ROLLED_BACK);
  }

  /** A duplicate key is read about in a new transaction, which sees more than the one before. */
  @ParameterizedTest
  @ValueSource(
      ints = {
        Connection.TRANSACTION_READ_COMMITTED,
        Connection.TRANSACTION_REPEATABLE_READ,
        Connection.TRANSACTION_SERIALIZABLE
      })
  void seesWhatWasCommittedWhileItWaitedWhateverThePoolsIsolation(int isolation) throws Exception {
    dataSource.setIsolation(isolation);
    try (Connection session = session(Connection.TRANSACTION_READ_COMMITTED)) {
      insertCommitted(session);
      CompletableFuture<Ruling> fence = fence(outcomes);
      awaitWaiting(1);
      session.commit();

      assertThat(result(fence)).isEqualTo(Ruling.COMMITTED);
    }
  }

  @Test
  void isUnclearAfterTheDatabasesOwnLockTimeout() throws SQLException {
    OutcomeDatabase impatient =
        OutcomeDatabase.open(
            PLACE, new PlainDataSource(database.with(impatient())), false, Clock.systemUTC());
    try (Connection session = session(Connection.TRANSACTION_READ_COMMITTED)) {
      insertCommitted(session);
      long beginNanos = System.nanoTime();

      assertThat(impatient.rule(id, true)).isEqualTo(Ruling.UNCLEAR);
      assertThat(Duration.ofNanos(System.nanoTime() - beginNanos))
          .isLessThan(Duration.ofSeconds(4));
      session.rollback();
    }
    assertThat(impatient.rule(id, true)).isEqualTo(Ruling.ROLLED_BACK);
  }

  /** MariaDB gives both a shared lock then, and ends one of them as a deadlock. */
  @Test
  void nodesThatFenceAtOnceNeverContradictEachOther() throws Exception {
    OutcomeDatabase other =
        OutcomeDatabase.open(PLACE, new PlainDataSource(database), false, Clock.systemUTC());
    try (Connection session = session(Connection.TRANSACTION_READ_COMMITTED)) {
      insertCommitted(session);
      CompletableFuture<Ruling> mine = fence(outcomes);
      CompletableFuture<Ruling> theirs = fence(other);
      awaitWaiting(2);
      session.rollback();

      assertThat(List.of(result(mine), result(theirs)))
          .contains(Ruling.ROLLED_BACK)
          .allMatch(ruling -> ruling == Ruling.ROLLED_BACK || ruling == Ruling.UNCLEAR);
    }
    assertThat(outcomes.rule(id, true)).isEqualTo(Ruling.ROLLED_BACK);
    assertThat(other.rule(id, true)).isEqualTo(Ruling.ROLLED_BACK);
  }

  // The sweep among applications: whoever waited for a lock here would time out.

  @ParameterizedTest
  @ValueSource(
      ints = {
        Connection.TRANSACTION_READ_COMMITTED,
        Connection.TRANSACTION_REPEATABLE_READ,
        Connection.TRANSACTION_SERIALIZABLE
      })
  void aSweepThatHangsKeepsNobodyFromCommitting(int isolation) throws SQLException {
    List<String> old = oldFences();
    try (Connection sweeping = database.connect();
        Connection session = session(isolation)) {
      sweeping.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      sweeping.setAutoCommit(false);
      OutcomeTable table = new OutcomeTable(PLACE.table(), Dialect.of(sweeping.getMetaData()));
      table.before(sweeping, OutcomeState.ROLLED_BACK, Long.MAX_VALUE, Optional.empty(), 500);
      table.delete(sweeping, old);

      insertCommitted(session);
      session.commit();
      assertThat(outcomes.rule("another", true)).isEqualTo(Ruling.ROLLED_BACK);
    }
    assertThat(outcomes.rule(id, false)).isEqualTo(Ruling.COMMITTED);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        Connection.TRANSACTION_READ_COMMITTED,
        Connection.TRANSACTION_REPEATABLE_READ,
        Connection.TRANSACTION_SERIALIZABLE
      })
  void aTransactionThatHangsKeepsNoSweepFromOtherRows(int isolation) throws SQLException {
    List<String> old = oldFences();
    try (Connection session = session(isolation)) {
      insertCommitted(session);
      outcomes.insertReceived(session, "in-" + id);

      assertThat(outcomes.before(OutcomeState.ROLLED_BACK, Long.MAX_VALUE, Optional.empty(), 500))
          .hasSize(old.size());
      outcomes.delete(old);
      session.commit();
    }
    assertThat(database.count("MOIETY_OUTCOME WHERE STATE = 'ROLLED_BACK'")).isZero();
  }

  private List<String> oldFences() throws SQLException {
    OutcomeDatabase past = OutcomeDatabase.open(PLACE, dataSource, false, LONG_AGO);
    List<String> ids = List.of("old-1", "old-2", "old-3");
    ids.forEach(old -> past.rule(old, true));
    return ids;
  }
}
