package io.moiety.jms;

import io.moiety.client.ClientTls;
import jakarta.jms.JMSException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a factory's connections speak TLS. Immutable.
 *
 * @param trustFile who may issue the broker's certificate, PEM or a key store; empty for those whom
 *     the JDK trusts
 * @param keyStore the client's own certificate and key; empty for none
 */
record TlsSettings(
    boolean enabled,
    String trustFile,
    String trustPassword,
    String keyStore,
    String keyStorePassword,
    boolean verifyHostName) {

  /**
   * Reads the files; each time, so that a renewed certificate is used from the next connection on.
   */
  Optional<ClientTls> load() throws JMSException {
    if (!enabled) {
      return Optional.empty();
    }
    ClientTls.Builder tls = ClientTls.builder().verifyHostName(verifyHostName);
    if (!trustFile.isBlank()) {
      tls.trust(Path.of(trustFile.trim()), trustPassword);
    }
    if (!keyStore.isBlank()) {
      tls.certificate(Path.of(keyStore.trim()), keyStorePassword);
    }
    try {
      return Optional.of(tls.load());
    } catch (IllegalArgumentException unusable) {
      throw JmsExceptions.caused(
          new JMSException(
              "The properties tlsTrustFile and tlsKeyStore, or their passwords, are wrong: "
                  + unusable.getMessage()),
          unusable);
    }
  }

  /** Without the passwords. */
  @Override
  public String toString() {
    return enabled ? "TLS" : "no TLS";
  }
}
