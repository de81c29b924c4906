package io.moiety.ra;

import static org.awaitility.Awaitility.await;

import io.moiety.client.MoietyClient;
import io.moiety.client.TransactionQuery;
import io.moiety.protocol.body.TransactionBody;
import io.moiety.ra.outbound.MoietyManagedConnectionFactory;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionManager;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the tests of CHECK_BACK work with: a broker, nodes beside it, one database, a real
 * transaction manager.
 */
@Timeout(180)
abstract class CheckBackFixture {

  static final Duration LONG = Duration.ofSeconds(60);

  final String name = "jdbc/" + UUID.randomUUID();
  private final List<TestServer> running = new ArrayList<>();
  TestDatabase database;
  LocalDataSource dataSource;
  TestServer broker;
  TestServer node;
  ConnectionFactory factory;

  abstract TestDatabase newDatabase() throws SQLException;

  @BeforeEach
  void start(@TempDir Path store) throws Exception {
    database = newDatabase();
    database.execute("CREATE TABLE ORDERS (ID VARCHAR(80) PRIMARY KEY)");
    broker = newBroker(store);
    dataSource = new LocalDataSource(broker.transactions(), database);
    TestNaming.bind(name, dataSource);
    node = newNode();
    factory = node.connectionFactory(checkBack(node));
  }

  @AfterEach
  void stop() throws Exception {
    if (running.isEmpty()) {
      // Skipped, where there is no such database.
      return;
    }
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

  /** A server with a broker inside. */
  TestServer newBroker(Path store) throws Exception {
    return started(
        TestServer.start(
            adapter -> {
              adapter.setStoreDirectory(store.toString());
              adapter.setBrokerProperties(
                  "transactionTimeOut=500;transactionCheckInterval=500;transactionCheckMax=3");
            }));
  }

  /** Another server with the same broker and database, which answers from its start on. */
  TestServer newNode() throws Exception {
    String addresses = broker.managedConnectionFactory().newConnectionFactory().getAddresses();
    return started(
        TestServer.start(
            adapter -> {
              adapter.setAddresses(addresses);
              adapter.setCheckBackGroups(name);
            }));
  }

  MoietyManagedConnectionFactory checkBack(TestServer server) throws Exception {
    MoietyManagedConnectionFactory managed = server.managedConnectionFactory();
    managed.setTransactionMode("CHECK_BACK");
    managed.setOutcomeDataSource(name);
    managed.setCreateTable(true);
    managed.setFenceAfterSeconds(1);
    return managed;
  }

  TransactionManager transactions() {
    return broker.transactions();
  }

  /** What the application does: a row and a message. */
  void order(String id) throws Exception {
    insert(id);
    send(factory, "orders", id);
  }

  void insert(String id) throws SQLException {
    try (var connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("INSERT INTO ORDERS VALUES ('" + id + "')");
    }
  }

  static void send(ConnectionFactory through, String queue, String text) throws JMSException {
    try (Connection connection = through.createConnection();
        Session session = connection.createSession()) {
      MessageProducer producer = session.createProducer(session.createQueue(queue));
      producer.send(session.createTextMessage(text));
    }
  }

  String receiveNow(String queue) {
    return receiveNow(broker, queue);
  }

  static String receiveNow(TestServer at, String queue) {
    try (JMSContext context =
        at.managedConnectionFactory().newConnectionFactory().createContext()) {
      return context.createConsumer(context.createQueue(queue)).receiveBodyNoWait(String.class);
    } catch (jakarta.resource.ResourceException stopped) {
      throw new AssertionError(stopped);
    }
  }

  void awaitReceived(String queue, String text) {
    await().atMost(LONG).until(() -> receiveNow(queue), text::equals);
  }

  int rows(String state) throws SQLException {
    return database.count("MOIETY_OUTCOME WHERE STATE = '" + state + "'");
  }

  /** Of all half messages that wait for somebody to decide. */
  List<String> states() throws Exception {
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

  void awaitOpen() {
    await().atMost(LONG).until(() -> states().equals(List.of("OPEN")));
  }

  void awaitNothingOpen() {
    await().atMost(LONG).until(() -> states().isEmpty());
  }

  /** An attribute of the only adapter whose broker is elsewhere, by JMX. */
  static Object shown(String attribute) throws Exception {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    for (ObjectName bean :
        server.queryNames(new ObjectName("io.moiety:type=ResourceAdapter,*"), null)) {
      if (server.getAttribute(bean, "Embedded").equals(false)) {
        return server.getAttribute(bean, attribute);
      }
    }
    throw new AssertionError("No adapter is shown whose broker is elsewhere");
  }
}
