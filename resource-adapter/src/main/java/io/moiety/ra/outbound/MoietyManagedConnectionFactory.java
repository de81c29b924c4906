package io.moiety.ra.outbound;

import io.moiety.jms.MoietyXAConnectionFactory;
import io.moiety.ra.broker.BrokerAccess;
import io.moiety.ra.connection.BrokerProperties;
import io.moiety.ra.connection.ConnectionSource;
import io.moiety.ra.connection.Faults;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConfigProperty;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.ResourceAdapterAssociation;
import jakarta.resource.spi.ResourceAdapterInternalException;
import jakarta.resource.spi.TransactionSupport;
import jakarta.resource.spi.ValidatingManagedConnectionFactory;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.io.PrintWriter;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;

/**
 * Makes the connections of one connection factory, and says which of them serve again. A bean: its
 * properties are set by the server before the first connection is made, and not changed after.
 */
public final class MoietyManagedConnectionFactory extends BrokerProperties
    implements ManagedConnectionFactory,
        ValidatingManagedConnectionFactory,
        ResourceAdapterAssociation,
        TransactionSupport,
        ConnectionSource {

  private static final long serialVersionUID = 1L;

  private static final String PERSISTENT = "PERSISTENT";
  private static final String NON_PERSISTENT = "NON_PERSISTENT";
  private static final int MAX_PRIORITY = 9;
  private static final long MAX_DELAY_MILLIS = 365L * 86_400_000;

  @ConfigProperty(
      description =
          "XA: messages are part of the caller's transaction. NONE: they are sent and received at"
              + " once.")
  @Pattern(regexp = "\\s*(?i:XA|NONE)\\s*", message = "allowed: XA, NONE")
  private String transactionMode = TransactionMode.XA.name();

  @ConfigProperty(
      description =
          "The same as user, by the name under which Payara and GlassFish hand on the user of a"
              + " @JMSConnectionFactoryDefinition.")
  private String userName = "";

  @ConfigProperty(
      description =
          "Client id of the connections, for durable subscriptions that are not shared; allows one"
              + " connection at a time. Empty: none.")
  private String clientId = "";

  @ConfigProperty(
      description =
          "How messages are sent unless their producer says otherwise: PERSISTENT or NON_PERSISTENT.")
  @Pattern(regexp = "PERSISTENT|NON_PERSISTENT", message = "allowed: PERSISTENT, NON_PERSISTENT")
  private String deliveryMode = PERSISTENT;

  @ConfigProperty(description = "Priority of messages unless their producer says otherwise.")
  @Min(value = 0, message = "allowed: 0..9")
  @Max(value = MAX_PRIORITY, message = "allowed: 0..9")
  private Integer priority = 4;

  @ConfigProperty(
      description =
          "After how many milliseconds messages expire unless their producer says otherwise. 0:"
              + " never.")
  @Min(value = 0, message = "allowed: 0 and more")
  private Long timeToLiveMillis = 0L;

  @ConfigProperty(
      description =
          "How many milliseconds after their sending messages are delivered unless their producer"
              + " says otherwise. 0: at once.")
  @Min(value = 0, message = "allowed: 0..31536000000")
  @Max(value = MAX_DELAY_MILLIS, message = "allowed: 0..31536000000")
  private Long deliveryDelayMillis = 0L;

  private transient @Nullable ResourceAdapter resourceAdapter;
  private transient @Nullable PrintWriter logWriter;

  public MoietyManagedConnectionFactory() {
    super(0, 0);
  }

  public String getTransactionMode() {
    return transactionMode;
  }

  public void setTransactionMode(String transactionMode) {
    this.transactionMode = transactionMode.trim();
  }

  public String getUserName() {
    return userName;
  }

  public void setUserName(String userName) {
    this.userName = userName;
    if (!userName.isEmpty()) {
      setUser(userName);
    }
  }

  public String getClientId() {
    return clientId;
  }

  public void setClientId(String clientId) {
    this.clientId = clientId;
  }

  public String getDeliveryMode() {
    return deliveryMode;
  }

  public void setDeliveryMode(String deliveryMode) {
    this.deliveryMode = deliveryMode.trim();
  }

  public Integer getPriority() {
    return priority;
  }

  public void setPriority(Integer priority) {
    this.priority = priority;
  }

  public Long getTimeToLiveMillis() {
    return timeToLiveMillis;
  }

  public void setTimeToLiveMillis(Long timeToLiveMillis) {
    this.timeToLiveMillis = timeToLiveMillis;
  }

  public Long getDeliveryDelayMillis() {
    return deliveryDelayMillis;
  }

  public void setDeliveryDelayMillis(Long deliveryDelayMillis) {
    this.deliveryDelayMillis = deliveryDelayMillis;
  }

  /** Says everything that is wrong at once. */
  void validate() throws InvalidPropertyException {
    Faults faults = new Faults();
    checkConnection(faults);
    checkOwnBroker(faults);
    faults.requireConstant("transactionMode", transactionMode, TransactionMode.class);
    faults.requireOneOf("deliveryMode", deliveryMode, PERSISTENT, NON_PERSISTENT);
    faults.requireRange("priority", priority, 0, MAX_PRIORITY);
    faults.requireRange("timeToLiveMillis", timeToLiveMillis, 0, Long.MAX_VALUE);
    faults.requireRange("deliveryDelayMillis", deliveryDelayMillis, 0, MAX_DELAY_MILLIS);
    faults.throwIfAny("The connection factory");
  }

  @Override
  public TransactionSupportLevel getTransactionSupport() {
    return mode().level();
  }

  /** Servers call it when they deploy, so what is wrong with the properties shows then. */
  @Override
  public Object createConnectionFactory(ConnectionManager connectionManager)
      throws ResourceException {
    validate();
    return new ConnectionFactoryHandle(this, connectionManager);
  }

  @Override
  public ConnectionFactory createConnectionFactory() throws ResourceException {
    validate();
    return new ConnectionFactoryHandle(this, new UnmanagedConnectionManager());
  }

  @Override
  public ManagedConnection createManagedConnection(
      @Nullable Subject subject, @Nullable ConnectionRequestInfo info) throws ResourceException {
    MoietyXAConnectionFactory factory = newConnectionFactory();
    factory.setClientId(clientId);
    return MoietyManagedConnection.open(
        new ConnectionPlan(
            factory, this, mode(), credentials(subject, info), defaults(), adapter()));
  }

  @Override
  public MoietyXAConnectionFactory newConnectionFactory() throws ResourceException {
    return adapter().newConnectionFactory(options());
  }

  private SendOptions defaults() {
    return SendOptions.of(
        deliveryMode.equals(PERSISTENT) ? DeliveryMode.PERSISTENT : DeliveryMode.NON_PERSISTENT,
        priority,
        timeToLiveMillis,
        deliveryDelayMillis);
  }

  @Override
  @SuppressWarnings("rawtypes") // As the interface has it.
  public @Nullable ManagedConnection matchManagedConnections(
      Set connections, @Nullable Subject subject, @Nullable ConnectionRequestInfo info) {
    Credentials wanted = credentials(subject, info);
    for (Object connection : connections) {
      if (connection instanceof MoietyManagedConnection candidate && candidate.serves(wanted)) {
        return candidate;
      }
    }
    return null;
  }

  @Override
  @SuppressWarnings("rawtypes") // As the interface has it.
  public Set<ManagedConnection> getInvalidConnections(Set connections) {
    Set<ManagedConnection> invalid = new HashSet<>();
    for (Object connection : connections) {
      if (connection instanceof MoietyManagedConnection ours && ours.isBroken()) {
        invalid.add(ours);
      }
    }
    return invalid;
  }

  @Override
  public @Nullable ResourceAdapter getResourceAdapter() {
    return resourceAdapter;
  }

  @Override
  public void setResourceAdapter(ResourceAdapter adapter) throws ResourceException {
    if (!(adapter instanceof BrokerAccess.Holder)) {
      throw new ResourceAdapterInternalException(
          "This connection factory belongs to Moiety's resource adapter, not to "
              + adapter.getClass().getName());
    }
    resourceAdapter = adapter;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) {
    logWriter = out;
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return logWriter;
  }

  private TransactionMode mode() {
    return TransactionMode.parse(transactionMode);
  }

  private Credentials credentials(@Nullable Subject subject, @Nullable ConnectionRequestInfo info) {
    return Credentials.resolve(this, subject, info, new Credentials(getUser(), getPassword()));
  }

  private BrokerAccess adapter() throws ResourceException {
    if (resourceAdapter instanceof BrokerAccess.Holder adapter) {
      return adapter.access();
    }
    throw new ResourceAdapterInternalException(
        "This connection factory has no resource adapter yet; the server sets it before use");
  }

  private List<Object> properties() {
    return List.of(
        options(),
        transactionMode,
        clientId,
        deliveryMode,
        priority,
        timeToLiveMillis,
        deliveryDelayMillis);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MoietyManagedConnectionFactory that
        && properties().equals(that.properties())
        && Objects.equals(resourceAdapter, that.resourceAdapter);
  }

  @Override
  public int hashCode() {
    return properties().hashCode();
  }

  /** Without the passwords. */
  @Override
  public String toString() {
    return "[transactionMode="
        + transactionMode
        + (getAddresses().isEmpty() ? "" : ", addresses=" + getAddresses())
        + (getUser().isEmpty() ? "" : ", user=" + getUser())
        + "]";
  }
}
