package io.moiety.jms;

import jakarta.jms.Destination;
import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.jms.Topic;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A session's consumers from opening to closing, its browsers, and the subscriptions that it
 * deletes.
 *
 * <p>Opening is for one thread at a time, as its session; closing for any.
 */
final class SessionConsumers {

  private final SessionLife life;
  private final ConnectionParts parts;
  private final Domain domain;
  private final Deliveries deliveries;
  private final MessageDecoder decoder;
  private final Handover handover;
  private final ListenerThread listeners;
  private final SubscriptionRules rules;
  private final ConsumerOpener opener;
  private final int mostForReceives;
  private final Set<JmsConsumer> open = ConcurrentHashMap.newKeySet();

  /**
   * @param mostForReceives may be asked for by one receive
   */
  SessionConsumers(
      SessionLife life,
      ConnectionParts parts,
      Domain domain,
      Deliveries deliveries,
      DeliveryGate gate,
      MessageDecoder decoder,
      Handover handover,
      ListenerThread listeners,
      int mostForReceives) {
    this.life = life;
    this.parts = parts;
    this.domain = domain;
    this.deliveries = deliveries;
    this.decoder = decoder;
    this.handover = handover;
    this.listeners = listeners;
    this.mostForReceives = mostForReceives;
    rules = new SubscriptionRules(parts.clientId(), parts.senderId());
    opener = new ConsumerOpener(parts, deliveries, gate);
  }

  JmsConsumer unshared(
      @Nullable Destination destination, @Nullable String selector, boolean noLocal)
      throws JMSException {
    life.requireOpen();
    return open(rules.unshared(destination, selector, noLocal), noLocal);
  }

  JmsConsumer durable(
      @Nullable Topic topic, @Nullable String name, @Nullable String selector, boolean noLocal)
      throws JMSException {
    requireTopics("A durable subscription");
    return open(rules.durable(topic, name, selector, noLocal), noLocal);
  }

  JmsConsumer shared(@Nullable Topic topic, @Nullable String name, @Nullable String selector)
      throws JMSException {
    requireTopics("A shared subscription");
    return open(rules.shared(topic, name, selector), false);
  }

  JmsConsumer sharedDurable(@Nullable Topic topic, @Nullable String name, @Nullable String selector)
      throws JMSException {
    requireTopics("A shared durable subscription");
    return open(rules.sharedDurable(topic, name, selector), false);
  }

  private void requireTopics(String call) throws JMSException {
    life.requireOpen();
    domain.requireTopics(call);
  }

  private JmsConsumer open(Subscription subscription, boolean noLocal) throws JMSException {
    Inbox inbox = opener.open(subscription, mostForReceives);
    JmsConsumer consumer = new JmsConsumer(life, this, subscription, noLocal, inbox, handover);
    open.add(consumer);
    return consumer;
  }

  JmsBrowser browse(@Nullable Queue queue, @Nullable String selector) throws JMSException {
    life.requireOpen();
    domain.requireQueues("createBrowser");
    return opener.browse(life, DestinationNames.own(queue), selector, decoder);
  }

  void unsubscribe(@Nullable String name) throws JMSException {
    requireTopics("unsubscribe");
    if (name == null || name.isBlank()) {
      throw new InvalidDestinationException("A subscription has a name that is not empty");
    }
    String group = rules.durableGroup(name);
    if (parts.subscriptions().isActive(group)) {
      throw new IllegalStateException(
          "Subscription " + name + " has an active consumer; close it before unsubscribing");
    }
    Await.answer(parts.link().unsubscribe(group), "unsubscribe " + name);
  }

  void listen(JmsConsumer consumer) {
    listeners.add(consumer);
  }

  void listenNoMore(JmsConsumer consumer) {
    listeners.remove(consumer);
  }

  /** Nothing is taken for it any more, and nobody has a message of it at hand. */
  void closed(JmsConsumer consumer) {
    open.remove(consumer);
    deliveries.remove(consumer.inbox());
    handover.idle();
  }

  /** False when the broker has taken everything back by itself, since the connection is lost. */
  boolean isConnected() {
    return parts.link().isOpen();
  }

  void left(Subscription subscription) {
    opener.left(subscription);
  }

  /** The session is closed at the broker, and they with it. */
  void closeAll() {
    for (JmsConsumer consumer : open) {
      consumer.closeWithSession();
      opener.left(consumer.subscription());
    }
    open.clear();
  }
}
