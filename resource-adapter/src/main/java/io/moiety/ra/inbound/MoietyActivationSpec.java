package io.moiety.ra.inbound;

import static io.moiety.ra.inbound.DestinationNaming.QUEUE;
import static io.moiety.ra.inbound.DestinationNaming.TOPIC;

import io.moiety.ra.checkback.OutcomePlace;
import io.moiety.ra.connection.BrokerProperties;
import io.moiety.ra.connection.ConnectionOptions;
import io.moiety.ra.connection.Faults;
import jakarta.jms.Destination;
import jakarta.jms.Queue;
import jakarta.jms.Topic;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.ConfigProperty;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a message-driven bean says that it wants to receive, by the names of Jakarta Messaging and a
 * few more. A bean: set by the server, then validated, then not changed.
 *
 * <p>No property is called {@code destination}: Open Liberty takes one of that name for something
 * else.
 */
public final class MoietyActivationSpec extends BrokerProperties implements ActivationSpec {

  private static final long serialVersionUID = 1L;

  private static final String DURABLE = "Durable";
  private static final String NON_DURABLE = "NonDurable";
  private static final String AUTO = "Auto-acknowledge";
  private static final String DUPS_OK = "Dups-ok-acknowledge";
  private static final int MAX_CONCURRENCY = 1_000;
  private static final int MAX_PREFETCH = 1_000;
  private static final int MAX_FAILURES = 1_000_000;
  private static final double MAX_FACTOR = 100;
  private static final long MAX_DELAY_MILLIS = 86_400_000;
  private static final String DELAY_ALLOWED = "allowed: 0..86400000";

  private transient @Nullable ResourceAdapter resourceAdapter;

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
              + " transactions.")
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
          "Part of the name of a subscription; required for a durable one that is not shared.")
  private String clientId = "";

  @ConfigProperty(
      description =
          "The bean shares its subscription with others of the same name, in other servers too.")
  private Boolean shareSubscriptions = false;

  @ConfigProperty(
      description =
          "The consumer group by its name at the broker, shared with RocketMQ's clients and other"
              + " servers. It lasts, so it needs no subscription name. Empty: a queue's own group,"
              + " or a subscription's.")
  @Pattern(
      regexp = "[%|a-zA-Z0-9_-]{0,120}",
      message = "allowed: up to 120 letters, digits and the characters % | _ -")
  private String consumerGroup = "";

  @ConfigProperty(
      description =
          "How many messages may be in the hands of bean instances at once; 1 keeps their order. A"
              + " durable subscription that is not shared always has 1.")
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

  public MoietyActivationSpec() {
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

  @Override
  public @Nullable ResourceAdapter getResourceAdapter() {
    return resourceAdapter;
  }

  @Override
  public void setResourceAdapter(ResourceAdapter adapter) throws ResourceException {
    if (resourceAdapter != null && resourceAdapter != adapter) {
      throw new jakarta.resource.spi.IllegalStateException(
          "This activation belongs to another resource adapter already");
    }
    resourceAdapter = adapter;
  }

  /** Says everything that is wrong at once. */
  @Override
  public void validate() throws InvalidPropertyException {
    Faults faults = new Faults();
    checkConnection(faults);
    checkOwnBroker(faults);
    if (destinationLookup.isEmpty()) {
      faults.add(
          "destinationLookup is missing: give the JNDI name or the plain name of a queue or topic");
    }
    faults.requireOneOf("destinationType", destinationType, "", QUEUE, TOPIC);
    faults.requireOneOf("acknowledgeMode", acknowledgeMode, AUTO, DUPS_OK);
    faults.requireOneOf("subscriptionDurability", subscriptionDurability, NON_DURABLE, DURABLE);
    faults.requireRange("maxConcurrency", maxConcurrency, 1, MAX_CONCURRENCY);
    faults.requireRange("prefetch", prefetch, 1, MAX_PREFETCH);
    if (!outcomeDataSource.isEmpty()) {
      OutcomePlace.fault(outcomeDataSource, outcomeTable).ifPresent(faults::add);
    }
    checkFailures(faults);
    checkSubscription(faults);
    if (!connectionFactoryLookup.isEmpty()) {
      refuseOwn(faults, "addresses", !getAddresses().isEmpty());
      refuseOwn(faults, "user", !getUser().isEmpty());
      refuseOwn(faults, "connectTimeoutMillis", getConnectTimeoutMillis() != 0);
      refuseOwn(faults, "requestTimeoutMillis", getRequestTimeoutMillis() != 0);
    }
    faults.throwIfAny("The activation of a message-driven bean");
  }

  private static void refuseOwn(Faults faults, String property, boolean set) {
    if (set) {
      faults.add(
          "connectionFactoryLookup and "
              + property
              + " are both set; the connection factory has its own");
    }
  }

  private void checkFailures(Faults faults) {
    faults.requireRange("maxDeliveries", maxDeliveries, 0, Integer.MAX_VALUE);
    faults.requireRange("redeliveryDelayMillis", redeliveryDelayMillis, 0, MAX_DELAY_MILLIS);
    faults.requireRange("maxRedeliveryDelayMillis", maxRedeliveryDelayMillis, 0, MAX_DELAY_MILLIS);
    faults.requireRange("pauseAfterFailures", pauseAfterFailures, 0, MAX_FAILURES);
    faults.requireRange("pauseMillis", pauseMillis, 1, MAX_DELAY_MILLIS);
    if (!(redeliveryDelayFactor >= 1 && redeliveryDelayFactor <= MAX_FACTOR)) {
      faults.add("redeliveryDelayFactor = " + redeliveryDelayFactor + "; allowed: 1..100");
    }
    if (maxDeliveries == 0 && (redeliveryDelayMillis == 0 || maxRedeliveryDelayMillis == 0)) {
      faults.add(
          "maxDeliveries = 0 with no redelivery delay would give a message that always fails to the"
              + " bean without end; set redeliveryDelayMillis and maxRedeliveryDelayMillis, or"
              + " maxDeliveries");
    }
  }

  private void checkSubscription(Faults faults) {
    boolean durable = subscriptionDurability.equals(DURABLE);
    if (!consumerGroup.matches("[%|a-zA-Z0-9_-]{0,120}")) {
      faults.add(
          "consumerGroup = "
              + consumerGroup
              + "; allowed: up to 120 letters, digits and the characters % | _ -");
    }
    if (!consumerGroup.isEmpty()) {
      if (durable || shareSubscriptions || !subscriptionName.isEmpty()) {
        faults.add(
            "consumerGroup lasts and is shared by itself; leave out subscriptionDurability,"
                + " subscriptionName and shareSubscriptions");
      }
      return;
    }
    if (destinationType.equals(QUEUE)) {
      checkOfQueue(faults);
      return;
    }
    if (!durable && !shareSubscriptions && !subscriptionName.isEmpty()) {
      faults.add(
          "subscriptionName is set, but a subscription that is neither durable nor shared has none;"
              + " set subscriptionDurability = Durable or shareSubscriptions = true");
    }
    if ((durable || shareSubscriptions) && subscriptionName.isEmpty()) {
      faults.add("subscriptionName is missing: a durable or shared subscription needs one");
    }
    if (durable && !shareSubscriptions && clientId.isEmpty()) {
      faults.add(
          "clientId is missing: a durable subscription needs one, unless shareSubscriptions = true");
    }
  }

  private void checkOfQueue(Faults faults) {
    if (subscriptionDurability.equals(DURABLE)
        || shareSubscriptions
        || !subscriptionName.isEmpty()) {
      faults.add(
          "subscriptionDurability = Durable, subscriptionName and shareSubscriptions are for topics;"
              + " a queue keeps and shares its messages anyway");
    }
  }

  /** Validated, and with the destination that the server's names stand for. */
  ActivationSettings settings(DestinationNaming naming) throws ResourceException {
    validate();
    Destination destination = naming.resolve(destinationLookup, destinationType);
    if (destination instanceof Queue) {
      Faults faults = new Faults();
      checkOfQueue(faults);
      faults.throwIfAny("The activation of a message-driven bean");
    }
    boolean durable = subscriptionDurability.equals(DURABLE);
    boolean exclusive = destination instanceof Topic && durable && !shareSubscriptions;
    return new ActivationSettings(
        destination,
        TagSelector.of(messageSelector, tags),
        exclusive ? 1 : maxConcurrency,
        maxDeliveries,
        durable || shareSubscriptions ? optional(subscriptionName) : Optional.empty(),
        optional(consumerGroup),
        durable,
        shareSubscriptions,
        optional(clientId),
        prefetch,
        new RedeliveryDelay(redeliveryDelayMillis, redeliveryDelayFactor, maxRedeliveryDelayMillis),
        pauseAfterFailures,
        pauseMillis);
  }

  /** What the bean itself says about its connections. */
  ConnectionOptions connection() {
    return options();
  }

  private static Optional<String> optional(String text) {
    return text.isBlank() ? Optional.empty() : Optional.of(text);
  }

  @Override
  public String toString() {
    return "MoietyActivationSpec[destinationLookup="
        + destinationLookup
        + ", destinationType="
        + destinationType
        + "]";
  }
}
