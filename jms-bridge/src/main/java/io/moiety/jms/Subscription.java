package io.moiety.jms;

import io.moiety.client.ConsumerSpec;
import io.moiety.client.StartPosition;
import io.moiety.client.SubscriptionSpec;
import io.moiety.protocol.SubscriptionGroups;
import jakarta.jms.JMSException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer receives from, in the broker's terms.
 *
 * @param durable outlives its consumers
 * @param exclusive for one consumer at a time
 * @param selector checked by the broker
 */
record Subscription(
    NamedDestination destination,
    String topic,
    String group,
    StartPosition from,
    boolean durable,
    boolean exclusive,
    Optional<String> selector,
    Optional<String> noLocalClientId) {

  /**
   * All receivers of a queue are one group that starts at its first message; selectors are each
   * receiver's own.
   */
  static Subscription queue(NamedDestination queue, @Nullable String selector) throws JMSException {
    String topic = DestinationNames.topic(queue);
    return new Subscription(
        queue,
        topic,
        topic,
        StartPosition.FIRST,
        !queue.kind().isTemporary(),
        false,
        selector(selector),
        Optional.empty());
  }

  /**
   * A group that is named as the broker names it. It lasts, begins where the group of a queue or of
   * a subscription does, and gets what RocketMQ's clients would: what is sent to queue and topic of
   * the name.
   */
  static Subscription group(NamedDestination destination, String group, @Nullable String selector)
      throws JMSException {
    return new Subscription(
        destination,
        DestinationNames.topic(destination),
        requireGroup(destination, group),
        destination.kind().isQueue() ? StartPosition.FIRST : StartPosition.LAST,
        true,
        false,
        selector(selector),
        Optional.empty());
  }

  /** The groups of the other kind are those that get nothing of this destination. */
  private static String requireGroup(NamedDestination destination, String group)
      throws JMSException {
    boolean ofOtherKind =
        destination.kind().isQueue()
            ? SubscriptionGroups.isOfTopic(group)
            : group.equals(DestinationNames.topic(destination));
    if (ofOtherKind) {
      throw new JMSException(
          "consumerGroup = "
              + group
              + " is the group of a "
              + (destination.kind().isQueue() ? "topic's subscription" : "queue's receivers")
              + " and gets nothing of "
              + destination
              + "; choose another name");
    }
    return DestinationNames.requireGroup(group);
  }

  static Subscription topic(
      NamedDestination topic,
      String group,
      boolean durable,
      boolean exclusive,
      @Nullable String selector,
      Optional<String> noLocalClientId)
      throws JMSException {
    return new Subscription(
        topic,
        DestinationNames.topic(topic),
        group,
        StartPosition.LAST,
        durable,
        exclusive,
        selector(selector),
        noLocalClientId);
  }

  /** A blank selector selects everything, as none does. */
  static Optional<String> selector(@Nullable String selector) {
    return selector == null || selector.isBlank() ? Optional.empty() : Optional.of(selector);
  }

  boolean isOfQueue() {
    return destination.kind().isQueue();
  }

  /** As the broker is to create it. A queue's group has no selector: its receivers have. */
  SubscriptionSpec creation() {
    return new SubscriptionSpec(
        group,
        topic,
        from,
        durable,
        exclusive,
        isOfQueue() ? Optional.empty() : selector,
        noLocalClientId);
  }

  /**
   * @param maxDeliveries applied where dead letters have a place that lasts
   */
  ConsumerSpec consumer(int maxDeliveries) {
    return new ConsumerSpec(group, topic, durable ? maxDeliveries : 0, selector, noLocalClientId);
  }
}
