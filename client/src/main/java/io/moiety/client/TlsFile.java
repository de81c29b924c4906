package io.moiety.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * A file with certificates or keys for a client's TLS: PEM, or a key store of a kind that the JDK
 * knows.
 *
 * @param password empty for none
 */
record TlsFile(Path path, String password) {

  @Override
  public String toString() {
    return path.toString();
  }

  /** Who may issue brokers' certificates. */
  KeyStore trusted() {
    byte[] bytes = read();
    try {
      KeyStore store = isPem(bytes) ? ofPem(bytes) : keyStore();
      for (String alias : Collections.list(store.aliases())) {
        if (store.isCertificateEntry(alias)) {
          return store;
        }
      }
    } catch (IOException | GeneralSecurityException malformed) {
      throw refused("it holds no certificates, or its password is another", malformed);
    }
    throw refused(
        "it holds no certificate that is marked as trusted; name a PEM file, or make the key store"
            + " with keytool -importcert",
        null);
  }

  /** The client's own certificate and its key. */
  KeyStore own() {
    read();
    try {
      KeyStore store = keyStore();
      for (String alias : Collections.list(store.aliases())) {
        if (store.isKeyEntry(alias)) {
          return store;
        }
      }
    } catch (IOException | GeneralSecurityException malformed) {
      throw refused("it is no key store (PKCS#12), or its password is another", malformed);
    }
    throw refused("it holds no private key with a certificate", null);
  }

  IllegalArgumentException refused(String why, @Nullable Throwable cause) {
    return new IllegalArgumentException(path + " cannot be used for TLS: " + why, cause);
  }

  private byte[] read() {
    try {
      return Files.readAllBytes(path);
    } catch (NoSuchFileException missing) {
      throw refused("there is no such file", missing);
    } catch (IOException unreadable) {
      throw refused("it cannot be read (" + unreadable + ")", unreadable);
    }
  }

  /** Key stores begin with bytes that no text has. */
  private static boolean isPem(byte[] bytes) {
    return bytes.length > 0 && bytes[0] >= ' ' && bytes[0] != '0';
  }

  private KeyStore keyStore() throws IOException, GeneralSecurityException {
    return KeyStore.getInstance(path.toFile(), password.toCharArray());
  }

  private static KeyStore ofPem(byte[] bytes) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    int count = 0;
    for (Certificate one :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(bytes))) {
      store.setCertificateEntry("trusted-" + count++, one);
    }
    return store;
  }
}
