package io.moiety.ra.outbound;

import io.moiety.jms.MoietyXAConnectionFactory;
import io.moiety.jms.spi.Outlet;
import io.moiety.ra.broker.BrokerAccess;
import io.moiety.ra.checkback.CheckBackSettings;
import io.moiety.ra.checkback.OutcomePlace;
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
import java.util.Optional;
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
          "XA: messages are part of the caller's transaction. CHECK_BACK: what is sent is decided by"
              + " the transaction of one data source, without XA. NONE: messages are sent and"
              + " received at once.")
  @Pattern(regexp = "\\s*(?i:XA|CHECK_BACK|NONE)\\s*", message = "allowed: XA, CHECK_BACK, NONE")
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

  @ConfigProperty(
      description =
          "For CHECK_BACK: JNDI name of the data source that the application's transactions work"
              + " with; one that all components of the server can look up.")
  private String outcomeDataSource = "";

  @ConfigProperty(
      description =
          "For CHECK_BACK: the table that keeps outcomes; the directory ddl of the adapter's archive"
              + " has the statements that make it.")
  private String outcomeTable = OutcomePlace.DEFAULT_TABLE;

  @ConfigProperty(description = "For CHECK_BACK: makes the table when it is missing; for trials.")
  private Boolean createTable = false;

  @ConfigProperty(
      description =
          "For CHECK_BACK: the producer group whose members answer for each other. Empty: one that is"
              + " named after the table, so that all nodes with the same table are in the same group.")
  private String producerGroup = "";

  @ConfigProperty(
      description =
          "For CHECK_BACK: how many seconds a node must be gone before another one may roll back what"
              + " it left open; at least the largest transaction timeout in use.")
  @Min(value = 1, message = "allowed: 1 and more")
  private Integer fenceAfterSeconds = CheckBackSettings.DEFAULT_FENCE_AFTER_SECONDS;

  @ConfigProperty(
      description =
          "For CHECK_BACK: how many days rows of transactions that were rolled back so are kept.")
  @Min(value = 1, message = "allowed: 1..36500")
  @Max(value = CheckBackSettings.MAX_FENCE_RETENTION_DAYS, message = "allowed: 1..36500")
  private Integer fenceRetentionDays = CheckBackSettings.DEFAULT_FENCE_RETENTION_DAYS;

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

  public String getOutcomeDataSource() {
    return outcomeDataSource;
  }

  public void setOutcomeDataSource(String outcomeDataSource) {
    this.outcomeDataSource = outcomeDataSource.trim();
  }

  public String getOutcomeTable() {
    return outcomeTable;
  }

  public void setOutcomeTable(String outcomeTable) {
    this.outcomeTable = outcomeTable.trim();
  }

  public Boolean getCreateTable() {
    return createTable;
  }

  public void setCreateTable(Boolean createTable) {
    this.createTable = createTable;
  }

  public String getProducerGroup() {
    return producerGroup;
  }

  public void setProducerGroup(String producerGroup) {
    this.producerGroup = producerGroup.trim();
  }

  public Integer getFenceAfterSeconds() {
    return fenceAfterSeconds;
  }

  public void setFenceAfterSeconds(Integer fenceAfterSeconds) {
    this.fenceAfterSeconds = fenceAfterSeconds;
  }

  public Integer getFenceRetentionDays() {
    return fenceRetentionDays;
  }

  public void setFenceRetentionDays(Integer fenceRetentionDays) {
    this.fenceRetentionDays = fenceRetentionDays;
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
    faults.requireRange("fenceAfterSeconds", fenceAfterSeconds, 1, Integer.MAX_VALUE);
    faults.requireRange(
        "fenceRetentionDays", fenceRetentionDays, 1, CheckBackSettings.MAX_FENCE_RETENTION_DAYS);
    if (transactionMode.equalsIgnoreCase(TransactionMode.CHECK_BACK.name())) {
      OutcomePlace.fault(outcomeDataSource, outcomeTable).ifPresent(faults::add);
    }
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
    Credentials who = credentials(subject, info);
    return MoietyManagedConnection.open(
        new ConnectionPlan(factory, this, mode(), outlet(who), who, defaults(), adapter()));
  }

  private Outlet outlet(Credentials who) throws ResourceException {
    if (mode() != TransactionMode.CHECK_BACK) {
      return Outlet.NONE;
    }
    BrokerAccess adapter = adapter();
    return adapter
        .checkBackGroups()
        .outlet(
            new CheckBackSettings(
                new OutcomePlace(outcomeDataSource, outcomeTable),
                createTable,
                fenceAfterSeconds,
                fenceRetentionDays,
                producerGroup.isEmpty() ? Optional.empty() : Optional.of(producerGroup)),
            new CheckBackBroker(adapter, options().as(who.user(), who.password())),
            adapter
                .transactions()
                .orElseThrow(
                    () ->
                        new ResourceAdapterInternalException(
                            "The server gives the resource adapter no"
                                + " TransactionSynchronizationRegistry, which transactionMode"
                                + " CHECK_BACK needs")));
  }

  @Override
  public MoietyXAConnectionFactory newConnectionFactory() throws ResourceException {
    return adapter().newConnectionFactory(options());
  }

  /** Itself: equal to one of an application that was deployed again. */
  @Override
  public Object recoveryKey() {
    return this;
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

  /** Who a connection is for that is asked for so. */
  Credentials credentials(@Nullable Subject subject, @Nullable ConnectionRequestInfo info) {
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
        deliveryDelayMillis,
        outcomeDataSource,
        outcomeTable,
        createTable,
        producerGroup,
        fenceAfterSeconds,
        fenceRetentionDays);
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
