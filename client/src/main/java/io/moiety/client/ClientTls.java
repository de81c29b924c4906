package io.moiety.client;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * How a client speaks TLS, by the JDK: whom it trusts, and what it shows of itself. Its files are
 * read by {@link Builder#load}, once. Immutable, for any number of clients and threads.
 */
public final class ClientTls {

  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private final SSLContext context;
  private final boolean hostNameVerified;

  private ClientTls(SSLContext context, boolean hostNameVerified) {
    this.context = context;
    this.hostNameVerified = hostNameVerified;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** For one connection. */
  SSLEngine newEngine(BrokerAddress address) {
    SSLEngine engine = context.createSSLEngine(address.host(), address.port());
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(PROTOCOLS);
    if (hostNameVerified) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    engine.setSSLParameters(parameters);
    return engine;
  }

  /** Collects the parts. For one thread. */
  public static final class Builder {
    private Optional<TlsFile> trust = Optional.empty();
    private Optional<TlsFile> own = Optional.empty();
    private boolean verifyHostName = true;

    private Builder() {}

    /**
     * Who may issue the broker's certificate: a PEM file or a key store. Without one, those whom
     * the JDK trusts.
     *
     * @param password of the key store; empty for PEM
     */
    public Builder trust(Path file, String password) {
      trust = Optional.of(new TlsFile(file, password));
      return this;
    }

    /** The client's own certificate and key, for brokers that ask for one: a key store. */
    public Builder certificate(Path keyStore, String password) {
      own = Optional.of(new TlsFile(keyStore, password));
      return this;
    }

    /** Whether the certificate must be for the host that was connected to; true if not set. */
    public Builder verifyHostName(boolean value) {
      verifyHostName = value;
      return this;
    }

    /**
     * Reads the files.
     *
     * @throws IllegalArgumentException when one cannot be used
     */
    public ClientTls load() {
      TrustManager[] trustManagers = null;
      KeyManager[] keyManagers = null;
      try {
        if (trust.isPresent()) {
          TrustManagerFactory factory =
              TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
          factory.init(trust.get().trusted());
          trustManagers = factory.getTrustManagers();
        }
        if (own.isPresent()) {
          KeyStore store = own.get().own();
          KeyManagerFactory factory =
              KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
          factory.init(store, own.get().password().toCharArray());
          keyManagers = factory.getKeyManagers();
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers, trustManagers, null);
        return new ClientTls(context, verifyHostName);
      } catch (GeneralSecurityException unusable) {
        throw new IllegalArgumentException(
            "This JDK makes no TLS of these files: " + unusable.getMessage(), unusable);
      }
    }
  }
}
