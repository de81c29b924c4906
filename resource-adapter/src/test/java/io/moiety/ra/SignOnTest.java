package io.moiety.ra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import io.moiety.ra.inbound.MoietyActivationSpec;
import io.moiety.ra.outbound.MoietyManagedConnectionFactory;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.SecurityException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** At a broker that speaks TLS only and knows its users. */
@Timeout(120)
final class SignOnTest {

  private static final Path FILES = Path.of("../broker/src/test/resources/tls");
  private static final String USERS =
      """
      {"users": [
        {"accessKey": "shop", "secretKey": "shop-secret", "topics": {"orders": "PUB|SUB"},
         "groups": {"orders": "SUB"}},
        {"accessKey": "press", "secretKey": "press-secret", "topics": {"news": "PUB|SUB"},
         "groups": {"news": "SUB"}}
      ]}
      """;

  private Broker broker;
  private TestServer server;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    Path users = Files.writeString(directory.resolve("users.json"), USERS);
    broker =
        Broker.start(
            BrokerConfig.of(
                Map.of(
                    "storePathRootDir", directory.resolve("store").toString(),
                    "bindAddress", "127.0.0.1",
                    "accessFile", users.toString(),
                    "tls.server.mode", "enforcing",
                    "tls.server.certPath", FILES.resolve("broker.pem").toString(),
                    "tls.server.keyPath", FILES.resolve("broker-key.pem").toString()),
                Profile.EMBEDDED));
    server = TestServer.start(this::signOn);
  }

  private void signOn(MoietyResourceAdapter adapter) {
    adapter.setAddresses("127.0.0.1:" + broker.address().getPort());
    adapter.setUser("shop");
    adapter.setPassword("shop-secret");
    adapter.setTls(true);
    adapter.setTlsTrustFile(FILES.resolve("authority.pem").toString());
  }

  @AfterEach
  void stop() {
    server.close();
    broker.close();
  }

  private static void send(ConnectionFactory factory, String queue) {
    try (JMSContext context = factory.createContext()) {
      context.createProducer().send(context.createQueue(queue), "hello");
    }
  }

  @Test
  void aFactoryConnectsAsTheAdapterSays() throws Exception {
    send(server.connectionFactory(), "orders");
  }

  @Test
  void aFactoryOfItsOwnUserAndAnApplicationsConnectAsThose() throws Exception {
    MoietyManagedConnectionFactory press = server.managedConnectionFactory();
    press.setUser("press");
    press.setPassword("press-secret");
    send(server.connectionFactory(press), "news");

    try (JMSContext context = server.connectionFactory().createContext("press", "press-secret")) {
      context.createProducer().send(context.createQueue("news"), "hello");
    }
  }

  @Test
  void thePropertiesThatPayaraSetsForAConnectionFactoryDefinitionSignToo() throws Exception {
    MoietyManagedConnectionFactory press = server.managedConnectionFactory();
    press.setPassword("press-secret");
    press.setUserName("press");

    send(server.connectionFactory(press), "news");
  }

  @Test
  void aRefusedLoginNamesTheUserAndWhatToCheckButNoPassword() throws Exception {
    MoietyManagedConnectionFactory wrong = server.managedConnectionFactory();
    wrong.setUser("shop");
    wrong.setPassword("wrong-secret");

    assertThatThrownBy(() -> wrong.createManagedConnection(null, null))
        .isInstanceOf(SecurityException.class)
        .hasMessageContainingAll("shop", "password")
        .hasMessageNotContaining("wrong-secret");
    assertThatThrownBy(() -> server.connectionFactory(wrong).createConnection())
        .isInstanceOf(JMSSecurityException.class);
    assertThat(wrong.toString()).doesNotContain("wrong-secret");
  }

  @Test
  void aFileThatIsMissingIsNamedWithItsProperty() throws Exception {
    MoietyManagedConnectionFactory own = server.managedConnectionFactory();
    own.setAddresses("127.0.0.1:" + broker.address().getPort());
    own.setTls(true);
    own.setTlsTrustFile("/nowhere/authority.pem");

    assertThatThrownBy(() -> server.connectionFactory(own).createConnection())
        .isInstanceOf(JMSException.class)
        .hasMessageContainingAll("tlsTrustFile", "/nowhere/authority.pem");
  }

  @Test
  void transactionsOfBeansAreRecoveredByTheUserThatIsForIt() throws Exception {
    ActivationSpec[] specs = {new MoietyActivationSpec()};
    assertThat(server.adapter().getXAResources(specs)).hasSize(1);

    try (TestServer other =
        TestServer.start(
            adapter -> {
              signOn(adapter);
              adapter.setRecoveryUser("recovery");
              adapter.setRecoveryPassword("unknown-secret");
            })) {
      assertThatThrownBy(() -> other.adapter().getXAResources(specs))
          .isInstanceOf(ResourceException.class)
          .hasMessageContaining("No connection to recover")
          .hasMessageNotContaining("unknown-secret");
    }
  }

  @Test
  void aBeanReceivesAsItsOwnUser() throws Exception {
    List<String> received = new CopyOnWriteArrayList<>();
    MoietyActivationSpec spec = new MoietyActivationSpec();
    spec.setDestinationLookup("news");
    spec.setDestinationType("jakarta.jms.Queue");
    spec.setUser("press");
    spec.setPassword("press-secret");
    server
        .adapter()
        .endpointActivation(
            server.endpoints(
                message -> {
                  try {
                    received.add(message.getBody(String.class));
                  } catch (JMSException unreadable) {
                    throw new IllegalStateException(unreadable);
                  }
                }),
            spec);
    try (JMSContext context = server.connectionFactory().createContext("press", "press-secret")) {
      context.createProducer().send(context.createQueue("news"), "hello");
    }

    await().untilAsserted(() -> assertThat(received).containsExactly("hello"));
  }
}
