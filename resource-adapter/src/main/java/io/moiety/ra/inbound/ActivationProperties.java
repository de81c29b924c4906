package io.moiety.ra.inbound;

import io.moiety.ra.checkback.OutcomePlace;
import io.moiety.ra.connection.BrokerProperties;
import jakarta.resource.spi.ConfigProperty;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;

/**
 * The properties of {@link MoietyActivationSpec}, with their types, defaults and descriptions;
 * apart from what they mean together.
 *
 * <p>No property is called {@code destination}: Open Liberty takes one of that name for something
 * else. A bean: set by the server, then validated, then not changed.
 */
public abstract class ActivationProperties extends BrokerProperties {

  private static final long serialVersionUID = 1L;

  static final String NON_DURABLE = "NonDurable";
  static final String GROUP_NAME = "[%|a-zA-Z0-9_-]{0,120}";
  static final String AUTO = "Auto-acknowledge";
  static final int MAX_CONCURRENCY = 1_000;
  static final int MAX_PREFETCH = 1_000;
  static final int MAX_FAILURES = 1_000_000;
  static final long MAX_DELAY_MILLIS = 86_400_000;
  private static final String DELAY_ALLOWED = "allowed: 0..86400000";

  @ConfigProperty(
      description = "JNDI name of a queue or topic, or its plain name at the broker. Required.")
  @NotBlank(message = "allowed: the JNDI name or the plain name of a queue or topic")
  private String destinationLookup = "";

  @ConfigProperty(
      description = "jakarta.jms.Queue or jakarta.jms.Topic; may be left out for a JNDI name.")
  @Pattern(
      regexp = "|jakarta\\.jms\\.(Queue|Topic)",
      message = "allowed: jakarta.jms.Queue, jakarta.jms.Topic")
  private String destinationType = "";

  @ConfigProperty(
      description =
          "JNDI name of a connection factory of Moiety's, to receive from its broker and as its user."
              + " Empty: the bean's own properties, and the resource adapter's.")
  private String connectionFactoryLookup = "";

  @ConfigProperty(description = "Only messages that it matches. Empty: all.")
  private String messageSelector = "";

  @ConfigProperty(
      description =
          "JNDI name of the data source that the bean's transactions work with: they record there"
              + " which messages were processed, and the messages need no XA. Empty: XA.")
  private String outcomeDataSource = "";

  @ConfigProperty(
      description =
          "For outcomeDataSource: the table; the directory ddl of the adapter's archive has the"
              + " statements that make it.")
  private String outcomeTable = OutcomePlace.DEFAULT_TABLE;

  @ConfigProperty(
      description = "For outcomeDataSource: makes the table when it is missing; for trials.")
  private Boolean createTable = false;

  @ConfigProperty(
      description =
          "Only messages with one of these tags, separated by ||, as RocketMQ's consumers name them."
              + " Empty or *: all.")
  private String tags = "";

  @ConfigProperty(
      description =
          "Auto-acknowledge or Dups-ok-acknowledge, for beans that are called outside of"
              + " transactions. Both do the same: each message is acknowledged when the bean has"
              + " returned.")
  @Pattern(
      regexp = "Auto-acknowledge|Dups-ok-acknowledge",
      message = "allowed: Auto-acknowledge, Dups-ok-acknowledge")
  private String acknowledgeMode = AUTO;

  @ConfigProperty(
      description =
          "NonDurable, or Durable: messages are kept for the bean while it is not deployed.")
  @Pattern(regexp = "NonDurable|Durable", message = "allowed: NonDurable, Durable")
  private String subscriptionDurability = NON_DURABLE;

  @ConfigProperty(description = "Name of a durable or shared subscription.")
  private String subscriptionName = "";

  @ConfigProperty(
      description =
          "Part of the name of a subscription. A durable one without it is shared with others of the"
              + " same name that have none.")
  private String clientId = "";

  @ConfigProperty(
      description =
          "The bean shares its subscription with others of the same name, in other servers too.")
  private Boolean shareSubscriptions = false;

  @ConfigProperty(
      description =
          "The consumer group by its name at the broker, shared with RocketMQ's clients and other"
              + " servers. It lasts, so it needs no subscription name. Where a queue and a topic"
              + " have one name it gets what is sent to either. Empty: a queue's own group, or a"
              + " subscription's.")
  @Pattern(
      regexp = GROUP_NAME,
      message = "allowed: up to 120 letters, digits and the characters % | _ -")
  private String consumerGroup = "";

  @ConfigProperty(
      description =
          "How many messages may be in the hands of bean instances at once; 1 keeps their order. A"
              + " durable subscription without shareSubscriptions always has 1, with a clientId or"
              + " without; one that is not durable has what is set.")
  @Min(value = 1, message = "allowed: 1..1000")
  @Max(value = MAX_CONCURRENCY, message = "allowed: 1..1000")
  private Integer maxConcurrency = 10;

  @ConfigProperty(
      description =
          "How many messages each instance may get by one request to the broker; 1 fetches none"
              + " ahead.")
  @Min(value = 1, message = "allowed: 1..1000")
  @Max(value = MAX_PREFETCH, message = "allowed: 1..1000")
  private Integer prefetch = 1;

  @ConfigProperty(
      description =
          "After so many deliveries a message goes to the dead letters, %DLQ% and the name of its"
              + " group. 0: no limit.")
  @Min(value = 0, message = "allowed: 0 and more")
  private Integer maxDeliveries = 10;

  @ConfigProperty(
      description =
          "How long a message that failed waits before it is given to the bean again, in"
              + " milliseconds. It keeps its place and one of maxConcurrency meanwhile.")
  @Min(value = 0, message = DELAY_ALLOWED)
  @Max(value = MAX_DELAY_MILLIS, message = DELAY_ALLOWED)
  private Long redeliveryDelayMillis = 100L;

  @ConfigProperty(
      description = "By how much each further failure makes that longer; 1 keeps it the same.")
  @DecimalMin(value = "1", message = "allowed: 1..100")
  @DecimalMax(value = "100", message = "allowed: 1..100")
  private Double redeliveryDelayFactor = 2.0;

  @ConfigProperty(description = "The longest such wait, in milliseconds.")
  @Min(value = 0, message = DELAY_ALLOWED)
  @Max(value = MAX_DELAY_MILLIS, message = DELAY_ALLOWED)
  private Long maxRedeliveryDelayMillis = 10_000L;

  @ConfigProperty(
      description =
          "After so many failures without a success in between the bean is given no messages for"
              + " pauseMillis, or until it is resumed by JMX. 0: never.")
  @Min(value = 0, message = "allowed: 0..1000000")
  @Max(value = MAX_FAILURES, message = "allowed: 0..1000000")
  private Integer pauseAfterFailures = 0;

  @ConfigProperty(
      description =
          "How long such a pause is, in milliseconds. One more failure after it begins another.")
  @Min(value = 1, message = "allowed: 1..86400000")
  @Max(value = MAX_DELAY_MILLIS, message = "allowed: 1..86400000")
  private Long pauseMillis = 60_000L;

  ActivationProperties() {
    super(0, 0);
  }

  public String getDestinationLookup() {
    return destinationLookup;
  }

  public void setDestinationLookup(String destinationLookup) {
    this.destinationLookup = destinationLookup.trim();
  }

  public String getDestinationType() {
    return destinationType;
  }

  public void setDestinationType(String destinationType) {
    this.destinationType = destinationType.trim();
  }

  public String getConnectionFactoryLookup() {
    return connectionFactoryLookup;
  }

  public void setConnectionFactoryLookup(String connectionFactoryLookup) {
    this.connectionFactoryLookup = connectionFactoryLookup.trim();
  }

  public String getMessageSelector() {
    return messageSelector;
  }

  public void setMessageSelector(String messageSelector) {
    this.messageSelector = messageSelector;
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

  public String getTags() {
    return tags;
  }

  public void setTags(String tags) {
    this.tags = tags.trim();
  }

  public String getAcknowledgeMode() {
    return acknowledgeMode;
  }

  public void setAcknowledgeMode(String acknowledgeMode) {
    this.acknowledgeMode = acknowledgeMode.trim();
  }

  public String getSubscriptionDurability() {
    return subscriptionDurability;
  }

  public void setSubscriptionDurability(String subscriptionDurability) {
    this.subscriptionDurability = subscriptionDurability.trim();
  }

  public String getSubscriptionName() {
    return subscriptionName;
  }

  public void setSubscriptionName(String subscriptionName) {
    this.subscriptionName = subscriptionName.trim();
  }

  public String getClientId() {
    return clientId;
  }

  public void setClientId(String clientId) {
    this.clientId = clientId.trim();
  }

  public Boolean getShareSubscriptions() {
    return shareSubscriptions;
  }

  public void setShareSubscriptions(Boolean shareSubscriptions) {
    this.shareSubscriptions = shareSubscriptions;
  }

  public String getConsumerGroup() {
    return consumerGroup;
  }

  public void setConsumerGroup(String consumerGroup) {
    this.consumerGroup = consumerGroup.trim();
  }

  public Integer getMaxConcurrency() {
    return maxConcurrency;
  }

  public void setMaxConcurrency(Integer maxConcurrency) {
    this.maxConcurrency = maxConcurrency;
  }

  public Integer getPrefetch() {
    return prefetch;
  }

  public void setPrefetch(Integer prefetch) {
    this.prefetch = prefetch;
  }

  public Integer getMaxDeliveries() {
    return maxDeliveries;
  }

  public void setMaxDeliveries(Integer maxDeliveries) {
    this.maxDeliveries = maxDeliveries;
  }

  public Long getRedeliveryDelayMillis() {
    return redeliveryDelayMillis;
  }

  public void setRedeliveryDelayMillis(Long redeliveryDelayMillis) {
    this.redeliveryDelayMillis = redeliveryDelayMillis;
  }

  public Double getRedeliveryDelayFactor() {
    return redeliveryDelayFactor;
  }

  public void setRedeliveryDelayFactor(Double redeliveryDelayFactor) {
    this.redeliveryDelayFactor = redeliveryDelayFactor;
  }

  public Long getMaxRedeliveryDelayMillis() {
    return maxRedeliveryDelayMillis;
  }

  public void setMaxRedeliveryDelayMillis(Long maxRedeliveryDelayMillis) {
    this.maxRedeliveryDelayMillis = maxRedeliveryDelayMillis;
  }

  public Integer getPauseAfterFailures() {
    return pauseAfterFailures;
  }

  public void setPauseAfterFailures(Integer pauseAfterFailures) {
    this.pauseAfterFailures = pauseAfterFailures;
  }

  public Long getPauseMillis() {
    return pauseMillis;
  }

  public void setPauseMillis(Long pauseMillis) {
    this.pauseMillis = pauseMillis;
  }
}
