package io.moiety.broker.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How the broker speaks TLS.
 *
 * @param certificateFile {@code tls.server.certPath}: PEM, the broker's certificate first and then
 *     those that lead to its issuer; or PKCS#12 with chain and key
 * @param keyFile {@code tls.server.keyPath}: PEM (PKCS#8); the same file as the certificate's when
 *     nothing else is set
 * @param keyPassword of an encrypted key, or of the PKCS#12 file
 * @param trustFile {@code tls.server.trustCertPath}: PEM, who may issue clients' certificates
 */
public record TlsConfig(
    TlsMode mode,
    Path certificateFile,
    Path keyFile,
    Optional<Secret> keyPassword,
    ClientCertificates clientCertificates,
    Optional<Path> trustFile) {

  public static final String CERTIFICATE = "tls.server.certPath";
  public static final String KEY = "tls.server.keyPath";
  public static final String KEY_PASSWORD = "tls.server.keyPassword";
  public static final String CLIENT_CERTIFICATES = "tls.server.need.client.auth";
  public static final String TRUST = "tls.server.trustCertPath";
  static final String MODE = "tls.server.mode";
}
