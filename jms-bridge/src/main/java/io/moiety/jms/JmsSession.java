package io.moiety.jms;

import io.moiety.jms.spi.Outlet;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageListener;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.QueueReceiver;
import jakarta.jms.QueueSender;
import jakarta.jms.QueueSession;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TemporaryTopic;
import jakarta.jms.Topic;
import jakarta.jms.TopicPublisher;
import jakarta.jms.TopicSession;
import jakarta.jms.TopicSubscriber;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A session in all its classic interfaces, which puts the work to the parts that do it: {@link
 * SessionLife} knows whether it is open, {@link SessionWork} makes final what was sent and
 * received, {@link SessionConsumers} receive, {@link MessageSender} sends, {@link MessageCreation}
 * makes messages. {@link Deliveries} has what was received, the {@link TransactionContext} decides,
 * the {@link DeliveryGate} starts and stops.
 *
 * <p>For one thread at a time, as the specification has it; {@link #close} from any.
 */
sealed class JmsSession implements QueueSession, TopicSession, MessageCreation
    permits JmsXaSession {

  private final ConnectionParts parts;
  private final Domain domain;
  private final Consumer<JmsSession> onClose;
  private final DeliveryGate gate = new DeliveryGate();
  private final CompletionQueue completions;
  private final SessionLife life;
  private final SessionWork work;
  private final Deliveries deliveries;
  private final Handover handover;
  private final SessionConsumers consumers;
  private final MessageSender sender;

  /**
   * @param number of the session in its connection
   * @param outlet may take over what is sent and waited for
   * @param onClose told when it is closed
   */
  JmsSession(
      ConnectionParts parts,
      Domain domain,
      AcknowledgeMode mode,
      int number,
      Deliveries deliveries,
      TransactionContext transaction,
      Outlet outlet,
      Consumer<JmsSession> onClose) {
    this.parts = parts;
    this.domain = domain;
    this.onClose = onClose;
    this.deliveries = deliveries;
    String name = "moiety-session-" + parts.senderId() + "-" + number;
    completions = new CompletionQueue(name + "-completions");
    life = new SessionLife(gate, completions);
    work = new SessionWork(life, mode, transaction, deliveries, completions);
    MessageDecoder decoder = new MessageDecoder(parts.settings().trustedClasses());
    handover = new Handover(decoder, deliveries, transaction, mode, work::acknowledgeReceived);
    int prefetch = parts.settings().prefetch();
    ListenerThread listeners = new ListenerThread(name, gate, handover, prefetch, parts.failures());
    consumers =
        new SessionConsumers(
            life,
            parts,
            domain,
            deliveries,
            gate,
            decoder,
            handover,
            listeners,
            transaction.isManaged() ? 1 : prefetch);
    sender =
        new MessageSender(
            outlet,
            parts.link(),
            parts.topics(),
            transaction,
            completions,
            parts.messageIds(),
            parts.senderId(),
            number,
            parts.clock());
  }

  static JmsSession open(
      ConnectionParts parts,
      Domain domain,
      AcknowledgeMode mode,
      int number,
      Consumer<JmsSession> onClose) {
    Deliveries deliveries = new Deliveries(parts.link());
    TransactionContext transaction =
        mode == AcknowledgeMode.TRANSACTED
            ? new LocalTransaction(parts.link(), deliveries, parts.lostAnswers())
            : new NoTransaction();
    return new JmsSession(
        parts, domain, mode, number, deliveries, transaction, Outlet.NONE, onClose);
  }

  /** A session that acknowledges by itself, whose messages an outlet may take. */
  static JmsSession open(
      ConnectionParts parts,
      Domain domain,
      int number,
      Outlet outlet,
      Consumer<JmsSession> onClose) {
    return new JmsSession(
        parts,
        domain,
        AcknowledgeMode.AUTO,
        number,
        new Deliveries(parts.link()),
        new NoTransaction(),
        outlet,
        onClose);
  }

  DeliveryGate gate() {
    return gate;
  }

  SessionLife life() {
    return life;
  }

  @Override
  public void requireOpen() throws JMSException {
    life.requireOpen();
  }

  /** What {@link jakarta.jms.JMSContext#acknowledge} does. */
  void acknowledgeReceived() throws JMSException {
    work.acknowledgeReceived();
  }

  @Override
  public boolean getTransacted() throws JMSException {
    return work.isTransacted();
  }

  @Override
  public int getAcknowledgeMode() throws JMSException {
    return work.mode();
  }

  @Override
  public void commit() throws JMSException {
    work.commit();
  }

  @Override
  public void rollback() throws JMSException {
    work.rollback();
  }

  @Override
  public void recover() throws JMSException {
    requireOpen();
    handover.settle();
    work.recover();
  }

  /** Connection consumers, for which this is, are optional and not offered. */
  @Override
  public @Nullable MessageListener getMessageListener() throws JMSException {
    requireOpen();
    return null;
  }

  @Override
  public void setMessageListener(@Nullable MessageListener listener) throws JMSException {
    requireOpen();
    throw new JMSException(
        "Listeners of whole sessions are for application servers and not offered; set one on a consumer");
  }

  @Override
  public void run() {
    throw new UnsupportedOperationException("Sessions are not run by application servers here");
  }

  @Override
  public MessageProducer createProducer(@Nullable Destination destination) throws JMSException {
    return producer(destination);
  }

  @Override
  public QueueSender createSender(@Nullable Queue queue) throws JMSException {
    return producer(queue);
  }

  @Override
  public TopicPublisher createPublisher(@Nullable Topic topic) throws JMSException {
    return producer(topic);
  }

  private JmsProducer producer(@Nullable Destination destination) throws JMSException {
    requireOpen();
    if (destination == null) {
      return new JmsProducer(life, sender, null);
    }
    NamedDestination own = DestinationNames.own(destination);
    parts.topics().queues(own, DestinationNames.topic(own));
    return new JmsProducer(life, sender, own);
  }

  @Override
  public MessageConsumer createConsumer(Destination destination) throws JMSException {
    return consumers.unshared(destination, null, false);
  }

  @Override
  public MessageConsumer createConsumer(Destination destination, @Nullable String messageSelector)
      throws JMSException {
    return consumers.unshared(destination, messageSelector, false);
  }

  @Override
  public MessageConsumer createConsumer(
      Destination destination, @Nullable String messageSelector, boolean noLocal)
      throws JMSException {
    return consumers.unshared(destination, messageSelector, noLocal);
  }

  @Override
  public QueueReceiver createReceiver(Queue queue) throws JMSException {
    return consumers.unshared(queue, null, false);
  }

  @Override
  public QueueReceiver createReceiver(Queue queue, @Nullable String messageSelector)
      throws JMSException {
    return consumers.unshared(queue, messageSelector, false);
  }

  @Override
  public TopicSubscriber createSubscriber(Topic topic) throws JMSException {
    return consumers.unshared(topic, null, false);
  }

  @Override
  public TopicSubscriber createSubscriber(
      Topic topic, @Nullable String messageSelector, boolean noLocal) throws JMSException {
    return consumers.unshared(topic, messageSelector, noLocal);
  }

  @Override
  public TopicSubscriber createDurableSubscriber(Topic topic, String name) throws JMSException {
    return consumers.durable(topic, name, null, false);
  }

  @Override
  public TopicSubscriber createDurableSubscriber(
      Topic topic, String name, @Nullable String messageSelector, boolean noLocal)
      throws JMSException {
    return consumers.durable(topic, name, messageSelector, noLocal);
  }

  @Override
  public MessageConsumer createDurableConsumer(Topic topic, String name) throws JMSException {
    return consumers.durable(topic, name, null, false);
  }

  @Override
  public MessageConsumer createDurableConsumer(
      Topic topic, String name, @Nullable String messageSelector, boolean noLocal)
      throws JMSException {
    return consumers.durable(topic, name, messageSelector, noLocal);
  }

  @Override
  public MessageConsumer createSharedConsumer(Topic topic, String sharedSubscriptionName)
      throws JMSException {
    return consumers.shared(topic, sharedSubscriptionName, null);
  }

  @Override
  public MessageConsumer createSharedConsumer(
      Topic topic, String sharedSubscriptionName, @Nullable String messageSelector)
      throws JMSException {
    return consumers.shared(topic, sharedSubscriptionName, messageSelector);
  }

  @Override
  public MessageConsumer createSharedDurableConsumer(Topic topic, String name) throws JMSException {
    return consumers.sharedDurable(topic, name, null);
  }

  @Override
  public MessageConsumer createSharedDurableConsumer(
      Topic topic, String name, @Nullable String messageSelector) throws JMSException {
    return consumers.sharedDurable(topic, name, messageSelector);
  }

  @Override
  public void unsubscribe(String name) throws JMSException {
    consumers.unsubscribe(name);
  }

  @Override
  public QueueBrowser createBrowser(Queue queue) throws JMSException {
    return consumers.browse(queue, null);
  }

  @Override
  public QueueBrowser createBrowser(Queue queue, @Nullable String messageSelector)
      throws JMSException {
    return consumers.browse(queue, messageSelector);
  }

  @Override
  public Queue createQueue(String queueName) throws JMSException {
    requireOpen();
    domain.requireQueues("createQueue");
    return new MoietyQueue(DestinationNames.given(queueName));
  }

  @Override
  public Topic createTopic(String topicName) throws JMSException {
    requireOpen();
    domain.requireTopics("createTopic");
    return new MoietyTopic(DestinationNames.given(topicName));
  }

  @Override
  public TemporaryQueue createTemporaryQueue() throws JMSException {
    requireOpen();
    domain.requireQueues("createTemporaryQueue");
    return parts.temporaries().createQueue();
  }

  @Override
  public TemporaryTopic createTemporaryTopic() throws JMSException {
    requireOpen();
    domain.requireTopics("createTemporaryTopic");
    return parts.temporaries().createTopic();
  }

  /** Listeners that run keep the whole session until they return. */
  @Override
  public void close() throws JMSException {
    if (!life.beginClose()) {
      return;
    }
    try {
      gate.close();
      completions.awaitAll();
      handover.idle();
      work.close();
    } finally {
      life.ended();
      try {
        deliveries.close();
      } finally {
        leave();
      }
    }
  }

  /** Whatever the broker answered, nothing of the session stays behind. */
  private void leave() {
    completions.close();
    consumers.closeAll();
    onClose.accept(this);
  }
}
