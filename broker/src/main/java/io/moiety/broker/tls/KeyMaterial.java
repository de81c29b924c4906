package io.moiety.broker.tls;

import io.moiety.broker.config.ConfigException;
import io.moiety.broker.config.Secret;
import io.moiety.broker.config.TlsConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What the broker shows and proves in a handshake, checked: the key is the certificate's, and the
 * certificate is valid now.
 *
 * @param chain the broker's certificate first
 * @param trusted who may issue clients' certificates; empty when none are asked for
 */
record KeyMaterial(PrivateKey key, List<X509Certificate> chain, List<X509Certificate> trusted) {

  KeyMaterial {
    chain = List.copyOf(chain);
    trusted = List.copyOf(trusted);
  }

  /**
   * Reads the files.
   *
   * @throws ConfigException when they cannot be used, with the property and what to do
   */
  static KeyMaterial read(TlsConfig config, Instant now) {
    ConfigFile file = ConfigFile.read(TlsConfig.CERTIFICATE, config.certificateFile());
    List<X509Certificate> trusted =
        config
            .trustFile()
            .map(path -> certificates(ConfigFile.read(TlsConfig.TRUST, path)))
            .orElse(List.of());
    KeyMaterial read =
        file.isBinary()
            ? ofStore(file, config.keyPassword(), trusted)
            : ofPem(file, config, trusted);
    read.check(file, now);
    return read;
  }

  private static KeyMaterial ofPem(
      ConfigFile file, TlsConfig config, List<X509Certificate> trusted) {
    List<X509Certificate> chain = certificates(file);
    ConfigFile keyFile = ConfigFile.read(TlsConfig.KEY, config.keyFile());
    PrivateKey key = PrivateKeys.read(keyFile, config.keyPassword(), chain.get(0).getPublicKey());
    return new KeyMaterial(key, chain, trusted);
  }

  private static List<X509Certificate> certificates(ConfigFile file) {
    List<X509Certificate> read = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (byte[] one : PemFile.read(file).certificates()) {
        read.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(one)));
      }
      return read;
    } catch (CertificateException malformed) {
      throw file.refused("its certificate cannot be read; copy it again", malformed);
    }
  }

  private static KeyMaterial ofStore(
      ConfigFile file, Optional<Secret> password, List<X509Certificate> trusted) {
    char[] secret = password.map(Secret::value).orElse("").toCharArray();
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(file.bytes()), secret);
      for (String alias : Collections.list(store.aliases())) {
        Key key = store.getKey(alias, secret);
        if (key instanceof PrivateKey privateKey) {
          return new KeyMaterial(privateKey, chain(store, alias), trusted);
        }
      }
    } catch (IOException | GeneralSecurityException unreadable) {
      throw file.refused(
          "it is not PEM, and cannot be read as PKCS#12; is "
              + TlsConfig.KEY_PASSWORD
              + " right? ("
              + unreadable.getMessage()
              + ")",
          unreadable);
    }
    throw file.refused("this PKCS#12 file has no private key with a certificate");
  }

  private static List<X509Certificate> chain(KeyStore store, String alias)
      throws GeneralSecurityException {
    List<X509Certificate> chain = new ArrayList<>();
    for (var one : store.getCertificateChain(alias)) {
      chain.add((X509Certificate) one);
    }
    return chain;
  }

  private void check(ConfigFile file, Instant now) {
    X509Certificate own = chain.get(0);
    if (own.getNotAfter().toInstant().isBefore(now)) {
      throw file.refused(
          "the certificate of "
              + own.getSubjectX500Principal()
              + " expired at "
              + own.getNotAfter().toInstant()
              + "; get a new one");
    }
    if (own.getNotBefore().toInstant().isAfter(now)) {
      throw file.refused(
          "the certificate of "
              + own.getSubjectX500Principal()
              + " is valid only from "
              + own.getNotBefore().toInstant()
              + " on; is this machine's clock right?");
    }
    try {
      if (PrivateKeys.belongTogether(key, own.getPublicKey())) {
        return;
      }
    } catch (GeneralSecurityException unusable) {
      throw file.refused("the key cannot be used: " + unusable.getMessage(), unusable);
    }
    throw file.refused(
        "the key is not that of the first certificate; put the broker's own certificate first and"
            + " name its key in "
            + TlsConfig.KEY);
  }
}
