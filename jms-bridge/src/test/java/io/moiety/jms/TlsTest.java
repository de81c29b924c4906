package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** At a broker that lets only TLS in, and wants to see a certificate. */
class TlsTest {

  private static final Path FILES = Path.of("../broker/src/test/resources/tls");

  private Broker broker;

  @BeforeEach
  void start(@TempDir Path store) {
    broker =
        Broker.start(
            BrokerConfig.of(
                Map.of(
                    "storePathRootDir", store.toString(),
                    "bindAddress", "127.0.0.1",
                    "tls.server.mode", "enforcing",
                    "tls.server.certPath", file("broker.pem"),
                    "tls.server.keyPath", file("broker-key.pem"),
                    "tls.server.need.client.auth", "require",
                    "tls.server.trustCertPath", file("authority.pem")),
                Profile.EMBEDDED));
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  private static String file(String name) {
    return FILES.resolve(name).toString();
  }

  private MoietyConnectionFactory factory() {
    MoietyConnectionFactory factory =
        new MoietyConnectionFactory("127.0.0.1:" + broker.address().getPort());
    factory.setTls(true);
    factory.setTlsTrustFile(file("authority.pem"));
    factory.setTlsKeyStore(file("client.p12"));
    factory.setTlsKeyStorePassword("changeit");
    return factory;
  }

  @Test
  void sendsAndReceives() {
    try (JMSContext context = factory().createContext()) {
      context.createProducer().send(context.createQueue("orders"), "hello");
      assertThat(
              context
                  .createConsumer(context.createQueue("orders"))
                  .receiveBody(String.class, 10_000))
          .isEqualTo("hello");
    }
  }

  @Test
  void doesNotTrustACertificateOfUnknownIssuers() {
    MoietyConnectionFactory factory = factory();
    factory.setTlsTrustFile("");

    assertThatThrownBy(factory::createConnection)
        .isInstanceOf(JMSException.class)
        .hasMessageContaining("TLS handshake");
  }

  @Test
  void namesTheFileThatCannotBeUsed() {
    MoietyConnectionFactory factory = factory();
    factory.setTlsTrustFile("/nowhere/authority.pem");

    assertThatThrownBy(factory::createConnection)
        .isInstanceOf(JMSException.class)
        .hasMessageContainingAll("tlsTrustFile", "/nowhere/authority.pem", "no such file");
  }
}
