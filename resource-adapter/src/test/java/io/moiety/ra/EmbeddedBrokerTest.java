package io.moiety.ra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several adapters and one store. */
@Timeout(120)
final class EmbeddedBrokerTest {

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
