package io.moiety.jms;

import io.moiety.client.Delivery;
import io.moiety.jms.spi.InboundMessage;
import io.moiety.jms.spi.InboundReceiver;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.transaction.xa.XAResource;

/**
 * Delivery for the resource adapter, with a broker session of its own. Thread-safe as {@link
 * InboundReceiver} says.
 */
final class JmsInboundReceiver implements InboundReceiver {

  private final ConnectionParts parts;
  private final Subscription subscription;
  private final Deliveries deliveries;
  private final ConsumerOpener opener;
  private final Link.Consumer consumer;
  private final MessageDecoder decoder;
  private final JmsXaResource resource;
  private final AtomicBoolean closed = new AtomicBoolean();

  private JmsInboundReceiver(
      ConnectionParts parts,
      Subscription subscription,
      Deliveries deliveries,
      ConsumerOpener opener,
      Link.Consumer consumer) {
    this.parts = parts;
    this.subscription = subscription;
    this.deliveries = deliveries;
    this.opener = opener;
    this.consumer = consumer;
    decoder = new MessageDecoder(parts.settings().trustedClasses());
    resource =
        new JmsXaResource(
            parts.link(),
            parts.branches(),
            new XaAssociation(deliveries),
            deliveries,
            parts.lostAnswers());
  }

  static JmsInboundReceiver open(
      ConnectionParts parts, Subscription subscription, int maxDeliveries) throws JMSException {
    Deliveries deliveries = new Deliveries(parts.link());
    ConsumerOpener opener = new ConsumerOpener(parts, deliveries, new DeliveryGate());
    Link.Consumer consumer = opener.openConsumer(subscription, maxDeliveries);
    return new JmsInboundReceiver(parts, subscription, deliveries, opener, consumer);
  }

  @Override
  public CompletableFuture<Optional<InboundMessage>> next(long waitMillis) {
    return consumer
        .receive(1, waitMillis)
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
    if (received.isEmpty()) {
      return Optional.empty();
    }
    Delivery delivery = received.get(0);
    long expirationMillis = MessageDecoder.expirationMillis(delivery.record());
    if (expirationMillis != 0 && expirationMillis <= parts.clock().millis()) {
      deliveries.discard(delivery);
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Received(
              delivery,
              decoder.decode(
                  delivery, subscription.destination(), JmsMessage.Acknowledgement.NOTHING)));
    } catch (JMSException undecodable) {
      throw new CompletionException(undecodable);
    }
  }

  @Override
  public XAResource xaResource() {
    return resource;
  }

  @Override
  public void close() throws JMSException {
    if (closed.compareAndSet(false, true)) {
      try {
        if (parts.link().isOpen()) {
          Await.answer(consumer.close(), "close the receiver of " + subscription.destination());
        }
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

    @Override
    public void acknowledge() throws JMSException {
      handOver();
      deliveries.acknowledge();
    }

    @Override
    public void giveBack() throws JMSException {
      if (handedOver) {
        deliveries.recover();
      } else {
        Await.answer(consumer.release(delivery), "give back a message");
      }
    }
  }
}
