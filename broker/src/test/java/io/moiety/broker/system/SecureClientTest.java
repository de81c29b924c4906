package io.moiety.broker.system;

import static io.moiety.broker.system.Wire.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import io.moiety.broker.tls.Certificates;
import io.moiety.client.BrokerException;
import io.moiety.client.ClientConfig;
import io.moiety.client.ClientEvents;
import io.moiety.client.ClientTls;
import io.moiety.client.ConnectFailedException;
import io.moiety.client.Credentials;
import io.moiety.client.MoietyClient;
import io.moiety.protocol.HeaderFormat;
import io.moiety.protocol.MessageProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Moiety's client at a broker with TLS and users. */
class SecureClientTest {

  private static final String USERS =
      """
      {"users": [{"accessKey": "shop", "secretKey": "shop-secret",
                  "topics": {"orders": "PUB|SUB"}, "groups": {"orders": "SUB"}}]}
      """;

  @TempDir Path directory;
  private Optional<Broker> broker = Optional.empty();

  @AfterEach
  void stop() {
    broker.ifPresent(Broker::close);
  }

  private int start(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("storePathRootDir", directory.resolve("store").toString());
    Broker started = Broker.start(BrokerConfig.of(all, Profile.EMBEDDED));
    broker = Optional.of(started);
    return started.address().getPort();
  }

  private static Map<String, String> tls(String mode, String certificate) {
    return Map.of(
        "tls.server.mode",
        mode,
        "tls.server.certPath",
        Certificates.file(certificate + ".pem").toString(),
        "tls.server.keyPath",
        Certificates.file(certificate + "-key.pem").toString());
  }

  private Map<String, String> users() throws IOException {
    return Map.of(
        "accessFile", Files.writeString(directory.resolve("users.json"), USERS).toString());
  }

  private static ClientTls.Builder trusting(String authority) {
    return ClientTls.builder().trust(Certificates.file(authority), "");
  }

  private static ClientConfig.Builder config(int port) {
    return ClientConfig.builder().addresses("localhost:" + port).clientId("secure");
  }

  private static MoietyClient connect(ClientConfig.Builder config) {
    return await(MoietyClient.connect(config.build(), ClientEvents.IGNORED));
  }

  private static void send(MoietyClient client, String topic) {
    await(client.send(Wire.message(topic, "hello", MessageProperties.empty(), Optional.empty())));
  }

  @ParameterizedTest
  @EnumSource(HeaderFormat.class)
  void signedRequestsOverTlsAreServed(HeaderFormat format) throws IOException {
    Map<String, String> settings = new HashMap<>(tls("enforcing", "broker"));
    settings.putAll(users());
    ClientConfig.Builder config =
        config(start(settings))
            .headerFormat(format)
            .tls(trusting("authority.pem").load())
            .credentials(new Credentials("shop", "shop-secret"));
    try (MoietyClient client = connect(config)) {
      send(client, "orders");
      assertThatThrownBy(() -> send(client, "prices"))
          .isInstanceOf(BrokerException.class)
          .hasMessageContaining("User:shop has no permission to access Topic:prices");
    }
  }

  @Test
  void clientWithoutKeyOrWithAWrongOneIsToldSo() throws IOException {
    int port = start(users());

    assertThatThrownBy(() -> connect(config(port)))
        .isInstanceOf(ConnectFailedException.class)
        .hasMessageContaining("username cannot be null.");
    assertThatThrownBy(
            () -> connect(config(port).credentials(new Credentials("shop", "other-secret"))))
        .hasMessageContaining("check signature failed.");
  }

  @Test
  void brokerOfAnUntrustedIssuerIsNotTrusted() {
    int port = start(tls("permissive", "broker"));

    assertThatThrownBy(() -> connect(config(port).tls(trusting("stranger.pem").load())))
        .isInstanceOf(ConnectFailedException.class)
        .hasMessageContaining("The TLS handshake with the broker at localhost:" + port + " failed");
    assertThatThrownBy(() -> connect(config(port).tls(ClientTls.builder().load())))
        .as("whom the JDK trusts")
        .hasMessageContaining("The TLS handshake");
  }

  @Test
  void hostNameIsVerifiedUnlessThatIsSwitchedOff() {
    int port = start(tls("permissive", "elsewhere"));

    assertThatThrownBy(() -> connect(config(port).tls(trusting("authority.pem").load())))
        .isInstanceOf(ConnectFailedException.class)
        .hasMessageContaining("localhost");
    ClientTls anyName = trusting("authority.pem").verifyHostName(false).load();
    try (MoietyClient client = connect(config(port).tls(anyName))) {
      send(client, "orders");
    }
  }

  @Test
  void tlsClientAtAPlainBrokerIsToldSo() {
    int port = start(Map.of());

    assertThatThrownBy(() -> connect(config(port).tls(trusting("authority.pem").load())))
        .hasMessageContaining("Does it speak TLS");
  }

  @Test
  void clientShowsItsCertificate() {
    Map<String, String> settings = new HashMap<>(tls("enforcing", "broker"));
    settings.put("tls.server.need.client.auth", "require");
    settings.put("tls.server.trustCertPath", Certificates.file("authority.pem").toString());
    int port = start(settings);
    ClientTls.Builder known =
        trusting("authority.pem")
            .certificate(Certificates.file("client.p12"), Certificates.PASSWORD);

    try (MoietyClient client = connect(config(port).tls(known.load()))) {
      send(client, "orders");
    }
    assertThatThrownBy(() -> connect(config(port).tls(trusting("authority.pem").load())))
        .isInstanceOf(ConnectFailedException.class);
  }

  @Test
  void filesThatCannotBeUsedAreNamedWithWhy() {
    assertThatThrownBy(() -> trusting("broker-key.pem").load())
        .hasMessageContaining("broker-key.pem cannot be used for TLS: it holds no certificate");
    assertThatThrownBy(() -> ClientTls.builder().trust(directory.resolve("absent.pem"), "").load())
        .hasMessageContaining("there is no such file");
    assertThatThrownBy(
            () -> ClientTls.builder().certificate(Certificates.file("client.p12"), "wrong").load())
        .hasMessageContaining("or its password is another");
    assertThatThrownBy(
            () -> ClientTls.builder().certificate(Certificates.file("client.pem"), "").load())
        .hasMessageContaining("it is no key store (PKCS#12)");
  }

  @Test
  void credentialsDoNotShowTheirSecret() {
    assertThat(config(1).credentials(new Credentials("shop", "hush-hush")).build().toString())
        .contains("shop")
        .doesNotContain("hush");
  }
}
