package io.moiety.broker.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.broker.config.ClientCertificates;
import io.moiety.broker.config.ConfigException;
import io.moiety.broker.config.Secret;
import io.moiety.broker.config.TlsConfig;
import io.moiety.broker.config.TlsMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KeyMaterialTest {

  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  @TempDir Path directory;

  private static TlsConfig config(Path certificate, Path key, String password) {
    return new TlsConfig(
        TlsMode.PERMISSIVE,
        certificate,
        key,
        Optional.of(password).filter(text -> !text.isEmpty()).map(Secret::new),
        ClientCertificates.NONE,
        Optional.empty());
  }

  private static KeyMaterial read(String certificate, String key, String password) {
    return KeyMaterial.read(
        config(Certificates.file(certificate), Certificates.file(key), password), NOW);
  }

  @ParameterizedTest
  @CsvSource({
    "broker.pem, broker-key.pem, ''",
    "broker.pem, broker-key-encrypted.pem, changeit",
    "broker.p12, broker.p12, changeit",
    "rsa.pem, rsa-key.pem, ''",
  })
  void readsPemPlainAndEncryptedAndPkcs12(String certificate, String key, String password) {
    KeyMaterial read = read(certificate, key, password);

    assertThat(read.chain().get(0).getSubjectX500Principal().getName()).isIn("CN=broker", "CN=rsa");
    assertThat(read.key().getAlgorithm())
        .isEqualTo(read.chain().get(0).getPublicKey().getAlgorithm());
  }

  @Test
  void readsCertificateAndKeyFromOneFile() throws IOException {
    Path both = directory.resolve("both.pem");
    Files.writeString(
        both,
        Files.readString(Certificates.file("broker-key.pem"))
            + "\nsome words\n"
            + Files.readString(Certificates.file("broker.pem"))
            + Files.readString(Certificates.file("authority.pem")));

    assertThat(KeyMaterial.read(config(both, both, ""), NOW).chain()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "broker.pem, broker-key-encrypted.pem, wrong, tls.server.keyPath, cannot be decrypted",
    "broker.pem, broker-key-encrypted.pem, '', tls.server.keyPath, set tls.server.keyPassword",
    "broker.pem, broker-key-sec1.pem, '', tls.server.keyPath, openssl pkcs8 -topk8",
    "broker.pem, broker.pem, '', tls.server.keyPath, it has no private key",
    "broker.pem, client-key.pem, '', tls.server.certPath, the key is not that of",
    "broker.pem, rsa-key.pem, '', tls.server.keyPath, its key is not the certificate's",
    "broker.p12, broker.p12, wrong, tls.server.certPath, is tls.server.keyPassword right?",
    "broker-key.pem, broker-key.pem, '', tls.server.certPath, it has no certificate",
    "expired.pem, broker-key.pem, '', tls.server.certPath, expired at 2021-01-01T00:00:00Z",
  })
  void whatCannotBeUsedIsRefusedWithWhereAndWhy(
      String certificate, String key, String password, String property, String why) {
    assertThatThrownBy(() -> read(certificate, key, password))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(property + "=")
        .hasMessageContaining(why);
  }

  @Test
  void missingFileIsNamed() {
    Path absent = directory.resolve("absent.pem");
    assertThatThrownBy(() -> KeyMaterial.read(config(absent, absent, ""), NOW))
        .hasMessageContaining(absent + " cannot be used: there is no such file");
  }

  @Test
  void certificateOfTheFutureIsRefused() {
    TlsConfig config =
        config(Certificates.file("broker.pem"), Certificates.file("broker-key.pem"), "");
    assertThatThrownBy(() -> KeyMaterial.read(config, Instant.EPOCH))
        .hasMessageContaining("is valid only from");
  }

  @Test
  void damagedPemIsRefused() throws IOException {
    Path damaged = directory.resolve("damaged.pem");
    Files.writeString(damaged, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    assertThatThrownBy(() -> KeyMaterial.read(config(damaged, damaged, ""), NOW))
        .hasMessageContaining("its certificate cannot be read");
  }

  @Test
  void thePasswordIsNotShown() {
    assertThat(config(Path.of("a"), Path.of("b"), "hush").toString())
        .doesNotContain("hush")
        .contains("(secret)");
  }
}
