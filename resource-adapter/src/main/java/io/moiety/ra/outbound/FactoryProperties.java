package io.moiety.ra.outbound;

import io.moiety.ra.checkback.CheckBackSettings;
import io.moiety.ra.checkback.OutcomePlace;
import io.moiety.ra.connection.BrokerProperties;
import io.moiety.ra.connection.Faults;
import jakarta.jms.DeliveryMode;
import jakarta.resource.spi.ConfigProperty;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import java.util.Optional;

/**
 * The properties of {@link MoietyManagedConnectionFactory}, and what they say when they are right;
 * apart from the connections that are made by them.
 *
 * <p>A bean: set by the server before the first connection is made, and not changed after.
 */
public abstract class FactoryProperties extends BrokerProperties {

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
          "Client id of the connections, for durable subscriptions that are not shared. The pool's"
              + " connections share it; of each subscription one can be open at a time. Empty: none.")
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

  FactoryProperties() {
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
  final void validate() throws InvalidPropertyException {
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

  final TransactionMode mode() {
    return TransactionMode.parse(transactionMode);
  }

  final SendOptions defaults() {
    return SendOptions.of(
        deliveryMode.equals(PERSISTENT) ? DeliveryMode.PERSISTENT : DeliveryMode.NON_PERSISTENT,
        priority,
        timeToLiveMillis,
        deliveryDelayMillis);
  }

  /** For mode CHECK_BACK. */
  final CheckBackSettings checkBackSettings() {
    return new CheckBackSettings(
        new OutcomePlace(outcomeDataSource, outcomeTable),
        createTable,
        fenceAfterSeconds,
        fenceRetentionDays,
        producerGroup.isEmpty() ? Optional.empty() : Optional.of(producerGroup));
  }

  /** All of them, to tell factories apart. */
  final List<Object> properties() {
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
}
