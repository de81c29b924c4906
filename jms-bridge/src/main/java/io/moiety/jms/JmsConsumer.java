package io.moiety.jms;

import io.moiety.client.Delivery;
import io.moiety.jms.spi.BodyReceiver;
import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageListener;
import jakarta.jms.Queue;
import jakarta.jms.QueueReceiver;
import jakarta.jms.Topic;
import jakarta.jms.TopicSubscriber;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A consumer of a queue or a subscription, by receive or by listener.
 *
 * <p>Used by one thread at a time, as its session; {@link #close} by any.
 */
final class JmsConsumer implements QueueReceiver, TopicSubscriber, BodyReceiver {

  private final SessionLife life;
  private final SessionConsumers consumers;
  private final Subscription subscription;
  private final boolean noLocal;
  private final Inbox inbox;
  private final Handover handover;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile @Nullable MessageListener listener;

  JmsConsumer(
      SessionLife life,
      SessionConsumers consumers,
      Subscription subscription,
      boolean noLocal,
      Inbox inbox,
      Handover handover) {
    this.life = life;
    this.consumers = consumers;
    this.subscription = subscription;
    this.noLocal = noLocal;
    this.inbox = inbox;
    this.handover = handover;
  }

  Inbox inbox() {
    return inbox;
  }

  Subscription subscription() {
    return subscription;
  }

  NamedDestination destination() {
    return subscription.destination();
  }

  /** Who is to have the next message; null once it was taken away. */
  @Nullable MessageListener listener() {
    return listener;
  }

  @Override
  public @Nullable String getMessageSelector() throws JMSException {
    requireOpen();
    return subscription.selector().orElse(null);
  }

  @Override
  public @Nullable MessageListener getMessageListener() throws JMSException {
    requireOpen();
    return listener;
  }

  @Override
  public void setMessageListener(@Nullable MessageListener listener) throws JMSException {
    requireOpen();
    if (listener != null) {
      if (inbox.isAwaited()) {
        throw new IllegalStateException(
            "A receive waits for a message of "
                + destination()
                + "; set the listener when it has returned");
      }
      handover.next();
      this.listener = listener;
      consumers.listen(this);
    } else {
      consumers.listenNoMore(this);
      this.listener = null;
      inbox.hasNoListener();
    }
  }

  @Override
  public @Nullable Message receive() throws JMSException {
    return receive(Deadline.never());
  }

  @Override
  public @Nullable Message receive(long timeout) throws JMSException {
    return receive(Deadline.afterMillis(timeout));
  }

  @Override
  public @Nullable Message receiveNoWait() throws JMSException {
    return receive(Deadline.now());
  }

  private @Nullable Message receive(Deadline deadline) throws JMSException {
    Optional<BranchWork> branch = handover.branch();
    Delivery delivery = next(deadline);
    if (delivery == null) {
      return null;
    }
    try {
      Message message = message(delivery);
      inbox.handedOver(delivery);
      handover.taken(delivery, branch);
      return message;
    } finally {
      inbox.leave();
    }
  }

  /** One that cannot be read counts as delivered, so that it does not come again for ever. */
  private Message message(Delivery delivery) throws JMSException {
    try {
      return handover.message(delivery, destination());
    } catch (JMSException | RuntimeException unreadable) {
      inbox.handedOver(delivery);
      handover.refused();
      throw unreadable;
    }
  }

  @Override
  public <T> @Nullable T receiveBody(Class<T> type, @Nullable Long timeoutMillis)
      throws JMSException {
    Optional<BranchWork> branch = handover.branch();
    Delivery delivery =
        next(timeoutMillis == null ? Deadline.now() : Deadline.afterMillis(timeoutMillis));
    if (delivery == null) {
      return null;
    }
    try {
      T body = body(message(delivery), type, delivery);
      inbox.handedOver(delivery);
      handover.taken(delivery, branch);
      return body;
    } finally {
      inbox.leave();
    }
  }

  /** The message stays undelivered when its body cannot be given so. */
  private <T> T body(Message message, Class<T> type, Delivery delivery) throws JMSException {
    try {
      T body = message.getBody(type);
      if (body == null) {
        throw new MessageFormatException(
            "Message " + message.getJMSMessageID() + " has no body to give as " + type.getName());
      }
      return body;
    } catch (MessageFormatException unfit) {
      if (handover.isAcknowledgedByItself()) {
        inbox.putBack(delivery);
      } else {
        inbox.handedOver(delivery);
      }
      throw unfit;
    }
  }

  private @Nullable Delivery next(Deadline deadline) throws JMSException {
    requireOpen();
    if (listener != null) {
      throw new IllegalStateException(
          "The consumer of "
              + destination()
              + " has a message listener; take it away to call receive");
    }
    handover.next();
    Delivery delivery = inbox.await(deadline);
    if (delivery == null) {
      handover.idle();
    }
    return delivery;
  }

  @Override
  public Queue getQueue() throws JMSException {
    requireOpen();
    if (destination() instanceof Queue queue) {
      return queue;
    }
    throw new InvalidDestinationException(
        "The consumer receives from " + destination() + ", not from a queue");
  }

  @Override
  public Topic getTopic() throws JMSException {
    requireOpen();
    if (destination() instanceof Topic topic) {
      return topic;
    }
    throw new InvalidDestinationException(
        "The consumer receives from " + destination() + ", not from a topic");
  }

  @Override
  public boolean getNoLocal() throws JMSException {
    requireOpen();
    return noLocal;
  }

  /**
   * Waits for the listener that has its message, or the receive that is about to return one. May be
   * called from its own listener, which then runs to its end.
   *
   * @throws JMSException also when the broker refused the acknowledgement of the last receive, so
   *     that its message comes again
   */
  @Override
  public void close() throws JMSException {
    if (closed.compareAndSet(false, true)) {
      consumers.listenNoMore(this);
      CompletableFuture<Void> givenBack = inbox.close();
      consumers.closed(this);
      try {
        if (consumers.isConnected()) {
          awaitBroker(givenBack);
        }
      } finally {
        consumers.left(subscription);
      }
    }
  }

  private void awaitBroker(CompletableFuture<Void> givenBack) throws JMSException {
    try {
      handover.next();
    } finally {
      Await.answer(givenBack, "close the consumer of " + destination());
    }
  }

  /** With its session, which takes everything back at once. */
  void closeWithSession() {
    closed.set(true);
  }

  private void requireOpen() throws JMSException {
    life.requireOpen();
    if (closed.get()) {
      throw JmsExceptions.closed("consumer");
    }
  }

  @Override
  public String toString() {
    return "consumer of " + destination();
  }
}
