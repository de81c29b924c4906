package io.moiety.ra.connection;

import io.moiety.jms.MoietyXAConnectionFactory;
import java.io.Serializable;

/**
 * How connections speak TLS. Immutable.
 *
 * @param trustFile who may issue the broker's certificate; empty for those whom the JDK trusts
 * @param keyStore the client's own certificate and key; empty for none
 */
public record TlsOptions(
    boolean enabled,
    String trustFile,
    String trustPassword,
    String keyStore,
    String keyStorePassword,
    boolean verifyHostName)
    implements Serializable {

  void applyTo(MoietyXAConnectionFactory factory) {
    factory.setTls(enabled);
    factory.setTlsTrustFile(trustFile);
    factory.setTlsTrustPassword(trustPassword);
    factory.setTlsKeyStore(keyStore);
    factory.setTlsKeyStorePassword(keyStorePassword);
    factory.setTlsVerifyHostName(verifyHostName);
  }

  /** Without the passwords. */
  @Override
  public String toString() {
    return enabled ? "TLS" : "no TLS";
  }
}
