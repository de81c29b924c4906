package io.moiety.jms;

import io.moiety.jms.spi.InboundSpec;
import jakarta.jms.Destination;
import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Topic;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which group at the broker each kind of consumer belongs to, and what the specification demands
 * before there is one (Jakarta Messaging 3.1, section 4.2). Immutable.
 */
final class SubscriptionRules {

  private final Optional<String> clientId;
  private final String senderId;

  /**
   * @param senderId of the connection, whose messages noLocal passes over
   */
  SubscriptionRules(Optional<String> clientId, String senderId) {
    this.clientId = clientId;
    this.senderId = senderId;
  }

  /** A receiver of a queue, or a subscription of a topic that ends with its consumer. */
  Subscription unshared(
      @Nullable Destination destination, @Nullable String selector, boolean noLocal)
      throws JMSException {
    NamedDestination own = DestinationNames.own(destination);
    if (own.kind().isQueue()) {
      return Subscription.queue(own, selector);
    }
    String group = DestinationNames.transientGroup(UUID.randomUUID().toString());
    return Subscription.topic(own, group, false, false, selector, noLocal(noLocal));
  }

  Subscription durable(
      @Nullable Topic topic, @Nullable String name, @Nullable String selector, boolean noLocal)
      throws JMSException {
    NamedDestination lasting = requireLasting(topic);
    if (clientId.isEmpty()) {
      throw new IllegalStateException(
          "An unshared durable subscription belongs to a client id; set one on the factory or"
              + " connection, or share the subscription");
    }
    return Subscription.topic(lasting, durableGroup(name), true, true, selector, noLocal(noLocal));
  }

  Subscription shared(@Nullable Topic topic, @Nullable String name, @Nullable String selector)
      throws JMSException {
    String group = DestinationNames.sharedGroup(clientId.orElse(null), requireName(name));
    return Subscription.topic(
        DestinationNames.own(topic), group, false, false, selector, Optional.empty());
  }

  Subscription sharedDurable(
      @Nullable Topic topic, @Nullable String name, @Nullable String selector) throws JMSException {
    return Subscription.topic(
        requireLasting(topic), durableGroup(name), true, false, selector, Optional.empty());
  }

  Subscription inbound(InboundSpec spec) throws JMSException {
    String selector = spec.selector().orElse(null);
    NamedDestination destination = DestinationNames.own(spec.destination());
    if (spec.consumerGroup().isPresent()) {
      return Subscription.group(requireLasting(destination), spec.consumerGroup().get(), selector);
    }
    if (spec.subscriptionName().isEmpty() || !(destination instanceof Topic topic)) {
      return unshared(destination, selector, false);
    }
    String name = spec.subscriptionName().get();
    if (!spec.durable()) {
      return shared(topic, name, selector);
    }
    return spec.shared()
        ? sharedDurable(topic, name, selector)
        : durable(topic, name, selector, false);
  }

  String durableGroup(@Nullable String name) throws JMSException {
    return DestinationNames.durableGroup(clientId.orElse(null), requireName(name));
  }

  private Optional<String> noLocal(boolean noLocal) {
    return noLocal ? Optional.of(senderId) : Optional.empty();
  }

  private static NamedDestination requireLasting(@Nullable Destination destination)
      throws JMSException {
    NamedDestination own = DestinationNames.own(destination);
    if (own.kind().isTemporary()) {
      throw new InvalidDestinationException(
          own + " is temporary and cannot have durable subscriptions");
    }
    return own;
  }

  private static String requireName(@Nullable String name) throws JMSException {
    if (name == null || name.isBlank()) {
      throw new JMSException("A subscription needs a name that is not empty");
    }
    return name;
  }
}
