package io.moiety.ra;

import io.moiety.ra.broker.BrokerAccess;
import io.moiety.ra.checkback.CheckBackList;
import io.moiety.ra.checkback.MoietyCheckerSpec;
import io.moiety.ra.connection.BrokerProperties;
import io.moiety.ra.connection.Faults;
import io.netty.util.concurrent.FastThreadLocal;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.ConfigProperty;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.ResourceAdapterInternalException;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.util.Objects;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;

/**
 * The resource adapter, as the server configures, starts and stops it. With no addresses it starts
 * a broker in this process.
 *
 * <p>A bean: its properties are set by one thread before it is started. From then on thread-safe.
 */
public final class MoietyResourceAdapter extends BrokerProperties
    implements ResourceAdapter, BrokerAccess.Holder {

  private static final long serialVersionUID = 1L;
  private static final XAResource[] NONE = {};
  private static final int MAX_PORT = 65_535;
  private static final String LOOPBACK = "127.0.0.1";
  private static final long CONNECT_TIMEOUT_MILLIS = 5_000;
  private static final long REQUEST_TIMEOUT_MILLIS = 15_000;
  private static final long MAX_WARNING_MILLIS = 86_400_000;
  private static final int MAX_BRANCH_SECONDS = 86_400;

  @ConfigProperty(
      description =
          "Where a broker inside this server keeps its files. Empty: the directory moiety in the"
              + " server's data directory.")
  private String storeDirectory = "";

  @ConfigProperty(description = "The local address that a broker inside this server listens on.")
  @NotBlank(message = "allowed: a local address, such as 127.0.0.1")
  private String bindAddress = LOOPBACK;

  @ConfigProperty(
      description = "The port that a broker inside this server listens on. 0: a free one.")
  @Min(value = 0, message = "allowed: 0..65535")
  @Max(value = MAX_PORT, message = "allowed: 0..65535")
  private Integer listenPort = 0;

  @ConfigProperty(
      description =
          "More properties of a broker inside this server, by the names of its configuration file:"
              + " name=value, separated by semicolons.",
      confidential = true)
  private String brokerProperties = "";

  @ConfigProperty(
      description =
          "Classes (com.acme.Order) and packages (com.acme.*) that object messages may bring to"
              + " life besides numbers, text, times and lists, separated by commas.")
  private String trustedClasses = "";

  @ConfigProperty(
      description =
          "Outcome tables of connection factories with transactionMode CHECK_BACK that this server"
              + " answers for from its start on: JNDI names of their data sources, as"
              + " producerGroup=name#table, separated by semicolons; group and table only where they"
              + " are not the default.")
  private String checkBackGroups = "";

  @ConfigProperty(
      description =
          "Who recovers the transactions of message-driven beans. Needs what the beans may do. Empty:"
              + " the resource adapter's user.")
  private String recoveryUser = "";

  @ConfigProperty(description = "The password of recoveryUser.", confidential = true)
  private String recoveryPassword = "";

  @ConfigProperty(
      description =
          "How long after its first transaction the server's recovery may leave a connection factory"
              + " alone before a warning is logged, in milliseconds. 0: no warning.")
  @Min(value = 0, message = "allowed: 0..86400000")
  @Max(value = MAX_WARNING_MILLIS, message = "allowed: 0..86400000")
  private Long recoveryWarningMillis = 300_000L;

  @ConfigProperty(
      description =
          "After how many seconds the broker rolls back a transaction that is not prepared by then,"
              + " where the server sets no timeout for its resources (Payara and GlassFish do so only"
              + " with xaresource-txn-timeout). Longer than any transaction of the applications: a"
              + " lost connection ends its transactions at once anyway.")
  @Min(value = 1, message = "allowed: 1..86400")
  @Max(value = MAX_BRANCH_SECONDS, message = "allowed: 1..86400")
  private Integer branchTimeoutSeconds = 3_600;

  private transient volatile @Nullable RunningAdapter running;

  public MoietyResourceAdapter() {
    super(CONNECT_TIMEOUT_MILLIS, REQUEST_TIMEOUT_MILLIS);
  }

  public String getStoreDirectory() {
    return storeDirectory;
  }

  public void setStoreDirectory(String storeDirectory) {
    this.storeDirectory = storeDirectory.trim();
  }

  public String getBindAddress() {
    return bindAddress;
  }

  public void setBindAddress(String bindAddress) {
    this.bindAddress = bindAddress.trim();
  }

  public Integer getListenPort() {
    return listenPort;
  }

  public void setListenPort(Integer listenPort) {
    this.listenPort = listenPort;
  }

  public String getBrokerProperties() {
    return brokerProperties;
  }

  /** Never logged: it may bring passwords. */
  public void setBrokerProperties(String brokerProperties) {
    this.brokerProperties = brokerProperties;
  }

  public String getTrustedClasses() {
    return trustedClasses;
  }

  public void setTrustedClasses(String trustedClasses) {
    this.trustedClasses = trustedClasses;
  }

  public String getCheckBackGroups() {
    return checkBackGroups;
  }

  public void setCheckBackGroups(String checkBackGroups) {
    this.checkBackGroups = checkBackGroups.trim();
  }

  public String getRecoveryUser() {
    return recoveryUser;
  }

  public void setRecoveryUser(String recoveryUser) {
    this.recoveryUser = recoveryUser;
  }

  public String getRecoveryPassword() {
    return recoveryPassword;
  }

  /** Never logged. */
  public void setRecoveryPassword(String recoveryPassword) {
    this.recoveryPassword = recoveryPassword;
  }

  public Long getRecoveryWarningMillis() {
    return recoveryWarningMillis;
  }

  public void setRecoveryWarningMillis(Long recoveryWarningMillis) {
    this.recoveryWarningMillis = recoveryWarningMillis;
  }

  public Integer getBranchTimeoutSeconds() {
    return branchTimeoutSeconds;
  }

  public void setBranchTimeoutSeconds(Integer branchTimeoutSeconds) {
    this.branchTimeoutSeconds = branchTimeoutSeconds;
  }

  /** Says everything that is wrong at once. */
  void validate() throws InvalidPropertyException {
    Faults faults = new Faults();
    checkConnection(faults);
    faults.requireRange("listenPort", listenPort, 0, MAX_PORT);
    faults.requireRange("recoveryWarningMillis", recoveryWarningMillis, 0, MAX_WARNING_MILLIS);
    faults.requireRange("branchTimeoutSeconds", branchTimeoutSeconds, 1, MAX_BRANCH_SECONDS);
    CheckBackList.fault(checkBackGroups).ifPresent(faults::add);
    if (bindAddress.isEmpty()) {
      faults.add("bindAddress is empty; allowed: a local address, such as 127.0.0.1");
    }
    if (!getAddresses().isEmpty()) {
      refuseOfEmbedded(faults, "storeDirectory", !storeDirectory.isEmpty());
      refuseOfEmbedded(faults, "brokerProperties", !brokerProperties.isBlank());
      refuseOfEmbedded(faults, "listenPort", listenPort != 0);
      refuseOfEmbedded(faults, "bindAddress", !bindAddress.equals(LOOPBACK));
    }
    faults.requireBoth("recoveryUser", recoveryUser, "recoveryPassword", recoveryPassword);
    faults.throwIfAny("The resource adapter");
  }

  private static void refuseOfEmbedded(Faults faults, String property, boolean set) {
    if (set) {
      faults.add(
          "addresses and "
              + property
              + " are both set; give addresses for a broker that runs elsewhere, or "
              + property
              + " for one inside this server");
    }
  }

  @Override
  public void start(BootstrapContext context) throws ResourceAdapterInternalException {
    try {
      validate();
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
      RecordMethods.forgetOurs();
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
    RunningAdapter adapter = started("A message-driven bean is activated at");
    if (spec instanceof MoietyCheckerSpec checker) {
      adapter.checkers().activate(endpoints, checker);
    } else {
      adapter.activations().activate(endpoints, spec);
    }
  }

  /** After the stop there is nothing to deactivate any more. */
  @Override
  public void endpointDeactivation(MessageEndpointFactory endpoints, ActivationSpec spec) {
    RunningAdapter adapter = running;
    if (adapter != null && spec instanceof MoietyCheckerSpec checker) {
      adapter.checkers().deactivate(endpoints, checker);
    } else if (adapter != null) {
      adapter.activations().deactivate(endpoints, spec);
    }
  }

  /** For the transactions of beans; those of connection factories have resources of their own. */
  @Override
  public XAResource[] getXAResources(ActivationSpec[] specs) throws ResourceException {
    RunningAdapter adapter = running;
    return adapter == null ? NONE : adapter.recovery(specs);
  }

  @Override
  public BrokerAccess access() throws ResourceException {
    return started("A connection is wanted of");
  }

  private RunningAdapter started(String what) throws ResourceException {
    RunningAdapter adapter = running;
    if (adapter == null) {
      throw new jakarta.resource.spi.IllegalStateException(
          what + " a resource adapter that is not started, or was stopped");
    }
    return adapter;
  }

  AdapterSettings settings() {
    return new AdapterSettings(
        options(),
        storeDirectory,
        bindAddress,
        listenPort,
        brokerProperties,
        trustedClasses,
        checkBackGroups,
        recoveryUser,
        recoveryPassword,
        recoveryWarningMillis,
        branchTimeoutSeconds);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MoietyResourceAdapter that && settings().equals(that.settings());
  }

  @Override
  public int hashCode() {
    return Objects.hash(getAddresses(), storeDirectory, listenPort);
  }

  /** Without the passwords. */
  @Override
  public String toString() {
    return "Moiety resource adapter (" + settings() + ")";
  }
}
