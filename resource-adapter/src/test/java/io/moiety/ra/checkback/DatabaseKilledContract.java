package io.moiety.ra.checkback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moiety.ra.DatabaseServer;
import io.moiety.ra.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is decided when the database's server is killed and comes back. */
@Timeout(180)
abstract class DatabaseKilledContract {

  private static final OutcomePlace PLACE = new OutcomePlace("jdbc/test", "MOIETY_OUTCOME");

  private final String id = UUID.randomUUID().toString();
  private DatabaseServer server;
  private TestDatabase database;
  private OutcomeDatabase outcomes;

  abstract DatabaseServer start(Path directory) throws IOException;

  /** A table of the database's own and the condition for sessions that wait for a lock. */
  abstract String waitingSessions();

  @BeforeEach
  void open(@TempDir Path directory) throws Exception {
    server = start(directory);
    database = server.newDatabase();
    outcomes = OutcomeDatabase.open(PLACE, new PlainDataSource(database), true, Clock.systemUTC());
  }

  @AfterEach
  void stop() throws IOException {
    if (server != null) {
      server.close();
    }
  }

  /** An application's transaction that is about to commit; its connection dies with the server. */
  private Connection inserted() throws SQLException {
    Connection session = database.connect();
    session.setAutoCommit(false);
    assertThat(outcomes.insertCommitted(session, id, List.of("#0\n"))).isTrue();
    return session;
  }

  @Test
  void aFenceOnItsWayIsUnclearUntilTheServerIsBack() throws Exception {
    inserted();
    CompletableFuture<Ruling> fence = CompletableFuture.supplyAsync(() -> outcomes.rule(id, true));
    await().atMost(Duration.ofSeconds(30)).until(() -> database.count(waitingSessions()) == 1);
    server.kill();

    assertThat(fence.get(60, TimeUnit.SECONDS)).isEqualTo(Ruling.UNCLEAR);
    assertThat(outcomes.rule(id, false)).isEqualTo(Ruling.UNCLEAR);
    assertThat(outcomes.rule(id, true)).isEqualTo(Ruling.UNCLEAR);
    server.startAgain();
    assertThat(outcomes.rule(id, true)).isEqualTo(Ruling.ROLLED_BACK);
  }

  @Test
  void whatWasDecidedStaysSo() throws Exception {
    inserted().commit();
    assertThat(outcomes.rule("fenced", true)).isEqualTo(Ruling.ROLLED_BACK);
    server.kill();
    server.startAgain();

    assertThat(outcomes.rule(id, true)).isEqualTo(Ruling.COMMITTED);
    assertThat(outcomes.rule("fenced", true)).isEqualTo(Ruling.ROLLED_BACK);
  }
}
