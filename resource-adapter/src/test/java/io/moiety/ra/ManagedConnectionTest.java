package io.moiety.ra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.ra.outbound.MoietyManagedConnectionFactory;
import jakarta.jms.Connection;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.security.PasswordCredential;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.security.auth.Subject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a server's pool relies on. */
@Timeout(120)
final class ManagedConnectionTest {

  private Broker broker;
  private TestServer server;
  private MoietyManagedConnectionFactory factory;

  @BeforeEach
  void start(@TempDir Path store) throws Exception {
    broker = Broker.start(BrokerConfig.embedded(store));
    server =
        TestServer.start(
            adapter -> adapter.setAddresses("127.0.0.1:" + broker.address().getPort()));
    factory = server.managedConnectionFactory();
  }

  @AfterEach
  void stop() {
    server.close();
    broker.close();
  }

  private ManagedConnection open() throws ResourceException {
    return factory.createManagedConnection(null, null);
  }

  @Test
  void tellsThePoolOnceWhenTheBrokerIsGone() throws Exception {
    ManagedConnection connection = open();
    Events events = new Events();
    connection.addConnectionEventListener(events);
    assertThat(factory.getInvalidConnections(Set.of(connection))).isEmpty();

    broker.close();

    await().until(() -> events.ids.contains(ConnectionEvent.CONNECTION_ERROR_OCCURRED));
    assertThat(factory.getInvalidConnections(Set.of(connection))).containsExactly(connection);
    assertThat(factory.matchManagedConnections(Set.of(connection), null, null)).isNull();
    assertThatThrownBy(
            () -> connection.getXAResource().recover(javax.transaction.xa.XAResource.TMSTARTRSCAN))
        .isInstanceOf(javax.transaction.xa.XAException.class);
    assertThat(events.ids).containsExactly(ConnectionEvent.CONNECTION_ERROR_OCCURRED);
    connection.destroy();
  }

  @Test
  void tellsThePoolWhichHandleWasClosed() throws Exception {
    ManagedConnection connection = open();
    Events events = new Events();
    connection.addConnectionEventListener(events);
    Connection first = (Connection) connection.getConnection(null, null);
    Connection second = (Connection) connection.getConnection(null, null);

    second.close();

    assertThat(events.handles).containsExactly(second);
    assertThat(first.createSession()).isNotNull();
    connection.destroy();
  }

  @Test
  void cleanupEndsAllHandles() throws Exception {
    ManagedConnection connection = open();
    Connection handle = (Connection) connection.getConnection(null, null);
    Session session = handle.createSession();

    connection.cleanup();

    assertThatThrownBy(session::createTextMessage)
        .isInstanceOf(jakarta.jms.IllegalStateException.class);
    assertThat(connection.getConnection(null, null)).isNotSameAs(handle);
    connection.destroy();
  }

  @Test
  void aForgottenHandleKeepsItsSubscriptionUntilTheServerTakesTheConnectionBack() throws Exception {
    factory.setClientId("shop");
    ManagedConnection connection = open();
    subscribe(connection);

    assertThatThrownBy(() -> subscribe(connection)).isInstanceOf(JMSException.class);
    connection.cleanup();
    assertThat(subscribe(connection)).isNotNull();
    connection.destroy();
  }

  /** Over a handle that nobody closes. */
  private static MessageConsumer subscribe(ManagedConnection connection) throws Exception {
    Session session = ((Connection) connection.getConnection(null, null)).createSession();
    return session.createDurableConsumer(session.createTopic("news"), "audit");
  }

  @Test
  void aHandleGoesOnOverAnotherConnection() throws Exception {
    ManagedConnection former = open();
    ManagedConnection successor = open();
    Connection handle = (Connection) former.getConnection(null, null);
    handle.start();
    Session session = handle.createSession();
    Queue queue = session.createQueue("orders");
    MessageProducer producer = session.createProducer(queue);
    MessageConsumer consumer = session.createConsumer(queue);

    successor.associateConnection(handle);
    former.destroy();
    producer.send(session.createTextMessage("1"));

    assertThat(consumer.receive(5_000).getBody(String.class)).isEqualTo("1");
    successor.destroy();
  }

  @Test
  void aBrowserGoesOnOverAnotherConnection() throws Exception {
    ManagedConnection former = open();
    ManagedConnection successor = open();
    Connection handle = (Connection) former.getConnection(null, null);
    Session session = handle.createSession();
    Queue queue = session.createQueue("orders");
    session.createProducer(queue).send(session.createTextMessage("1"));
    QueueBrowser browser = session.createBrowser(queue);

    successor.associateConnection(handle);
    former.destroy();

    assertThat(browser.getEnumeration().hasMoreElements()).isTrue();
    browser.close();
    assertThatThrownBy(browser::getEnumeration)
        .isInstanceOf(jakarta.jms.IllegalStateException.class);
    successor.destroy();
  }

  @Test
  void aTemporaryQueueLivesAsLongAsItsConnection() throws Exception {
    ManagedConnection connection = open();
    Connection handle = (Connection) connection.getConnection(null, null);
    handle.start();
    Session first = handle.createSession();
    TemporaryQueue replies = first.createTemporaryQueue();
    first.createProducer(replies).send(first.createTextMessage("reply"));
    first.close();
    Session second = handle.createSession();
    assertThat(second.createConsumer(replies).receive(5_000).getBody(String.class))
        .isEqualTo("reply");

    handle.close();
    connection.cleanup();

    Connection next = (Connection) connection.getConnection(null, null);
    Session ofNext = next.createSession();
    assertThatThrownBy(() -> ofNext.createConsumer(replies))
        .isInstanceOf(InvalidDestinationException.class);
    connection.destroy();
  }

  @Test
  void saysWhoIsSignedOnAlsoByTheResourceAdapter() throws Exception {
    try (TestServer signed =
        TestServer.start(
            adapter -> {
              adapter.setAddresses("127.0.0.1:" + broker.address().getPort());
              adapter.setUser("shop");
              adapter.setPassword("shop-secret");
            })) {
      ManagedConnection connection =
          signed.managedConnectionFactory().createManagedConnection(null, null);

      assertThat(connection.getMetaData().getUserName()).isEqualTo("shop");
      connection.destroy();
    }
  }

  @Test
  void refusesAUserWithoutAPassword() throws Exception {
    assertThatThrownBy(() -> server.connectionFactory().createConnection("shop", ""))
        .isInstanceOf(JMSSecurityException.class)
        .hasMessageContaining("user shop is wanted without a password");

    factory.setUser("shop");
    assertThatThrownBy(factory::createConnectionFactory)
        .isInstanceOf(InvalidPropertyException.class)
        .hasMessageContaining("user is set and password is not");
  }

  @Test
  void matchesConnectionsOfTheSameUser() throws Exception {
    Subject alice = subject("alice");
    ManagedConnection connection = factory.createManagedConnection(alice, null);

    assertThat(factory.matchManagedConnections(Set.of(connection), alice, null))
        .isSameAs(connection);
    assertThat(factory.matchManagedConnections(Set.of(connection), subject("bob"), null)).isNull();
    assertThat(factory.matchManagedConnections(Set.of(connection), null, null)).isNull();
    assertThat(connection.getMetaData().getUserName()).isEqualTo("alice");
    connection.destroy();
  }

  @Test
  void givesNobodyAConnectionOfSomebodyElse() throws Exception {
    Subject alice = subject("alice");
    ManagedConnection connection = factory.createManagedConnection(alice, null);

    assertThat(connection.getConnection(alice, null)).isNotNull();
    assertThatThrownBy(() -> connection.getConnection(subject("bob"), null))
        .isInstanceOf(jakarta.resource.spi.SecurityException.class)
        .hasMessageContainingAll("alice", "bob")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> connection.getConnection(null, null))
        .isInstanceOf(jakarta.resource.spi.SecurityException.class);
    connection.destroy();
  }

  @Test
  void recoverysStandInSignsAsWhoIsConfigured() throws Exception {
    factory.setUser("shop");
    factory.setPassword("shop-secret");
    ManagedConnection connection = factory.createManagedConnection(subject("as-configured"), null);

    assertThat(connection.getMetaData().getUserName()).isEqualTo("shop");
    connection.destroy();
  }

  private Subject subject(String user) {
    PasswordCredential credential = new PasswordCredential(user, "secret".toCharArray());
    credential.setManagedConnectionFactory(factory);
    return new Subject(true, Set.of(), Set.of(), Set.of(credential));
  }

  @Test
  void saysWhichAddressCannotBeReached() throws Exception {
    int port = broker.address().getPort();
    broker.close();

    assertThatThrownBy(() -> server.connectionFactory().createConnection())
        .isInstanceOf(JMSException.class)
        .hasMessageContaining("127.0.0.1:" + port);
  }

  @Test
  void factoriesAreEqualWhenTheirPropertiesAre() throws Exception {
    MoietyManagedConnectionFactory same = server.managedConnectionFactory();
    assertThat(same).isEqualTo(factory).hasSameHashCodeAs(factory);

    same.setTransactionMode("none");
    assertThat(same).isNotEqualTo(factory);
  }

  @Test
  void saysAtDeploymentEverythingThatIsWrongWithItsProperties() {
    factory.setTransactionMode("LOCAL");
    factory.setAddresses("broker:99999");
    factory.setPriority(10);
    factory.setDeliveryMode("SOMETIMES");

    assertThatThrownBy(factory::createConnectionFactory)
        .isInstanceOf(InvalidPropertyException.class)
        .hasMessageContainingAll(
            "transactionMode = LOCAL; allowed: XA",
            "addresses = broker:99999",
            "99999",
            "priority = 10; allowed: 0..9",
            "deliveryMode = SOMETIMES; allowed: PERSISTENT, NON_PERSISTENT");
  }

  @Test
  void servesOutsideOfAServerToo() throws Exception {
    try (JMSContext context = factory.createConnectionFactory().createContext()) {
      Queue queue = context.createQueue("orders");
      context.createProducer().send(queue, "1");

      assertThat(context.createConsumer(queue).receiveBody(String.class, 5_000)).isEqualTo("1");
    }
  }

  private static final class Events implements ConnectionEventListener {

    final List<Integer> ids = new CopyOnWriteArrayList<>();
    final List<Object> handles = new CopyOnWriteArrayList<>();

    @Override
    public void connectionClosed(ConnectionEvent event) {
      ids.add(event.getId());
      handles.add(event.getConnectionHandle());
    }

    @Override
    public void connectionErrorOccurred(ConnectionEvent event) {
      ids.add(event.getId());
    }

    @Override
    public void localTransactionStarted(ConnectionEvent event) {}

    @Override
    public void localTransactionCommitted(ConnectionEvent event) {}

    @Override
    public void localTransactionRolledback(ConnectionEvent event) {}
  }
}
