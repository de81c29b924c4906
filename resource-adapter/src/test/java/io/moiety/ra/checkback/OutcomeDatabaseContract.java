package io.moiety.ra.checkback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.ra.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the table decides, keeps and removes, on a real database. */
@Timeout(60)
abstract class OutcomeDatabaseContract {

  private static final OutcomePlace PLACE = new OutcomePlace("jdbc/test", "MOIETY_OUTCOME");

  private final String id = UUID.randomUUID().toString();
  private TestDatabase database;
  private PlainDataSource dataSource;
  private OutcomeDatabase outcomes;

  abstract TestDatabase newDatabase() throws SQLException;

  @BeforeEach
  void open() throws SQLException {
    database = newDatabase();
    dataSource = new PlainDataSource(database);
    outcomes = OutcomeDatabase.open(PLACE, dataSource, true, Clock.systemUTC());
  }

  private void insertCommitted(Connection connection) throws SQLException {
    assertThat(outcomes.insertCommitted(connection, id, List.of("#0\n"))).isTrue();
  }

  private Connection session(int isolation) throws SQLException {
    Connection session = database.connect();
    session.setTransactionIsolation(isolation);
    session.setAutoCommit(false);
    return session;
  }

  @Test
  void isCommittedWhenTheRowIs() throws SQLException {
    try (Connection session = session(Connection.TRANSACTION_READ_COMMITTED)) {
      insertCommitted(session);
      session.commit();
    }

    assertThat(outcomes.rule(id, false)).isEqualTo(Ruling.COMMITTED);
    assertThat(outcomes.rule(id, true)).isEqualTo(Ruling.COMMITTED);
  }

  @Test
  void isOpenWithoutARowAndStaysSoUnlessItIsFenced() {
    assertThat(outcomes.rule(id, false)).isEqualTo(Ruling.OPEN);
    assertThat(outcomes.rule(id, false)).isEqualTo(Ruling.OPEN);
    assertThat(outcomes.rule(id, true)).isEqualTo(Ruling.ROLLED_BACK);
    assertThat(outcomes.rule(id, false)).isEqualTo(Ruling.ROLLED_BACK);
  }

  /** Ids of received messages are digests in Base64. */
  @Test
  void idsThatDifferInCaseAreDifferent() throws SQLException {
    assertThat(outcomes.rule("in-aB", true)).isEqualTo(Ruling.ROLLED_BACK);
    assertThat(outcomes.find("in-ab")).isEmpty();
    assertThat(outcomes.rule("in-ab", true)).isEqualTo(Ruling.ROLLED_BACK);

    assertThat(database.count("MOIETY_OUTCOME WHERE STATE = 'ROLLED_BACK'")).isEqualTo(2);
  }

  @Test
  void isUnclearWhenTheAnswerToTheFencesCommitGotLost() {
    dataSource.loseNextCommitAnswerAfter(1);

    assertThat(outcomes.rule(id, true)).isEqualTo(Ruling.UNCLEAR);
    assertThat(outcomes.rule(id, true)).isEqualTo(Ruling.ROLLED_BACK);
  }

  @Test
  void isUnclearWhileTheDatabaseCannotBeReached() {
    dataSource.refuse(true);
    assertThat(outcomes.rule(id, true)).isEqualTo(Ruling.UNCLEAR);

    dataSource.refuse(false);
    assertThat(outcomes.rule(id, true)).isEqualTo(Ruling.ROLLED_BACK);
  }

  @Test
  void leavesConnectionsOfThePoolAsTheyWere() throws SQLException {
    dataSource.setIsolation(Connection.TRANSACTION_SERIALIZABLE);
    outcomes.rule(id, true);

    assertThat(dataSource.lastAtClose()).isEqualTo("autoCommit=true isolation=8");
  }

  @Test
  void allNodesAgreeOnTheTablesName() throws SQLException {
    assertThat(OutcomeDatabase.open(PLACE, dataSource, false, Clock.systemUTC()).tableId())
        .isEqualTo(outcomes.tableId());
    TestDatabase other = newDatabase();
    assertThat(
            OutcomeDatabase.open(PLACE, new PlainDataSource(other), true, Clock.systemUTC())
                .tableId())
        .isNotEqualTo(outcomes.tableId());
  }

  @Test
  void saysWhatToDoWithoutATable() throws SQLException {
    OutcomePlace missing = new OutcomePlace("jdbc/test", "MISSING");

    assertThatThrownBy(() -> OutcomeDatabase.open(missing, dataSource, false, Clock.systemUTC()))
        .hasMessageContaining("MISSING")
        .hasMessageContaining("ddl/");
  }

  @Test
  void listsRowsByAgePageByPageAndDeletesThem() throws SQLException {
    try (Connection session = session(Connection.TRANSACTION_READ_COMMITTED)) {
      for (int i = 0; i < 5; i++) {
        outcomes.insertCommitted(session, "id" + i, List.of("#1\n", "more"));
      }
      session.commit();
    }
    List<OutcomeTable.Row> first =
        outcomes.before(OutcomeState.COMMITTED, Long.MAX_VALUE, Optional.empty(), 3);
    List<OutcomeTable.Row> second =
        outcomes.before(OutcomeState.COMMITTED, Long.MAX_VALUE, Optional.of(first.get(2)), 3);

    assertThat(first).hasSize(3);
    assertThat(second).hasSize(2).doesNotContainAnyElementsOf(first);
    assertThat(outcomes.before(OutcomeState.COMMITTED, 0, Optional.empty(), 3)).isEmpty();
    outcomes.delete(List.of("id0", "id0/1", "id1", "unknown"));
    assertThat(outcomes.find("id0")).isEmpty();
    assertThat(outcomes.find("id0/1")).isEmpty();
    assertThat(outcomes.find("id1/1")).isPresent();
  }
}
