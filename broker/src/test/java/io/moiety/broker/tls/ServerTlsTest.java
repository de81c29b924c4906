package io.moiety.broker.tls;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.config.ClientCertificates;
import io.moiety.broker.config.TlsConfig;
import io.moiety.broker.config.TlsMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServerTlsTest {

  @TempDir Path directory;
  private long lastModified = 1_000_000_000_000L;

  @BeforeEach
  void copyTheFiles() throws IOException {
    copy("broker.pem", "certificate.pem");
    copy("broker-key.pem", "key.pem");
  }

  private void copy(String from, String to) throws IOException {
    Path target = directory.resolve(to);
    Files.copy(Certificates.file(from), target, REPLACE_EXISTING);
    lastModified += 10_000;
    Files.setLastModifiedTime(target, FileTime.fromMillis(lastModified));
  }

  private ServerTls open() {
    return ServerTls.open(
        new TlsConfig(
            TlsMode.PERMISSIVE,
            directory.resolve("certificate.pem"),
            directory.resolve("key.pem"),
            Optional.empty(),
            ClientCertificates.NONE,
            Optional.empty()));
  }

  private static void twoLooks(ServerTls tls) {
    tls.reloadIfChanged();
    tls.reloadIfChanged();
  }

  @Test
  void changedFilesAreTakenWhenBothHaveCome() throws IOException {
    ServerTls tls = open();
    String before = tls.certificateSubject();

    copy("rsa.pem", "certificate.pem");
    tls.reloadIfChanged();
    assertThat(tls.certificateSubject()).as("not while they still change").isEqualTo(before);
    copy("rsa-key.pem", "key.pem");
    twoLooks(tls);

    assertThat(before).isEqualTo("CN=broker");
    assertThat(tls.certificateSubject()).isEqualTo("CN=rsa");
  }

  @Test
  void whatCannotBeUsedLeavesTheOldCertificate() throws IOException {
    ServerTls tls = open();

    copy("expired.pem", "certificate.pem");
    twoLooks(tls);
    assertThat(tls.certificateSubject()).isEqualTo("CN=broker");

    copy("rsa.pem", "certificate.pem");
    copy("rsa-key.pem", "key.pem");
    twoLooks(tls);
    assertThat(tls.certificateSubject()).isEqualTo("CN=rsa");
  }

  @Test
  void filesThatVanishLeaveTheOldCertificate() throws IOException {
    ServerTls tls = open();
    Files.delete(directory.resolve("key.pem"));
    twoLooks(tls);
    assertThat(tls.certificateSubject()).isEqualTo("CN=broker");
  }

  @Test
  void onlyNewProtocolsAreSpoken() {
    assertThat(open().newEngine().getEnabledProtocols())
        .containsExactlyInAnyOrder("TLSv1.2", "TLSv1.3");
  }
}
