package io.moiety.jms;

import io.moiety.client.Delivery;
import io.moiety.jms.spi.InboundMessage;
import io.moiety.jms.spi.InboundReceiver;
import io.moiety.jms.spi.InboundSpec;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;

/**
 * Delivery for the resource adapter, with a broker session of its own. Thread-safe as {@link
 * InboundReceiver} says; its monitor protects what was fetched ahead.
 */
final class JmsInboundReceiver implements InboundReceiver {

  private final ConnectionParts parts;
  private final Subscription subscription;
  private final Deliveries deliveries;
  private final ConsumerOpener opener;
  private final Link.Consumer consumer;
  private final int prefetch;
  private final MessageDecoder decoder;
  private final JmsXaResource resource;
  private final Deque<Delivery> fetched = new ArrayDeque<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  private JmsInboundReceiver(
      ConnectionParts parts,
      Subscription subscription,
      Deliveries deliveries,
      ConsumerOpener opener,
      Link.Consumer consumer,
      int prefetch) {
    this.parts = parts;
    this.subscription = subscription;
    this.deliveries = deliveries;
    this.opener = opener;
    this.consumer = consumer;
    this.prefetch = prefetch;
    decoder = new MessageDecoder(parts.settings().trustedClasses());
    resource =
        new JmsXaResource(
            parts.link(),
            parts.branches(),
            new XaAssociation(deliveries),
            deliveries,
            parts.lostAnswers(),
            parts.settings().branchTimeoutSeconds());
  }

  static JmsInboundReceiver open(ConnectionParts parts, Subscription subscription, InboundSpec spec)
      throws JMSException {
    Deliveries deliveries = new Deliveries(parts.link());
    ConsumerOpener opener = new ConsumerOpener(parts, deliveries, new DeliveryGate());
    Link.Consumer consumer = opener.openConsumer(subscription, spec.maxDeliveries());
    return new JmsInboundReceiver(
        parts, subscription, deliveries, opener, consumer, spec.prefetch());
  }

  @Override
  public CompletableFuture<Optional<InboundMessage>> next(long waitMillis) {
    Delivery ahead = poll();
    if (ahead != null) {
      try {
        return CompletableFuture.completedFuture(Optional.of(received(ahead)));
      } catch (JMSException undecodable) {
        return CompletableFuture.failedFuture(undecodable);
      }
    }
    return consumer
        .receive(prefetch, waitMillis)
        .handle(
            (received, failure) -> {
              if (failure != null) {
                throw new CompletionException(
                    JmsExceptions.of("receive from " + subscription.destination(), failure));
              }
              return first(received);
            });
  }

  private Optional<InboundMessage> first(List<Delivery> received) {
    synchronized (fetched) {
      fetched.addAll(received);
    }
    Delivery next = poll();
    if (next == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(received(next));
    } catch (JMSException undecodable) {
      throw new CompletionException(undecodable);
    }
  }

  /** The next that has not expired. */
  private @Nullable Delivery poll() {
    synchronized (fetched) {
      for (Delivery next = fetched.poll(); next != null; next = fetched.poll()) {
        long expirationMillis = MessageDecoder.expirationMillis(next.record());
        if (expirationMillis == 0 || expirationMillis > parts.clock().millis()) {
          return next;
        }
        deliveries.discard(next);
      }
      return null;
    }
  }

  /**
   * A message that cannot be read counts as delivered, so that after some attempts it goes to the
   * dead letters instead of keeping others from their turn for ever.
   */
  private InboundMessage received(Delivery delivery) throws JMSException {
    try {
      return new Received(
          delivery,
          decoder.decode(delivery, subscription.destination(), JmsMessage.Acknowledgement.NOTHING));
    } catch (JMSException undecodable) {
      deliveries.seen(delivery);
      consumer.handedOver(delivery);
      throw undecodable;
    }
  }

  @Override
  public String consumerGroup() {
    return subscription.group();
  }

  @Override
  public XAResource xaResource() {
    return resource;
  }

  @Override
  public void giveBackAll() throws JMSException {
    synchronized (fetched) {
      fetched.clear();
    }
    deliveries.recover();
  }

  @Override
  public CompletableFuture<Void> giveBackAhead() {
    return consumer.release(takeFetched());
  }

  private List<Delivery> takeFetched() {
    synchronized (fetched) {
      List<Delivery> taken = new ArrayList<>(fetched);
      fetched.clear();
      return taken;
    }
  }

  @Override
  public void close() throws JMSException {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      if (parts.link().isOpen()) {
        Await.answer(consumer.close(), "close the receiver of " + subscription.destination());
      }
    } finally {
      try {
        deliveries.close();
      } finally {
        opener.left(subscription);
      }
    }
  }

  /** One delivery. For one thread at a time. */
  private final class Received implements InboundMessage {

    private final Delivery delivery;
    private final Message message;
    private boolean handedOver;

    Received(Delivery delivery, Message message) {
      this.delivery = delivery;
      this.message = message;
    }

    @Override
    public Message message() {
      return message;
    }

    @Override
    public int deliveryCount() {
      return delivery.deliveryCount();
    }

    @Override
    public void handOver() {
      if (!handedOver) {
        handedOver = true;
        deliveries.seen(delivery);
        consumer.handedOver(delivery);
      }
    }

    /**
     * A release of what is handed over changes nothing, but in a session that is gone is refused.
     */
    @Override
    public void confirmHandOver() throws JMSException {
      handOver();
      Await.answer(consumer.release(List.of(delivery)), "make sure that a message is still leased");
    }

    @Override
    public void acknowledge() throws JMSException {
      handOver();
      deliveries.acknowledge();
    }

    @Override
    public void giveBack() throws JMSException {
      if (handedOver) {
        giveBackAll();
        return;
      }
      Await.answer(
          CompletableFuture.allOf(consumer.release(List.of(delivery)), giveBackAhead()),
          "give back a message");
    }
  }
}
