package io.moiety.ra.inbound;

import static io.moiety.ra.inbound.DestinationNaming.QUEUE;
import static io.moiety.ra.inbound.DestinationNaming.TOPIC;

import jakarta.jms.Destination;
import jakarta.jms.Topic;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ResourceAdapter;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a message-driven bean says that it wants to receive, by the names of Jakarta Messaging and a
 * few more. A bean: set by the server, then validated, then not changed.
 */
public final class MoietyActivationSpec implements ActivationSpec, Serializable {

  private static final long serialVersionUID = 1L;

  private static final String DURABLE = "Durable";
  private static final String NON_DURABLE = "NonDurable";
  private static final String AUTO = "Auto-acknowledge";
  private static final String DUPS_OK = "Dups-ok-acknowledge";
  private static final int MAX_CONCURRENCY = 1_000;

  private transient @Nullable ResourceAdapter resourceAdapter;
  private String destinationLookup = "";
  private String destinationType = "";
  private String messageSelector = "";
  private String acknowledgeMode = AUTO;
  private String subscriptionDurability = NON_DURABLE;
  private String subscriptionName = "";
  private String clientId = "";
  private boolean shareSubscriptions;
  private int maxConcurrency = 10;
  private int maxDeliveries = 10;

  public String getDestinationLookup() {
    return destinationLookup;
  }

  /**
   * The JNDI name of a queue or topic, or its plain name at the broker; {@code destinationType}
   * then says which it is.
   */
  public void setDestinationLookup(String destinationLookup) {
    this.destinationLookup = destinationLookup.trim();
  }

  public String getDestinationType() {
    return destinationType;
  }

  /** {@code jakarta.jms.Queue} or {@code jakarta.jms.Topic}; may be left out for a JNDI name. */
  public void setDestinationType(String destinationType) {
    this.destinationType = destinationType.trim();
  }

  public String getMessageSelector() {
    return messageSelector;
  }

  /** Only messages that it matches; empty for all. */
  public void setMessageSelector(String messageSelector) {
    this.messageSelector = messageSelector;
  }

  public String getAcknowledgeMode() {
    return acknowledgeMode;
  }

  /**
   * {@code Auto-acknowledge} or {@code Dups-ok-acknowledge}, for beans that are called outside of
   * transactions.
   */
  public void setAcknowledgeMode(String acknowledgeMode) {
    this.acknowledgeMode = acknowledgeMode.trim();
  }

  public String getSubscriptionDurability() {
    return subscriptionDurability;
  }

  /** {@code Durable}: messages are kept for the bean while it is not deployed. */
  public void setSubscriptionDurability(String subscriptionDurability) {
    this.subscriptionDurability = subscriptionDurability.trim();
  }

  public String getSubscriptionName() {
    return subscriptionName;
  }

  /** Of a durable or shared subscription. */
  public void setSubscriptionName(String subscriptionName) {
    this.subscriptionName = subscriptionName.trim();
  }

  public String getClientId() {
    return clientId;
  }

  /** Part of the name of a subscription; required for a durable one that is not shared. */
  public void setClientId(String clientId) {
    this.clientId = clientId.trim();
  }

  public Boolean getShareSubscriptions() {
    return shareSubscriptions;
  }

  /** The bean shares its subscription with others of the same name, in other servers too. */
  public void setShareSubscriptions(Boolean shareSubscriptions) {
    this.shareSubscriptions = shareSubscriptions;
  }

  public Integer getMaxConcurrency() {
    return maxConcurrency;
  }

  /**
   * How many messages may be in the hands of bean instances at once; 1 keeps their order. A durable
   * subscription that is not shared always has 1.
   */
  public void setMaxConcurrency(Integer maxConcurrency) {
    this.maxConcurrency = maxConcurrency;
  }

  public Integer getMaxDeliveries() {
    return maxDeliveries;
  }

  /**
   * After so many deliveries a message goes to the dead letters, {@code %DLQ%…}; 0 for no limit.
   */
  public void setMaxDeliveries(Integer maxDeliveries) {
    this.maxDeliveries = maxDeliveries;
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
    List<String> faults = new ArrayList<>();
    if (destinationLookup.isEmpty()) {
      faults.add(
          "destinationLookup is missing: give the JNDI name or the plain name of a queue or topic");
    }
    requireOneOf(faults, "destinationType", destinationType, "", QUEUE, TOPIC);
    requireOneOf(faults, "acknowledgeMode", acknowledgeMode, AUTO, DUPS_OK);
    requireOneOf(faults, "subscriptionDurability", subscriptionDurability, NON_DURABLE, DURABLE);
    requireRange(faults, "maxConcurrency", maxConcurrency, 1, MAX_CONCURRENCY);
    requireRange(faults, "maxDeliveries", maxDeliveries, 0, Integer.MAX_VALUE);
    checkSubscription(faults);
    if (!faults.isEmpty()) {
      throw new InvalidPropertyException(
          "The activation of a message-driven bean cannot be used: " + String.join("; ", faults));
    }
  }

  private void checkSubscription(List<String> faults) {
    boolean durable = subscriptionDurability.equals(DURABLE);
    if (destinationType.equals(QUEUE) && (durable || shareSubscriptions)) {
      faults.add(
          "subscriptionDurability = Durable and shareSubscriptions are for topics; a queue keeps and"
              + " shares its messages anyway");
      return;
    }
    if ((durable || shareSubscriptions) && subscriptionName.isEmpty()) {
      faults.add("subscriptionName is missing: a durable or shared subscription needs one");
    }
    if (durable && !shareSubscriptions && clientId.isEmpty()) {
      faults.add(
          "clientId is missing: a durable subscription needs one, unless shareSubscriptions = true");
    }
  }

  private static void requireOneOf(
      List<String> faults, String property, String value, String... allowed) {
    if (!List.of(allowed).contains(value)) {
      faults.add(
          property
              + " = "
              + value
              + "; allowed: "
              + String.join(
                  ", ", List.of(allowed).stream().filter(one -> !one.isEmpty()).toList()));
    }
  }

  private static void requireRange(
      List<String> faults, String property, int value, int min, int max) {
    if (value < min || value > max) {
      faults.add(property + " = " + value + "; allowed: " + min + ".." + max);
    }
  }

  /** Validated, and with the destination that the server's names stand for. */
  ActivationSettings settings(DestinationNaming naming) throws ResourceException {
    validate();
    Destination destination = naming.resolve(destinationLookup, destinationType);
    boolean durable = subscriptionDurability.equals(DURABLE);
    boolean exclusive = destination instanceof Topic && durable && !shareSubscriptions;
    return new ActivationSettings(
        destination,
        optional(messageSelector),
        exclusive ? 1 : maxConcurrency,
        maxDeliveries,
        durable || shareSubscriptions ? optional(subscriptionName) : Optional.empty(),
        durable,
        shareSubscriptions,
        optional(clientId));
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
