package io.moiety.broker.tls;

import io.moiety.broker.config.ClientCertificates;
import io.moiety.broker.config.ConfigException;
import io.moiety.broker.config.TlsConfig;
import io.moiety.broker.config.TlsMode;
import io.moiety.broker.reload.FileChanges;
import io.moiety.broker.reload.Reloadable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * The broker's side of TLS, by the JDK: makes an engine for each connection, with the certificate
 * that holds then. When the files change, connections from then on are shown the new certificate.
 *
 * <p>{@link #newEngine} is for any thread; {@link #reloadIfChanged} for one.
 */
public final class ServerTls implements Reloadable {

  private static final Logger LOG = System.getLogger(ServerTls.class.getName());
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private final TlsConfig config;
  private final Clock clock;
  private final FileChanges changes;
  private volatile Shown shown;

  /** What new connections are shown. */
  private record Shown(SSLContext context, String subject) {}

  private ServerTls(TlsConfig config, Clock clock) {
    this.config = config;
    this.clock = clock;
    this.changes = FileChanges.since(files(config));
    this.shown = shown(KeyMaterial.read(config, clock.instant()));
  }

  /**
   * Reads the files.
   *
   * @throws ConfigException when they cannot be used
   */
  public static ServerTls open(TlsConfig config) {
    return open(config, Clock.systemUTC());
  }

  static ServerTls open(TlsConfig config, Clock clock) {
    return new ServerTls(config, clock);
  }

  /** True when nothing else is spoken. */
  public boolean isEnforced() {
    return config.mode() == TlsMode.ENFORCING;
  }

  /** Whose certificate new connections are shown. */
  String certificateSubject() {
    return shown.subject();
  }

  /** For one connection. */
  public SSLEngine newEngine() {
    SSLEngine engine = shown.context().createSSLEngine();
    engine.setUseClientMode(false);
    engine.setEnabledProtocols(PROTOCOLS);
    engine.setWantClientAuth(config.clientCertificates() == ClientCertificates.OPTIONAL);
    if (config.clientCertificates() == ClientCertificates.REQUIRE) {
      engine.setNeedClientAuth(true);
    }
    return engine;
  }

  @Override
  public void reloadIfChanged() {
    if (!changes.settled()) {
      return;
    }
    try {
      KeyMaterial read = KeyMaterial.read(config, clock.instant());
      shown = shown(read);
      changes.taken();
      LOG.log(
          Level.INFO,
          "New connections are shown the new certificate of {0}, valid until {1}",
          shown.subject(),
          read.chain().get(0).getNotAfter().toInstant());
    } catch (ConfigException unusable) {
      if (changes.isNews(unusable.getMessage())) {
        LOG.log(
            Level.ERROR,
            "The changed certificate is not taken, the old one is shown further on: "
                + unusable.getMessage());
      }
    }
  }

  private static List<Path> files(TlsConfig config) {
    List<Path> files = new ArrayList<>(List.of(config.certificateFile(), config.keyFile()));
    config.trustFile().ifPresent(files::add);
    return files;
  }

  private static Shown shown(KeyMaterial material) {
    return new Shown(
        context(material), material.chain().get(0).getSubjectX500Principal().getName());
  }

  private static SSLContext context(KeyMaterial material) {
    try {
      KeyStore own = emptyStore();
      char[] inMemoryOnly = new char[0];
      own.setKeyEntry(
          "broker", material.key(), inMemoryOnly, material.chain().toArray(X509Certificate[]::new));
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(own, inMemoryOnly);
      SSLContext made = SSLContext.getInstance("TLS");
      made.init(keys.getKeyManagers(), trust(material.trusted()), null);
      return made;
    } catch (IOException | GeneralSecurityException unusable) {
      throw new ConfigException(
          TlsConfig.CERTIFICATE,
          material.chain().get(0).getSubjectX500Principal(),
          "this JDK makes no TLS of it (" + unusable.getMessage() + ")",
          unusable);
    }
  }

  /** Nobody is trusted when nobody is named; the JDK's own list is not for clients. */
  private static TrustManager[] trust(List<X509Certificate> issuers)
      throws IOException, GeneralSecurityException {
    if (issuers.isEmpty()) {
      return new TrustManager[0];
    }
    KeyStore store = emptyStore();
    for (int i = 0; i < issuers.size(); i++) {
      store.setCertificateEntry("issuer-" + i, issuers.get(i));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    return trust.getTrustManagers();
  }

  private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
