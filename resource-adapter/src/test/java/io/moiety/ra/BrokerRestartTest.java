package io.moiety.ra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import io.moiety.protocol.BranchXid;
import io.moiety.ra.inbound.MoietyActivationSpec;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.resource.spi.ManagedConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker that goes away and comes back, while nothing else is restarted. */
@Timeout(120)
final class BrokerRestartTest {

  private final List<String> received = new CopyOnWriteArrayList<>();
  private Path store;
  private int port;
  private Broker broker;
  private TestServer server;
  private ConnectionFactory factory;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    store = directory;
    port = freePort();
    broker = startBroker();
    server = TestServer.start(adapter -> adapter.setAddresses("127.0.0.1:" + port));
    factory = server.connectionFactory();
  }

  @AfterEach
  void stop() {
    server.close();
    broker.close();
  }

  private static int freePort() throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private Broker startBroker() {
    return Broker.start(
        BrokerConfig.of(
            Map.of(
                "storePathRootDir", store.toString(),
                "bindAddress", "127.0.0.1",
                "listenPort", Integer.toString(port)),
            Profile.EMBEDDED));
  }

  private void sendInATransaction(String text) throws Exception {
    server.transactions().begin();
    try (JMSContext context = factory.createContext()) {
      context.createProducer().send(context.createQueue("orders"), text);
      server.transactions().commit();
    } catch (JMSRuntimeException failure) {
      server.transactions().rollback();
      throw failure;
    }
  }

  private void record(Message message) {
    try {
      received.add(((TextMessage) message).getText());
    } catch (JMSException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Test
  void theFirstTransactionAfterTheRestartSends() throws Exception {
    sendInATransaction("before");
    broker.close();
    assertThatThrownBy(() -> sendInATransaction("meanwhile"))
        .hasMessageContaining("127.0.0.1:" + port);

    broker = startBroker();
    sendInATransaction("after");

    try (JMSContext context = factory.createContext()) {
      var consumer = context.createConsumer(context.createQueue("orders"));
      assertThat(consumer.receiveBody(String.class, 5_000)).isEqualTo("before");
      assertThat(consumer.receiveBody(String.class, 5_000)).isEqualTo("after");
    }
  }

  @Test
  void aConnectionThatIsFoundBrokenAtWorkIsDroppedBeforeTheApplicationSeesIt() throws Exception {
    try (JMSContext context = factory.createContext()) {
      context.createProducer().send(context.createQueue("orders"), "before");
      broker.close();
      assertThatThrownBy(() -> context.createProducer().send(context.createQueue("orders"), "lost"))
          .isInstanceOf(JMSRuntimeException.class);
      broker = startBroker();
    }

    try (JMSContext context = factory.createContext()) {
      context.createProducer().send(context.createQueue("orders"), "after");
    }
  }

  /** As Payara and GlassFish do, which take an unanswered rollback for done. */
  @Test
  void whatCouldNotBeRolledBackIsRolledBackLaterWithoutBeingAskedAgain() throws Exception {
    ManagedConnection managed =
        server.managedConnectionFactory().createManagedConnection(null, null);
    Xid xid = new BranchXid(4711, new byte[] {1}, new byte[] {1});
    XAResource resource = managed.getXAResource();
    resource.start(xid, XAResource.TMNOFLAGS);
    Session session = ((Connection) managed.getConnection(null, null)).createSession();
    session.createProducer(session.createQueue("orders")).send(session.createTextMessage("1"));
    resource.end(xid, XAResource.TMSUCCESS);
    assertThat(resource.prepare(xid)).isEqualTo(XAResource.XA_OK);
    broker.close();
    assertThatThrownBy(() -> resource.rollback(xid))
        .isInstanceOfSatisfying(
            XAException.class,
            failure -> assertThat(failure.errorCode).isEqualTo(XAException.XAER_RMFAIL));

    broker = startBroker();

    ManagedConnection other = server.managedConnectionFactory().createManagedConnection(null, null);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> other.getXAResource().recover(XAResource.TMSTARTRSCAN).length == 0);
    other.destroy();
    managed.destroy();
  }

  @Test
  void aBeanReceivesAgainAndHoldsNoThreadMeanwhile() throws Exception {
    MoietyActivationSpec spec = new MoietyActivationSpec();
    spec.setDestinationLookup("orders");
    spec.setDestinationType("jakarta.jms.Queue");
    server.adapter().endpointActivation(server.endpoints(this::record), spec);
    sendInATransaction("before");
    await().untilAsserted(() -> assertThat(received).containsExactly("before"));

    broker.close();
    await().until(() -> server.busyThreads() == 0);
    broker = startBroker();
    sendInATransaction("after");

    await().untilAsserted(() -> assertThat(received).containsExactly("before", "after"));
    assertThat(server.adapter().access().metrics().reconnectCount()).isEqualTo(1);
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("moiety-exceptions"));
  }
}
