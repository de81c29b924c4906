package io.moiety.jms;

import io.moiety.client.BrowseRequest;
import io.moiety.client.ConsumerSpec;
import jakarta.jms.JMSException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the consumers and browsers of a session: subscription, selector check, inbox.
 *
 * <p>Used by one thread at a time, as its session.
 */
final class ConsumerOpener {

  private static final System.Logger LOGGER = System.getLogger(ConsumerOpener.class.getName());

  private final ConnectionParts parts;
  private final Deliveries deliveries;
  private final DeliveryGate gate;

  ConsumerOpener(ConnectionParts parts, Deliveries deliveries, DeliveryGate gate) {
    this.parts = parts;
    this.deliveries = deliveries;
    this.gate = gate;
  }

  /**
   * When it returns, group and position stand at the broker, so nothing sent from now on is missed.
   *
   * @param mostForReceives may be asked for by one receive
   */
  Inbox open(Subscription subscription, int mostForReceives) throws JMSException {
    ConsumerSpec spec = subscription.consumer(parts.settings().maxDeliveries());
    Inbox inbox =
        new Inbox(gate, deliveries, subscribe(subscription), spec, mostForReceives, parts.clock());
    deliveries.add(inbox);
    return inbox;
  }

  /** The same for a receiver that does without an inbox. */
  Link.Consumer openConsumer(Subscription subscription, int maxDeliveries) throws JMSException {
    return subscribe(subscription).openConsumer(subscription.consumer(maxDeliveries));
  }

  private Link.Session subscribe(Subscription subscription) throws JMSException {
    parts.temporaries().requireConsumable(subscription.destination());
    parts.subscriptions().enter(subscription);
    try {
      Await.answer(
          parts.link().subscribe(subscription.creation()),
          "subscribe to " + subscription.destination());
      checkSelector(subscription);
      return deliveries.open();
    } catch (JMSException | RuntimeException failure) {
      parts.subscriptions().leave(subscription);
      throw failure;
    }
  }

  JmsBrowser browse(
      SessionLife life, NamedDestination queue, @Nullable String selector, MessageDecoder decoder)
      throws JMSException {
    Subscription subscription = Subscription.queue(queue, selector);
    parts.temporaries().requireConsumable(queue);
    int queues = parts.topics().queues(queue, subscription.topic());
    Await.answer(parts.link().subscribe(subscription.creation()), "find " + queue);
    checkSelector(subscription);
    return new JmsBrowser(life, parts.link(), subscription, queues, decoder, parts.clock());
  }

  /**
   * A queue's receivers bring their selectors with each request; this asks for nothing, to hear
   * what is wrong with one.
   */
  private void checkSelector(Subscription subscription) throws JMSException {
    if (subscription.isOfQueue() && subscription.selector().isPresent()) {
      Await.answer(
          parts
              .link()
              .browse(
                  new BrowseRequest(
                      subscription.topic(),
                      subscription.group(),
                      0,
                      Long.MAX_VALUE,
                      1,
                      subscription.selector())),
          "use selector \"" + subscription.selector().get() + '"');
    }
  }

  /**
   * A consumer was closed. A subscription that ends with its last consumer is deleted, once the
   * application has nothing of it to acknowledge.
   */
  void left(Subscription subscription) {
    boolean last = parts.subscriptions().leave(subscription);
    if (last && !subscription.durable() && !subscription.isOfQueue()) {
      deliveries.whenAcknowledged(() -> delete(subscription));
    }
  }

  /** Unless it has a consumer again. When it cannot be done, the connection's end does it. */
  private void delete(Subscription subscription) {
    if (!parts.link().isOpen()) {
      return;
    }
    parts
        .subscriptions()
        .whileUnused(
            subscription.group(),
            () ->
                parts
                    .link()
                    .unsubscribe(subscription.group())
                    .whenComplete((done, failure) -> deleted(subscription, failure)));
  }

  private static void deleted(Subscription subscription, @Nullable Throwable failure) {
    if (failure != null) {
      LOGGER.log(
          System.Logger.Level.DEBUG,
          "The subscription of " + subscription.destination() + " is left to the broker to delete",
          failure);
    }
  }
}
