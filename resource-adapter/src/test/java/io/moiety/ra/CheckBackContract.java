package io.moiety.ra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moiety.ra.outbound.MoietyManagedConnectionFactory;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TransactionRolledBackException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Synchronization;
import java.nio.file.Path;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What applications send with one ordinary data source follows its transaction. */
abstract class CheckBackContract extends CheckBackFixture {

  @Test
  void deliversWithTheCommitAndRemovesTheRow() throws Exception {
    transactions().begin();
    order("1");
    send(factory, "audit", "1");
    assertThat(receiveNow("orders")).isNull();
    transactions().commit();

    awaitReceived("orders", "1");
    awaitReceived("audit", "1");
    assertThat(receiveNow("orders")).isNull();
    assertThat(database.count("ORDERS")).isEqualTo(1);
    await().atMost(LONG).until(() -> rows("COMMITTED") == 0);
  }

  @Test
  void deliversNothingAfterARollback() throws Exception {
    transactions().begin();
    order("1");
    transactions().rollback();

    awaitNothingOpen();
    assertThat(receiveNow("orders")).isNull();
    assertThat(database.count("ORDERS")).isZero();
    assertThat(rows("COMMITTED")).isZero();
  }

  @Test
  void rollsBackWithSetRollbackOnlyWithoutARow() throws Exception {
    transactions().begin();
    order("1");
    transactions().setRollbackOnly();
    assertThatThrownBy(() -> transactions().commit()).isInstanceOf(RollbackException.class);

    awaitNothingOpen();
    assertThat(receiveNow("orders")).isNull();
    assertThat(rows("COMMITTED") + rows("ROLLED_BACK")).isZero();
  }

  @Test
  void showsByJmxWhatBecameOfTransactions() throws Exception {
    transactions().begin();
    order("1");
    assertThat(shown("InFlight")).isEqualTo(1L);
    transactions().commit();
    transactions().begin();
    order("2");
    transactions().rollback();

    assertThat(shown("InFlight")).isEqualTo(0L);
    assertThat(shown("Committed")).isEqualTo(1L);
    assertThat(shown("RolledBack")).isEqualTo(1L);
    assertThat(shown("CheckedBack")).isEqualTo(0L);
    assertThat(shown("Fenced")).isEqualTo(0L);
  }

  @Test
  void sendsAtOnceWithoutATransaction() throws Exception {
    send(factory, "orders", "1");

    awaitReceived("orders", "1");
  }

  @Test
  void factoriesOfOneDataSourceShareTheRow() throws Exception {
    ConnectionFactory second = node.connectionFactory(checkBack(node));
    List<Integer> rows = new ArrayList<>();
    dataSource.onCommit(
        connection -> {
          try (Statement statement = connection.createStatement();
              var result =
                  statement.executeQuery(
                      "SELECT COUNT(*) FROM MOIETY_OUTCOME WHERE STATE = 'COMMITTED'")) {
            result.next();
            rows.add(result.getInt(1));
          }
          connection.commit();
        });
    transactions().begin();
    order("1");
    send(second, "audit", "1");
    transactions().commit();

    assertThat(rows).containsExactly(1);
    awaitReceived("orders", "1");
    awaitReceived("audit", "1");
  }

  @Test
  void worksWithoutOtherWorkInTheDataSource() throws Exception {
    for (String text : List.of("1", "2")) {
      transactions().begin();
      send(factory, "orders", text);
      transactions().commit();

      awaitReceived("orders", text);
    }
    await().atMost(LONG).until(() -> rows("COMMITTED") == 0);
  }

  @Test
  void messagesAtTwoBrokersFollowTheOneRow(@TempDir Path otherStore) throws Exception {
    TestServer otherBroker = newBroker(otherStore);
    MoietyManagedConnectionFactory managed = checkBack(node);
    managed.setAddresses(
        otherBroker.managedConnectionFactory().newConnectionFactory().getAddresses());
    ConnectionFactory elsewhere = node.connectionFactory(managed);
    transactions().begin();
    order("rolled back");
    send(elsewhere, "audit", "rolled back");
    transactions().rollback();
    transactions().begin();
    order("1");
    send(elsewhere, "audit", "1");
    transactions().commit();

    awaitReceived("orders", "1");
    await().atMost(LONG).until(() -> receiveNow(otherBroker, "audit"), "1"::equals);
    await().atMost(LONG).until(() -> rows("COMMITTED") == 0);
    awaitNothingOpen();
    assertThat(receiveNow("orders")).isNull();
    assertThat(receiveNow(otherBroker, "audit")).isNull();
  }

  /** Nobody removes the row before the last broker has heard of it. */
  @Test
  void theRowStaysUntilBothBrokersKnow(@TempDir Path otherStore) throws Exception {
    TestServer otherBroker = newBroker(otherStore);
    MoietyManagedConnectionFactory managed = checkBack(node);
    managed.setAddresses(
        otherBroker.managedConnectionFactory().newConnectionFactory().getAddresses());
    managed.setRequestTimeoutMillis(1_000L);
    ConnectionFactory elsewhere = node.connectionFactory(managed);
    dataSource.onCommit(
        connection -> {
          connection.commit();
          otherBroker.adapter().stop();
        });
    transactions().begin();
    order("1");
    send(elsewhere, "audit", "1");
    transactions().commit();

    awaitReceived("orders", "1");
    await().during(Duration.ofSeconds(3)).atMost(LONG).until(() -> rows("COMMITTED") == 1);

    dataSource.onCommit(java.sql.Connection::commit);
    TestServer back = newBroker(otherStore);
    managed = checkBack(node);
    managed.setAddresses(back.managedConnectionFactory().newConnectionFactory().getAddresses());
    ConnectionFactory again = node.connectionFactory(managed);
    transactions().begin();
    send(again, "audit", "2");
    transactions().commit();

    List<String> received = new ArrayList<>();
    await()
        .atMost(LONG)
        .until(
            () -> {
              String text = receiveNow(back, "audit");
              if (text != null) {
                received.add(text);
              }
              return received.size() == 2;
            });
    assertThat(received).containsExactlyInAnyOrder("1", "2");
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        java.sql.Connection.TRANSACTION_READ_COMMITTED,
        java.sql.Connection.TRANSACTION_REPEATABLE_READ,
        java.sql.Connection.TRANSACTION_SERIALIZABLE
      })
  void agreesAtEachIsolationLevelOfTheApplication(int isolation) throws Exception {
    dataSource.setIsolation(isolation);
    transactions().begin();
    order("committed");
    transactions().commit();
    transactions().begin();
    order("rolled back");
    transactions().rollback();

    awaitReceived("orders", "committed");
    awaitNothingOpen();
    assertThat(receiveNow("orders")).isNull();
    await().atMost(LONG).until(() -> rows("COMMITTED") == 0);
  }

  @Test
  void sendsManyMessagesInOneTransactionAndRemovesAllRows() throws Exception {
    transactions().begin();
    try (Connection connection = factory.createConnection();
        Session session = connection.createSession()) {
      MessageProducer producer = session.createProducer(session.createQueue("orders"));
      for (int i = 0; i < 200; i++) {
        producer.send(session.createTextMessage("m" + i));
      }
    }
    transactions().commit();

    for (int i = 0; i < 200; i++) {
      awaitReceived("orders", "m" + i);
    }
    await().atMost(LONG).until(() -> rows("COMMITTED") + rows("MORE") == 0);
  }

  @Test
  void refusesToSendWhenTheTransactionCanOnlyBeRolledBack() throws Exception {
    transactions().begin();
    transactions().setRollbackOnly();

    assertThatThrownBy(() -> send(factory, "orders", "1"))
        .isInstanceOf(TransactionRolledBackException.class);
  }

  @Test
  void refusesToSendWhileTheTransactionIsBeingCompleted() throws Exception {
    List<Throwable> refusals = new ArrayList<>();
    transactions().begin();
    order("1");
    transactions()
        .getTransaction()
        .registerSynchronization(
            new Synchronization() {
              @Override
              public void beforeCompletion() {}

              @Override
              public void afterCompletion(int status) {
                try {
                  send(factory, "orders", "late");
                } catch (JMSException refused) {
                  refusals.add(refused);
                }
              }
            });
    transactions().commit();

    assertThat(refusals).hasSize(1);
    assertThat(refusals.get(0)).hasMessageContaining("being completed");
    awaitReceived("orders", "1");
    assertThat(receiveNow("orders")).isNull();
  }

  @Test
  void refusesADataSourceInAutoCommitMode() throws Exception {
    dataSource.leaveTransactions();
    transactions().begin();

    assertThatThrownBy(() -> send(factory, "orders", "1"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("auto-commit");
    transactions().rollback();
    assertThat(receiveNow("orders")).isNull();
  }

  @Test
  void refusesToReceiveInATransaction() throws Exception {
    transactions().begin();
    try (JMSContext context = factory.createContext()) {
      var consumer = context.createConsumer(context.createQueue("orders"));
      assertThatThrownBy(consumer::receiveNoWait).hasMessageContaining("only what is sent");
    }
  }

  @Test
  void saysWhichDataSourceIsMissing() throws Exception {
    MoietyManagedConnectionFactory managed = checkBack(node);
    managed.setOutcomeDataSource("jdbc/nowhere");
    ConnectionFactory wrong = node.connectionFactory(managed);
    transactions().begin();

    assertThatThrownBy(() -> send(wrong, "orders", "1"))
        .hasMessageContaining("outcomeDataSource = jdbc/nowhere cannot be used");
  }

  @Test
  void saysHowToMakeAMissingTable() throws Exception {
    MoietyManagedConnectionFactory managed = checkBack(node);
    managed.setCreateTable(false);
    managed.setOutcomeTable("NOT_THERE");
    ConnectionFactory wrong = node.connectionFactory(managed);
    transactions().begin();

    assertThatThrownBy(() -> send(wrong, "orders", "1"))
        .hasMessageContaining("NOT_THERE")
        .hasMessageContaining("ddl/")
        .hasMessageContaining("createTable");
  }
}
