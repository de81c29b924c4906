package io.moiety.ra.inbound;

import static io.moiety.ra.inbound.DestinationNaming.QUEUE;
import static io.moiety.ra.inbound.DestinationNaming.TOPIC;

import io.moiety.ra.checkback.OutcomePlace;
import io.moiety.ra.connection.ConnectionOptions;
import io.moiety.ra.connection.Faults;
import jakarta.jms.Destination;
import jakarta.jms.Queue;
import jakarta.jms.Topic;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ResourceAdapter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a message-driven bean says that it wants to receive, by the names of Jakarta Messaging and a
 * few more. A bean: set by the server, then validated, then not changed.
 */
public final class MoietyActivationSpec extends ActivationProperties implements ActivationSpec {

  private static final long serialVersionUID = 1L;

  private static final String DURABLE = "Durable";
  private static final String DUPS_OK = "Dups-ok-acknowledge";
  private static final double MAX_FACTOR = 100;

  private transient @Nullable ResourceAdapter resourceAdapter;

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
    if (getDestinationLookup().isEmpty()) {
      faults.add(
          "destinationLookup is missing: give the JNDI name or the plain name of a queue or topic");
    }
    faults.requireOneOf("destinationType", getDestinationType(), "", QUEUE, TOPIC);
    faults.requireOneOf("acknowledgeMode", getAcknowledgeMode(), AUTO, DUPS_OK);
    faults.requireOneOf(
        "subscriptionDurability", getSubscriptionDurability(), NON_DURABLE, DURABLE);
    faults.requireRange("maxConcurrency", getMaxConcurrency(), 1, MAX_CONCURRENCY);
    faults.requireRange("prefetch", getPrefetch(), 1, MAX_PREFETCH);
    if (!getOutcomeDataSource().isEmpty()) {
      OutcomePlace.fault(getOutcomeDataSource(), getOutcomeTable()).ifPresent(faults::add);
    }
    checkFailures(faults);
    checkSubscription(faults);
    if (!getConnectionFactoryLookup().isEmpty()) {
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
    faults.requireRange("maxDeliveries", getMaxDeliveries(), 0, Integer.MAX_VALUE);
    faults.requireRange("redeliveryDelayMillis", getRedeliveryDelayMillis(), 0, MAX_DELAY_MILLIS);
    faults.requireRange(
        "maxRedeliveryDelayMillis", getMaxRedeliveryDelayMillis(), 0, MAX_DELAY_MILLIS);
    faults.requireRange("pauseAfterFailures", getPauseAfterFailures(), 0, MAX_FAILURES);
    faults.requireRange("pauseMillis", getPauseMillis(), 1, MAX_DELAY_MILLIS);
    if (!(getRedeliveryDelayFactor() >= 1 && getRedeliveryDelayFactor() <= MAX_FACTOR)) {
      faults.add("redeliveryDelayFactor = " + getRedeliveryDelayFactor() + "; allowed: 1..100");
    }
    if (getMaxDeliveries() == 0
        && (getRedeliveryDelayMillis() == 0 || getMaxRedeliveryDelayMillis() == 0)) {
      faults.add(
          "maxDeliveries = 0 with no redelivery delay would give a message that always fails to the"
              + " bean without end; set redeliveryDelayMillis and maxRedeliveryDelayMillis, or"
              + " maxDeliveries");
    }
  }

  private void checkSubscription(Faults faults) {
    boolean durable = getSubscriptionDurability().equals(DURABLE);
    if (!getConsumerGroup().matches(GROUP_NAME)) {
      faults.add(
          "consumerGroup = "
              + getConsumerGroup()
              + "; allowed: up to 120 letters, digits and the characters % | _ -");
    }
    if (!getConsumerGroup().isEmpty()) {
      if (durable || getShareSubscriptions() || !getSubscriptionName().isEmpty()) {
        faults.add(
            "consumerGroup lasts and is shared by itself; leave out subscriptionDurability,"
                + " subscriptionName and shareSubscriptions");
      }
      return;
    }
    if (getDestinationType().equals(QUEUE)) {
      checkOfQueue(faults);
      return;
    }
    if (!durable && !getShareSubscriptions() && !getSubscriptionName().isEmpty()) {
      faults.add(
          "subscriptionName is set, but a subscription that is neither durable nor shared has none;"
              + " set subscriptionDurability = Durable or shareSubscriptions = true");
    }
    if ((durable || getShareSubscriptions()) && getSubscriptionName().isEmpty()) {
      faults.add("subscriptionName is missing: a durable or shared subscription needs one");
    }
  }

  private void checkOfQueue(Faults faults) {
    if (getSubscriptionDurability().equals(DURABLE)
        || getShareSubscriptions()
        || !getSubscriptionName().isEmpty()) {
      faults.add(
          "subscriptionDurability = Durable, subscriptionName and shareSubscriptions are for topics;"
              + " a queue keeps and shares its messages anyway");
    }
  }

  /**
   * Validated, and with the destination that the server's names stand for. The specification leaves
   * {@code clientId} to the application, and without one only shared subscriptions can be durable,
   * so it is one of those then.
   */
  ActivationSettings settings(DestinationNaming naming) throws ResourceException {
    validate();
    Destination destination = naming.resolve(getDestinationLookup(), getDestinationType());
    if (destination instanceof Queue) {
      Faults faults = new Faults();
      checkOfQueue(faults);
      faults.throwIfAny("The activation of a message-driven bean");
    }
    boolean durable = getSubscriptionDurability().equals(DURABLE);
    boolean exclusive = destination instanceof Topic && durable && !getShareSubscriptions();
    return new ActivationSettings(
        destination,
        TagSelector.of(getMessageSelector(), getTags()),
        exclusive ? 1 : getMaxConcurrency(),
        getMaxDeliveries(),
        durable || getShareSubscriptions() ? optional(getSubscriptionName()) : Optional.empty(),
        optional(getConsumerGroup()),
        durable,
        getShareSubscriptions() || (durable && getClientId().isEmpty()),
        optional(getClientId()),
        getPrefetch(),
        new RedeliveryDelay(
            getRedeliveryDelayMillis(), getRedeliveryDelayFactor(), getMaxRedeliveryDelayMillis()),
        getPauseAfterFailures(),
        getPauseMillis());
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
        + getDestinationLookup()
        + ", destinationType="
        + getDestinationType()
        + "]";
  }
}
