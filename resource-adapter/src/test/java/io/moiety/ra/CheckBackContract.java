package io.moiety.ra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moiety.client.MoietyClient;
import io.moiety.client.TransactionQuery;
import io.moiety.protocol.body.TransactionBody;
import io.moiety.ra.inbound.MoietyActivationSpec;
import io.moiety.ra.outbound.MoietyManagedConnectionFactory;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.MessageListener;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TransactionRolledBackException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.SystemException;
import jakarta.transaction.TransactionManager;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.transaction.xa.XAException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Messages and one ordinary data source agree, whoever dies where: a broker, two nodes beside it,
 * one database, a real transaction manager.
 */
@Timeout(180)
abstract class CheckBackContract {

  private static final Duration LONG = Duration.ofSeconds(60);

  private final String name = "jdbc/" + UUID.randomUUID();
  private final List<TestServer> running = new ArrayList<>();
  private TestDatabase database;
  private LocalDataSource dataSource;
  private TestServer broker;
  private TestServer node;
  private ConnectionFactory factory;

  abstract TestDatabase newDatabase() throws SQLException;

  @BeforeEach
  void start(@TempDir Path store) throws Exception {
    database = newDatabase();
    database.execute("CREATE TABLE ORDERS (ID VARCHAR(80) PRIMARY KEY)");
    broker =
        started(
            TestServer.start(
                adapter -> {
                  adapter.setStoreDirectory(store.toString());
                  adapter.setBrokerProperties(
                      "transactionTimeOut=500;transactionCheckInterval=500;transactionCheckMax=3");
                }));
    dataSource = new LocalDataSource(broker.transactions(), database);
    TestNaming.bind(name, dataSource);
    node = newNode();
    factory = node.connectionFactory(checkBack(node));
  }

  @AfterEach
  void stop() throws Exception {
    if (transactions().getStatus() != Status.STATUS_NO_TRANSACTION) {
      transactions().rollback();
    }
    for (int i = running.size() - 1; i >= 0; i--) {
      running.get(i).close();
    }
    TestNaming.unbind(name);
  }

  private TestServer started(TestServer server) {
    running.add(server);
    return server;
  }

  /** Another server with the same broker and database, which answers from its start on. */
  private TestServer newNode() throws Exception {
    String addresses = broker.managedConnectionFactory().newConnectionFactory().getAddresses();
    return started(
        TestServer.start(
            adapter -> {
              adapter.setAddresses(addresses);
              adapter.setCheckBackGroups(name);
            }));
  }

  private MoietyManagedConnectionFactory checkBack(TestServer server) throws Exception {
    MoietyManagedConnectionFactory managed = server.managedConnectionFactory();
    managed.setTransactionMode("CHECK_BACK");
    managed.setOutcomeDataSource(name);
    managed.setCreateTable(true);
    managed.setFenceAfterSeconds(1);
    return managed;
  }

  private TransactionManager transactions() {
    return broker.transactions();
  }

  /** What the application does: a row and a message. */
  private void order(String id) throws Exception {
    insert(id);
    send(factory, "orders", id);
  }

  private void insert(String id) throws SQLException {
    try (var connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("INSERT INTO ORDERS VALUES ('" + id + "')");
    }
  }

  private static void send(ConnectionFactory through, String queue, String text)
      throws JMSException {
    try (Connection connection = through.createConnection();
        Session session = connection.createSession()) {
      MessageProducer producer = session.createProducer(session.createQueue(queue));
      producer.send(session.createTextMessage(text));
    }
  }

  private String receiveNow(String queue) {
    try (JMSContext context =
        broker.managedConnectionFactory().newConnectionFactory().createContext()) {
      return context.createConsumer(context.createQueue(queue)).receiveBodyNoWait(String.class);
    } catch (jakarta.resource.ResourceException stopped) {
      throw new AssertionError(stopped);
    }
  }

  private void awaitReceived(String queue, String text) {
    await().atMost(LONG).until(() -> receiveNow(queue), text::equals);
  }

  private int rows(String state) throws SQLException {
    return database.count("MOIETY_OUTCOME WHERE STATE = '" + state + "'");
  }

  /** Of all half messages that wait for somebody to decide. */
  private List<String> states() throws Exception {
    try (MoietyClient client =
        MoietyClient.connect(
                broker
                    .managedConnectionFactory()
                    .newConnectionFactory()
                    .clientConfig("test-" + UUID.randomUUID()),
                lost -> {})
            .get()) {
      return client
          .administration()
          .transactions(TransactionQuery.all(), Optional.empty())
          .get()
          .transactions()
          .stream()
          .map(TransactionBody::state)
          .toList();
    }
  }

  private void awaitOpen() {
    await().atMost(LONG).until(() -> states().equals(List.of("OPEN")));
  }

  private void awaitNothingOpen() {
    await().atMost(LONG).until(() -> states().isEmpty());
  }

  // The plain cases.

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
    transactions().begin();
    send(factory, "orders", "1");
    transactions().commit();

    awaitReceived("orders", "1");
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

  // What is refused.

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
        .hasMessageContaining("outcomeDataSource = jdbc/nowhere");
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

  // Endings after an attempted insert, and lost messages.

  /** Servers report it as a rollback; the database has committed. */
  @Test
  void believesTheTableWhenTheAnswerToTheCommitGotLost() throws Exception {
    dataSource.onCommit(
        connection -> {
          connection.commit();
          throw new XAException(XAException.XA_RBCOMMFAIL);
        });
    transactions().begin();
    order("1");
    assertThatThrownBy(() -> transactions().commit()).isInstanceOf(RollbackException.class);

    awaitReceived("orders", "1");
    assertThat(database.count("ORDERS")).isEqualTo(1);
    await().atMost(LONG).until(() -> rows("COMMITTED") == 0);
  }

  @Test
  void rollsBackWhenTheDatabaseRefusesTheCommit() throws Exception {
    dataSource.onCommit(
        connection -> {
          connection.rollback();
          throw new XAException(XAException.XA_RBINTEGRITY);
        });
    transactions().begin();
    order("1");
    assertThatThrownBy(() -> transactions().commit()).isInstanceOf(RollbackException.class);

    awaitNothingOpen();
    assertThat(receiveNow("orders")).isNull();
    assertThat(rows("ROLLED_BACK")).isEqualTo(1);
  }

  @Test
  void anotherNodeDeliversWhatADeadOneHasCommitted() throws Exception {
    newNode();
    dataSource.onCommit(
        connection -> {
          connection.commit();
          node.adapter().stop();
        });
    transactions().begin();
    order("1");
    transactions().commit();

    awaitReceived("orders", "1");
    assertThat(database.count("ORDERS")).isEqualTo(1);
  }

  @Test
  void anotherNodeRollsBackWhatADeadOneLeftOpen() throws Exception {
    newNode();
    transactions().begin();
    order("1");
    awaitOpen();
    node.adapter().stop();
    var abandoned = transactions().suspend();

    awaitNothingOpen();
    assertThat(rows("ROLLED_BACK")).isEqualTo(1);
    transactions().resume(abandoned);
  }

  @Test
  void aFenceWinsAgainstALateCommitWithAClearException() throws Exception {
    newNode();
    transactions().begin();
    order("1");
    awaitOpen();
    node.adapter().stop();
    var late = transactions().suspend();
    awaitNothingOpen();
    transactions().resume(late);

    assertThatThrownBy(() -> transactions().commit())
        .isInstanceOf(RollbackException.class)
        .hasStackTraceContaining("fenceAfterSeconds");
    assertThat(database.count("ORDERS")).isZero();
    assertThat(receiveNow("orders")).isNull();
  }

  /** Longer than check limit times interval, longer than the time after which others may fence. */
  @Test
  void aLongTransactionOfALivingNodeIsNeverFenced() throws Exception {
    newNode();
    transactions().begin();
    order("1");
    var working = transactions().suspend();
    await()
        .during(Duration.ofSeconds(8))
        .atMost(LONG)
        .until(() -> states().equals(List.of("OPEN")) && rows("ROLLED_BACK") == 0);
    transactions().resume(working);
    transactions().commit();

    awaitReceived("orders", "1");
  }

  /** The database session of a node that died holds the row's lock, and has not ended yet. */
  @Test
  void waitsForAHangingSessionWithoutUsingUpTheChecks() throws Exception {
    newNode();
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    dataSource.onCommit(
        connection -> {
          node.adapter().stop();
          hanging.countDown();
          awaitUninterruptibly(end);
          connection.commit();
        });
    CompletableFuture<Void> commit = CompletableFuture.runAsync(this::orderAndCommit);
    assertThat(hanging.await(30, TimeUnit.SECONDS)).isTrue();
    // More checks than there may be in vain, and the time after which others may fence.
    await()
        .during(Duration.ofSeconds(10))
        .atMost(LONG)
        .until(() -> states().equals(List.of("OPEN")) && rows("ROLLED_BACK") == 0);
    end.countDown();
    commit.get();

    awaitReceived("orders", "1");
    assertThat(rows("ROLLED_BACK")).isZero();
  }

  // Beans that record what they have processed.

  /** Receives orders and inserts them, once per call. */
  private void activate(TestServer server, List<String> calls, MessageListener more)
      throws Exception {
    MoietyActivationSpec spec = new MoietyActivationSpec();
    spec.setDestinationLookup("orders");
    spec.setDestinationType("jakarta.jms.Queue");
    spec.setOutcomeDataSource(name);
    spec.setCreateTable(true);
    spec.setRedeliveryDelayMillis(10L);
    server
        .adapter()
        .endpointActivation(
            server.endpoints(
                message -> {
                  try {
                    String id = message.getBody(String.class);
                    calls.add(id);
                    insert(id + "-" + calls.size());
                    more.onMessage(message);
                  } catch (JMSException | SQLException failure) {
                    throw new IllegalArgumentException(failure);
                  }
                }),
            spec);
  }

  private void awaitProcessed(int orders) {
    await()
        .atMost(LONG)
        .until(() -> database.count("ORDERS") == orders && rows("RECEIVED") == orders);
  }

  @Test
  void aBeanRecordsWhatItHasProcessedInItsOwnTransaction() throws Exception {
    List<String> calls = new CopyOnWriteArrayList<>();
    activate(node, calls, message -> {});
    send(factory, "orders", "1");
    send(factory, "orders", "2");

    awaitProcessed(2);
    assertThat(calls).containsExactlyInAnyOrder("1", "2");
  }

  @Test
  void whatABeanThrewAtComesAgainWithoutARow() throws Exception {
    List<String> calls = new CopyOnWriteArrayList<>();
    activate(
        node,
        calls,
        message -> {
          if (calls.size() == 1) {
            throw new IllegalArgumentException("not yet");
          }
        });
    send(factory, "orders", "1");

    awaitProcessed(1);
    assertThat(calls).containsExactly("1", "1");
  }

  @Test
  void whatABeanRolledBackComesAgain() throws Exception {
    List<String> calls = new CopyOnWriteArrayList<>();
    activate(
        node,
        calls,
        message -> {
          try {
            if (calls.size() == 1) {
              transactions().setRollbackOnly();
            }
          } catch (SystemException failure) {
            throw new IllegalArgumentException(failure);
          }
        });
    send(factory, "orders", "1");

    awaitProcessed(1);
    assertThat(calls).containsExactly("1", "1");
  }

  /** The server reports a rollback; the database has committed. */
  @Test
  void aBeanIsNotCalledAgainWhenTheAnswerToTheCommitGotLost() throws Exception {
    List<String> calls = new CopyOnWriteArrayList<>();
    dataSource.onCommit(
        connection -> {
          connection.commit();
          throw new XAException(XAException.XA_RBCOMMFAIL);
        });
    activate(node, calls, message -> {});
    send(factory, "orders", "1");

    awaitProcessed(1);
    await().during(Duration.ofSeconds(2)).atMost(LONG).until(() -> calls.size() == 1);
  }

  /** It comes to the other node, whose bean is not called, and which acknowledges it. */
  @Test
  void whatADeadNodeHasProcessedIsRecognisedByAnother() throws Exception {
    List<String> calls = new CopyOnWriteArrayList<>();
    TestServer other = newNode();
    send(factory, "orders", "1");
    dataSource.onCommit(
        connection -> {
          connection.commit();
          CompletableFuture.runAsync(node.adapter()::stop);
          throw new XAException(XAException.XAER_RMFAIL);
        });
    activate(node, calls, message -> {});
    awaitProcessed(1);
    dataSource.onCommit(java.sql.Connection::commit);
    List<String> elsewhere = new CopyOnWriteArrayList<>();
    activate(other, elsewhere, message -> {});
    send(other.connectionFactory(checkBack(other)), "orders", "2");

    awaitProcessed(2);
    assertThat(calls).containsExactly("1");
    assertThat(elsewhere).containsExactly("2");
  }

  private void orderAndCommit() {
    try {
      transactions().begin();
      order("1");
      transactions().commit();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }
}
