package io.moiety.ra;

import io.moiety.client.BrokerAddress;
import io.moiety.jms.MoietyXAConnectionFactory;
import io.moiety.ra.broker.BrokerAccess;
import io.netty.util.concurrent.FastThreadLocal;
import jakarta.jms.JMSException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.ResourceAdapterInternalException;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.io.Serializable;
import java.util.Objects;
import java.util.Optional;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;

/**
 * The resource adapter, as the server configures, starts and stops it. With no addresses it starts
 * a broker in this process.
 *
 * <p>A bean: its properties are set by one thread before it is started. From then on thread-safe.
 */
public final class MoietyResourceAdapter implements ResourceAdapter, BrokerAccess, Serializable {

  private static final long serialVersionUID = 1L;
  private static final XAResource[] NONE = {};

  private String addresses = "";
  private String storeDirectory = "";
  private String bindAddress = "127.0.0.1";
  private int listenPort;
  private String brokerProperties = "";
  private String user = "";
  private String password = "";
  private String trustedClasses = "";
  private long connectTimeoutMillis = 5_000;
  private long requestTimeoutMillis = 15_000;
  private transient volatile @Nullable RunningAdapter running;

  public String getAddresses() {
    return addresses;
  }

  /**
   * Where brokers run, as {@code host:port,…}, tried in turn; empty for a broker inside this
   * server.
   */
  public void setAddresses(String addresses) {
    if (!addresses.isBlank()) {
      BrokerAddress.parseList(addresses);
    }
    this.addresses = addresses.trim();
  }

  public String getStoreDirectory() {
    return storeDirectory;
  }

  /**
   * Where a broker inside this server keeps its files; empty for {@code moiety} in the server's
   * data directory.
   */
  public void setStoreDirectory(String storeDirectory) {
    this.storeDirectory = storeDirectory.trim();
  }

  public String getBindAddress() {
    return bindAddress;
  }

  /** The local address that a broker inside this server listens on. */
  public void setBindAddress(String bindAddress) {
    this.bindAddress = bindAddress.trim();
  }

  public Integer getListenPort() {
    return listenPort;
  }

  /** The port that a broker inside this server listens on; 0 takes a free one. */
  public void setListenPort(Integer listenPort) {
    this.listenPort = listenPort;
  }

  public String getBrokerProperties() {
    return brokerProperties;
  }

  /**
   * More properties of a broker inside this server, as in its configuration file, separated by
   * semicolons: {@code flushDiskType=SYNC_FLUSH;messageDelayLevel=1s 5s}.
   */
  public void setBrokerProperties(String brokerProperties) {
    this.brokerProperties = brokerProperties;
  }

  public String getUser() {
    return user;
  }

  /** Who the adapter connects as; empty for nobody in particular. */
  public void setUser(String user) {
    this.user = user;
  }

  public String getPassword() {
    return password;
  }

  /** Of {@link #setUser}; never logged. */
  public void setPassword(String password) {
    this.password = password;
  }

  public String getTrustedClasses() {
    return trustedClasses;
  }

  /**
   * Classes ({@code com.acme.Order}) and packages ({@code com.acme.*}) that object messages may
   * bring to life, separated by commas; empty for none.
   */
  public void setTrustedClasses(String trustedClasses) {
    this.trustedClasses = trustedClasses;
  }

  public Long getConnectTimeoutMillis() {
    return connectTimeoutMillis;
  }

  /** How long each address is tried. */
  public void setConnectTimeoutMillis(Long connectTimeoutMillis) {
    this.connectTimeoutMillis = connectTimeoutMillis;
  }

  public Long getRequestTimeoutMillis() {
    return requestTimeoutMillis;
  }

  /** How long any answer of the broker is waited for. */
  public void setRequestTimeoutMillis(Long requestTimeoutMillis) {
    this.requestTimeoutMillis = requestTimeoutMillis;
  }

  @Override
  public void start(BootstrapContext context) throws ResourceAdapterInternalException {
    try {
      running = RunningAdapter.start(settings(), context);
    } catch (ResourceAdapterInternalException failure) {
      throw failure;
    } catch (ResourceException failure) {
      throw new ResourceAdapterInternalException(failure.getMessage(), failure);
    } finally {
      leaveThread();
    }
  }

  @Override
  public void stop() {
    RunningAdapter stopping = running;
    running = null;
    if (stopping != null) {
      stopping.close();
      leaveThread();
    }
  }

  /**
   * Takes away what Netty left on the server's thread: it would keep this class loader for as long
   * as the thread lives, also after an undeployment.
   */
  private static void leaveThread() {
    FastThreadLocal.destroy();
  }

  @Override
  public void endpointActivation(MessageEndpointFactory endpoints, ActivationSpec spec)
      throws ResourceException {
    RunningAdapter adapter = running;
    if (adapter == null) {
      throw new ResourceAdapterInternalException(
          "A message-driven bean is activated at a resource adapter that is not started");
    }
    adapter.activations().activate(endpoints, spec);
  }

  /** After the stop there is nothing to deactivate any more. */
  @Override
  public void endpointDeactivation(MessageEndpointFactory endpoints, ActivationSpec spec) {
    RunningAdapter adapter = running;
    if (adapter != null) {
      adapter.activations().deactivate(endpoints, spec);
    }
  }

  /** All activations are served by one broker, so there is one resource for all. */
  @Override
  public XAResource[] getXAResources(ActivationSpec[] specs) throws ResourceException {
    RunningAdapter adapter = running;
    if (adapter == null || specs.length == 0) {
      return NONE;
    }
    try {
      adapter.recovery().connect();
    } catch (JMSException failure) {
      throw new ResourceAdapterInternalException(
          "No connection to recover transactions with: " + failure.getMessage(), failure);
    }
    return new XAResource[] {adapter.recovery()};
  }

  @Override
  public MoietyXAConnectionFactory newConnectionFactory() throws ResourceException {
    RunningAdapter adapter = running;
    if (adapter == null) {
      throw new jakarta.resource.spi.IllegalStateException(
          "The resource adapter is not started, or was stopped; connections need it");
    }
    return adapter.newConnectionFactory();
  }

  @Override
  public Optional<TransactionSynchronizationRegistry> transactions() {
    RunningAdapter adapter = running;
    return adapter == null ? Optional.empty() : adapter.transactions();
  }

  private AdapterSettings settings() {
    return new AdapterSettings(
        addresses,
        storeDirectory,
        bindAddress,
        listenPort,
        brokerProperties,
        user,
        password,
        trustedClasses,
        connectTimeoutMillis,
        requestTimeoutMillis);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MoietyResourceAdapter that && settings().equals(that.settings());
  }

  @Override
  public int hashCode() {
    return Objects.hash(addresses, storeDirectory, listenPort);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "Moiety resource adapter (" + settings() + ")";
  }
}
