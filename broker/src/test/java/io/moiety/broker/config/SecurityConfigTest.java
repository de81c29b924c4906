package io.moiety.broker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SecurityConfigTest {

  private static BrokerConfig config(String... keysAndValues) {
    Map<String, String> properties = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      properties.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return BrokerConfig.of(properties, Profile.EMBEDDED);
  }

  private static SecurityConfig security(String... keysAndValues) {
    return config(keysAndValues).security();
  }

  @Test
  void withoutACertificateThePortIsPlainAndWithoutUsersOpen() {
    assertThat(security().tls()).isEmpty();
    assertThat(security().accessFile()).isEmpty();
    assertThat(config().asProperties()).containsEntry("tls.server.mode", "disabled");
  }

  @Test
  void withACertificateTlsIsPermissiveUnlessSaidOtherwise() {
    TlsConfig tls = security("tls.server.certPath", "/c.pem").tls().orElseThrow();
    assertThat(tls.mode()).isEqualTo(TlsMode.PERMISSIVE);
    assertThat(tls.keyFile()).isEqualTo(Path.of("/c.pem"));
    assertThat(tls.clientCertificates()).isEqualTo(ClientCertificates.NONE);
    assertThat(
            security("tls.server.certPath", "/c.pem", "tls.server.mode", "enforcing")
                .tls()
                .orElseThrow()
                .mode())
        .isEqualTo(TlsMode.ENFORCING);
    assertThat(security("tls.server.certPath", "/c.pem", "tls.server.mode", "disabled").tls())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"permissive", "enforcing"})
  void tlsThatIsAskedForWithoutACertificateStopsTheStart(String mode) {
    assertThatThrownBy(() -> config("tls.server.mode", mode))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tls.server.mode=" + mode)
        .hasMessageContaining("or tls.server.certPath with the broker's certificate");
  }

  @Test
  void unknownModesAreRefusedWithTheAllowedOnes() {
    assertThatThrownBy(() -> config("tls.server.certPath", "/c.pem", "tls.server.mode", "on"))
        .hasMessageContaining("allowed: disabled, permissive, enforcing");
    assertThatThrownBy(
            () -> config("tls.server.certPath", "/c.pem", "tls.server.need.client.auth", "require"))
        .hasMessageContaining("tls.server.trustCertPath with the issuers");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tls.server.keyPath", "tls.server.trustCertPath"})
  void filesForTlsWithoutACertificateStopTheStartUnlessItIsDisabled(String key) {
    assertThatThrownBy(() -> config(key, "/file.pem"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key + "=/file.pem")
        .hasMessageContaining("only with tls.server.certPath");
    assertThat(security(key, "/file.pem", "tls.server.mode", "disabled").tls()).isEmpty();
  }

  @Test
  void certificatesOfClientsAreRequiredOnlyWherePlainClientsAreKeptOut() {
    assertThatThrownBy(() -> withClientCertificates("require", "permissive"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tls.server.need.client.auth=require")
        .hasMessageContaining("tls.server.mode=enforcing");
    assertThatThrownBy(() -> withClientCertificates("require", ""))
        .hasMessageContaining("tls.server.mode=enforcing");
    assertThat(withClientCertificates("require", "enforcing")).isPresent();
    assertThat(withClientCertificates("optional", "permissive")).isPresent();
    assertThat(withClientCertificates("require", "disabled")).isEmpty();
  }

  private static Optional<TlsConfig> withClientCertificates(String clients, String mode) {
    return security(
            "tls.server.certPath",
            "/c.pem",
            "tls.server.trustCertPath",
            "/t.pem",
            "tls.server.need.client.auth",
            clients,
            "tls.server.mode",
            mode)
        .tls();
  }

  @Test
  void thePasswordIsShownNowhere() {
    BrokerConfig config =
        config("tls.server.certPath", "/c.pem", "tls.server.keyPassword", "hush-hush");
    assertThat(config.security().tls().orElseThrow().keyPassword().orElseThrow().value())
        .isEqualTo("hush-hush");
    assertThat(config.toString()).doesNotContain("hush");
    assertThat(config.asProperties().toString()).doesNotContain("hush").contains("/c.pem");
    assertThat(config.warnings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"authenticationEnabled", "authorizationEnabled", "aclEnable"})
  void whoAsksForAccessControlDoesNotGetAnOpenBroker(String key) {
    assertThatThrownBy(() -> config(key, "true"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key + "=true")
        .hasMessageContaining("accessFile");
    assertThatThrownBy(() -> config(key, "false", "accessFile", "/users.json"))
        .hasMessageContaining(key + "=false");
    assertThat(config(key, "true", "accessFile", "/users.json").security().accessFile())
        .hasValue(Path.of("/users.json"));
    assertThat(config(key, "false").security().accessFile()).isEmpty();
  }
}
