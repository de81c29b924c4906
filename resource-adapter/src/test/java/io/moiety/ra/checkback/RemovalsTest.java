package io.moiety.ra.checkback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.ra.TestDatabase;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes on removing rows, whatever pools and drivers throw. */
final class RemovalsTest {

  private final LaterTasks tasks = new LaterTasks();
  private PlainDataSource dataSource;
  private OutcomeDatabase outcomes;

  @BeforeEach
  void open() throws Exception {
    dataSource = new PlainDataSource(TestDatabase.h2());
    outcomes =
        OutcomeDatabase.open(
            new OutcomePlace("jdbc/test", OutcomePlace.DEFAULT_TABLE),
            dataSource,
            true,
            Clock.systemUTC());
  }

  private void commitRow(String id) throws Exception {
    try (Connection connection = outcomes.connect()) {
      assertThat(outcomes.insertCommitted(connection, id, List.of("#0\n"))).isTrue();
    }
  }

  @Test
  void rowsAreRemovedAlsoAfterAnErrorOfADriverThatIsGone() throws Exception {
    Removals removals = new Removals(outcomes, tasks);
    commitRow("first");
    commitRow("second");
    dataSource.throwOnce(new NoClassDefFoundError("of the driver"));
    removals.add("first", 1);
    tasks.runLater();
    assertThat(outcomes.find("first")).isPresent();

    removals.add("second", 1);
    tasks.runLater();

    assertThat(outcomes.find("second")).isEmpty();
  }

  @Test
  void theTableIsSweptAlsoAfterAnErrorOfADriverThatIsGone() throws Exception {
    OutcomeKeeper keeper =
        OutcomeKeeper.start(
            outcomes,
            new Instance(),
            (store, group) -> Optional.empty(),
            Duration.ofDays(7),
            tasks,
            new CheckBackCounters(),
            Clock.offset(Clock.systemUTC(), Duration.ofDays(30)));
    outcomes.rule("old", true);
    dataSource.throwOnce(new NoClassDefFoundError("of the driver"));
    assertThatThrownBy(tasks::runLater).isInstanceOf(NoClassDefFoundError.class);

    tasks.runLater();

    assertThat(outcomes.find("old")).isEmpty();
    keeper.close();
    tasks.runLater();
    assertThat(tasks.planned()).isZero();
  }
}
