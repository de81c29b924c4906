package io.moiety.ra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.protocol.BranchXid;
import io.moiety.ra.broker.EmbeddedBroker;
import io.moiety.ra.outbound.MoietyManagedConnectionFactory;
import io.moiety.ra.xa.RecoveryWatch;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSRuntimeException;
import jakarta.resource.spi.ManagedConnection;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionManager;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several adapters and one store. */
@Timeout(120)
final class EmbeddedBrokerTest {

  private static final String COMMITTED_ROWS = "MOIETY_OUTCOME WHERE STATE = 'COMMITTED'";

  @TempDir private Path store;

  private static void send(TestServer server, String text) throws Exception {
    send(server.connectionFactory(), text);
  }

  private static void send(ConnectionFactory factory, String text) {
    try (JMSContext context = factory.createContext()) {
      context.createProducer().send(context.createQueue("orders"), text);
    }
  }

  private static String receive(TestServer server) throws Exception {
    return receive(server.connectionFactory());
  }

  private static String receive(ConnectionFactory factory) {
    try (JMSContext context = factory.createContext()) {
      return context.createConsumer(context.createQueue("orders")).receiveBodyNoWait(String.class);
    }
  }

  @Test
  void adaptersOfOneClassLoaderShareABrokerUntilTheLastOneStops() throws Exception {
    TestServer first = TestServer.start(store);
    TestServer second = TestServer.start(store);
    send(first, "1");
    assertThat(receive(second)).isEqualTo("1");

    first.close();
    send(second, "2");
    assertThat(receive(second)).isEqualTo("2");
    second.close();

    Broker.start(BrokerConfig.embedded(store)).close();
  }

  @Test
  void anAdapterThatCouldNotStartLeavesNoBroker() throws Exception {
    assertThatThrownBy(() -> TestServer.startWithoutTransactions(store))
        .hasMessageContaining("no transactions here");

    Broker.start(BrokerConfig.embedded(store)).close();
  }

  @Test
  void usesTheBrokerThatHasTheStoreAlready() throws Exception {
    try (Broker other = Broker.start(BrokerConfig.embedded(store));
        TestServer server = TestServer.start(store)) {
      assertThat(server.managedConnectionFactory().newConnectionFactory().getAddresses())
          .endsWith(":" + other.address().getPort());

      send(server, "1");
      assertThat(receive(server)).isEqualTo("1");
    }
  }

  @Test
  void takesTheStoreOverWhenItsHolderIsGone() throws Exception {
    Broker holder = Broker.start(BrokerConfig.embedded(store));
    try (TestServer guest = TestServer.start(store)) {
      send(guest, "1");
      holder.close();

      await().ignoreExceptions().untilAsserted(() -> assertThat(receive(guest)).isEqualTo("1"));
    }
    Broker.start(BrokerConfig.embedded(store)).close();
  }

  @Test
  void adaptersOfSeveralClassLoadersFollowTheStoreFromOneToTheOther() throws Exception {
    ForeignServer first = ForeignServer.start(store);
    try (TestServer second = TestServer.start(store);
        ForeignServer third = ForeignServer.start(store)) {
      ConnectionFactory ofSecond = second.connectionFactory();
      ConnectionFactory ofThird = third.connectionFactory();
      send(ofSecond, "1");
      assertThat(receive(ofThird)).isEqualTo("1");

      first.close();

      await().ignoreExceptions().untilAsserted(() -> send(ofThird, "2"));
      await().ignoreExceptions().untilAsserted(() -> assertThat(receive(ofSecond)).isEqualTo("2"));
    }
  }

  @Test
  void checkBackGroupsFollowTheStoreToItsNewBroker() throws Exception {
    Broker holder = Broker.start(BrokerConfig.embedded(store));
    try (TestServer guest =
        TestServer.start(
            adapter -> {
              adapter.setStoreDirectory(store.toString());
              adapter.setBrokerProperties("transactionTimeOut=500;transactionCheckInterval=500");
            })) {
      String name = "jdbc/" + UUID.randomUUID();
      TestDatabase database = TestDatabase.h2();
      LocalDataSource dataSource = new LocalDataSource(guest.transactions(), database);
      TestNaming.bind(name, dataSource);
      MoietyManagedConnectionFactory checkBack = guest.managedConnectionFactory();
      checkBack.setTransactionMode("CHECK_BACK");
      checkBack.setOutcomeDataSource(name);
      checkBack.setCreateTable(true);
      checkBack.setRequestTimeoutMillis(1_000L);
      ConnectionFactory factory = guest.connectionFactory(checkBack);
      await().until(() -> commits(guest.transactions(), dataSource, factory, "1"));
      await().until(() -> database.count(COMMITTED_ROWS) == 0);
      holder.close();

      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> commits(guest.transactions(), dataSource, factory, "2"));
      ConnectionFactory receiving = guest.connectionFactory();
      await().ignoreExceptions().until(() -> receive(receiving), "1"::equals);
      await().ignoreExceptions().until(() -> receive(receiving), "2"::equals);
      await().until(() -> database.count(COMMITTED_ROWS) == 0);
      assertThat(receive(receiving)).isNull();
      TestNaming.unbind(name);
    }
  }

  /** False while there is no broker. */
  private static boolean commits(
      TransactionManager transactions,
      LocalDataSource dataSource,
      ConnectionFactory factory,
      String text)
      throws Exception {
    transactions.begin();
    try {
      dataSource.getConnection().close();
      send(factory, text);
      transactions.commit();
      return true;
    } catch (JMSRuntimeException | RollbackException unreachable) {
      return false;
    } finally {
      if (transactions.getStatus() != Status.STATUS_NO_TRANSACTION) {
        transactions.rollback();
      }
    }
  }

  @Test
  void saysWhichPropertiesOfAnotherInstanceDoNotHold() throws Exception {
    try (RecordedLog log = RecordedLog.of(EmbeddedBroker.class);
        TestServer first =
            TestServer.start(
                adapter -> {
                  adapter.setStoreDirectory(store.toString());
                  adapter.setBrokerProperties("transactionCheckMax=7;transactionTimeOut=600");
                });
        TestServer alike =
            TestServer.start(
                adapter -> {
                  adapter.setStoreDirectory(store.toString());
                  adapter.setBrokerProperties("transactionCheckMax=7");
                })) {
      assertThat(first.adapter()).isNotEqualTo(alike.adapter());
      assertThat(log.lines()).noneMatch(line -> line.startsWith("WARNING"));

      TestServer.start(
              adapter -> {
                adapter.setStoreDirectory(store.toString());
                adapter.setListenPort(1);
                adapter.setBrokerProperties("transactionCheckMax=8;transactionTimeOut=600");
              })
          .close();

      assertThat(log.lines())
          .filteredOn(line -> line.startsWith("WARNING"))
          .singleElement()
          .asString()
          .contains("[listenPort, transactionCheckMax]", "storeDirectory")
          .doesNotContain("transactionTimeOut");
    }
  }

  @Test
  void warnsOfTheDefaultNodeIdentifierOnlyWhereOthersMayUseTheBroker() throws Exception {
    byte[] ofNode1 = new byte[29];
    ofNode1[28] = '1';
    Xid branch = new BranchXid(131_077, ofNode1, new byte[] {1});
    try (RecordedLog log = RecordedLog.of(RecoveryWatch.class);
        TestServer server = TestServer.start(store)) {
      MoietyManagedConnectionFactory own = server.managedConnectionFactory();
      begin(own, branch);
      assertThat(log.lines()).isEmpty();

      MoietyManagedConnectionFactory elsewhere = server.managedConnectionFactory();
      elsewhere.setAddresses(own.newConnectionFactory().getAddresses());
      begin(elsewhere, branch);

      assertThat(log.lines()).singleElement().asString().contains("node-identifier");
    }
    try (RecordedLog log = RecordedLog.of(RecoveryWatch.class);
        TestServer open =
            TestServer.start(
                adapter -> {
                  adapter.setStoreDirectory(store.toString());
                  adapter.setBindAddress("0.0.0.0");
                })) {
      begin(open.managedConnectionFactory(), branch);

      assertThat(log.lines()).singleElement().asString().contains("node-identifier");
    }
  }

  private static void begin(MoietyManagedConnectionFactory factory, Xid branch) throws Exception {
    ManagedConnection connection = factory.createManagedConnection(null, null);
    connection.getXAResource().start(branch, XAResource.TMNOFLAGS);
    connection.getXAResource().end(branch, XAResource.TMSUCCESS);
    connection.getXAResource().rollback(branch);
    connection.destroy();
  }

  @Test
  void saysWhichPropertyIsWrong() {
    assertThatThrownBy(
            () ->
                TestServer.start(
                    adapter -> {
                      adapter.setStoreDirectory(store.toString());
                      adapter.setBrokerProperties("flushDiskType=SOMETIMES");
                    }))
        .hasMessageContainingAll("flushDiskType", "SOMETIMES", "SYNC_FLUSH");
  }

  @Test
  void asksForADirectoryWhereTheServerNamesNone() {
    assertThatThrownBy(() -> TestServer.start(adapter -> {}))
        .hasMessageContainingAll("storeDirectory", "addresses");
  }

  @Test
  void twoAdaptersAreEqualWhenTheirPropertiesAre() {
    MoietyResourceAdapter one = new MoietyResourceAdapter();
    MoietyResourceAdapter other = new MoietyResourceAdapter();
    assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);

    other.setListenPort(9876);
    assertThat(one).isNotEqualTo(other);
  }

  @Test
  void doesNotShowThePassword() {
    MoietyResourceAdapter adapter = new MoietyResourceAdapter();
    adapter.setPassword("secret");

    assertThat(adapter.toString()).doesNotContain("secret");
  }
}
