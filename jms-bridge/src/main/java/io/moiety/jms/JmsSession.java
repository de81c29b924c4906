package io.moiety.jms;

import io.moiety.jms.spi.Outlet;
import jakarta.jms.BytesMessage;
import jakarta.jms.Destination;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageListener;
import jakarta.jms.MessageProducer;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.QueueReceiver;
import jakarta.jms.QueueSender;
import jakarta.jms.QueueSession;
import jakarta.jms.StreamMessage;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TemporaryTopic;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import jakarta.jms.TopicPublisher;
import jakarta.jms.TopicSession;
import jakarta.jms.TopicSubscriber;
import java.io.Serializable;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A session in all its classic interfaces: makes messages, producers and consumers, and puts the
 * work to the parts that do it. {@link Deliveries} has what was received, {@link MessageSender}
 * sends, the {@link TransactionContext} decides, the {@link DeliveryGate} starts and stops.
 *
 * <p>For one thread at a time, as the specification has it; {@link #close} from any.
 */
sealed class JmsSession implements QueueSession, TopicSession permits JmsXaSession {

  private final ConnectionParts parts;
  private final Domain domain;
  private final AcknowledgeMode mode;
  private final Consumer<JmsSession> onClose;
  private final TransactionContext transaction;
  private final Deliveries deliveries;
  private final DeliveryGate gate = new DeliveryGate();
  private final MessageDecoder decoder;
  private final Handover handover;
  private final SubscriptionRules rules;
  private final ConsumerOpener opener;
  private final MessageSender sender;
  private final CompletionQueue completions;
  private final ListenerThread listeners;
  private final Set<JmsConsumer> consumers = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean closing = new AtomicBoolean();
  private volatile boolean closed;

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
    this.mode = mode;
    this.onClose = onClose;
    this.deliveries = deliveries;
    this.transaction = transaction;
    String name = "moiety-session-" + parts.senderId() + "-" + number;
    decoder = new MessageDecoder(parts.settings().trustedClasses());
    handover = new Handover(decoder, deliveries, transaction, mode, this::acknowledgeReceived);
    rules = new SubscriptionRules(parts.clientId(), parts.senderId());
    opener = new ConsumerOpener(parts, deliveries, gate);
    completions = new CompletionQueue(name + "-completions");
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
    listeners =
        new ListenerThread(name, gate, handover, parts.settings().prefetch(), parts.failures());
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

  ListenerThread listeners() {
    return listeners;
  }

  void requireOpen() throws JMSException {
    if (closed) {
      throw JmsExceptions.closed("session");
    }
  }

  /** What {@link Message#acknowledge} does for messages of this session. */
  void acknowledgeReceived() throws JMSException {
    requireOpen();
    if (mode == AcknowledgeMode.CLIENT) {
      deliveries.acknowledge();
    }
  }

  @Override
  public BytesMessage createBytesMessage() throws JMSException {
    requireOpen();
    return new JmsBytesMessage();
  }

  @Override
  public MapMessage createMapMessage() throws JMSException {
    requireOpen();
    return new JmsMapMessage();
  }

  @Override
  public Message createMessage() throws JMSException {
    requireOpen();
    return new JmsMessage();
  }

  @Override
  public ObjectMessage createObjectMessage() throws JMSException {
    requireOpen();
    return new JmsObjectMessage();
  }

  @Override
  public ObjectMessage createObjectMessage(@Nullable Serializable object) throws JMSException {
    requireOpen();
    JmsObjectMessage message = new JmsObjectMessage();
    message.setObject(object);
    return message;
  }

  @Override
  public StreamMessage createStreamMessage() throws JMSException {
    requireOpen();
    return new JmsStreamMessage();
  }

  @Override
  public TextMessage createTextMessage() throws JMSException {
    requireOpen();
    return new JmsTextMessage(null);
  }

  @Override
  public TextMessage createTextMessage(@Nullable String text) throws JMSException {
    requireOpen();
    return new JmsTextMessage(text);
  }

  @Override
  public boolean getTransacted() throws JMSException {
    requireOpen();
    return transaction.isTransacted();
  }

  @Override
  public int getAcknowledgeMode() throws JMSException {
    requireOpen();
    return mode.code();
  }

  @Override
  public void commit() throws JMSException {
    requireOpen();
    completions.requireNotInListener("commit");
    completions.awaitAll();
    transaction.commit();
  }

  @Override
  public void rollback() throws JMSException {
    requireOpen();
    completions.requireNotInListener("rollback");
    completions.awaitAll();
    transaction.rollback();
  }

  @Override
  public void recover() throws JMSException {
    requireOpen();
    if (transaction.isTransacted()) {
      throw new IllegalStateException("A transacted session is not recovered; roll it back");
    }
    deliveries.recover();
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
      return new JmsProducer(this, sender, null);
    }
    NamedDestination own = DestinationNames.own(destination);
    parts.topics().queues(own, DestinationNames.topic(own));
    return new JmsProducer(this, sender, own);
  }

  @Override
  public MessageConsumer createConsumer(Destination destination) throws JMSException {
    return createConsumer(destination, null, false);
  }

  @Override
  public MessageConsumer createConsumer(Destination destination, @Nullable String messageSelector)
      throws JMSException {
    return createConsumer(destination, messageSelector, false);
  }

  @Override
  public MessageConsumer createConsumer(
      Destination destination, @Nullable String messageSelector, boolean noLocal)
      throws JMSException {
    return consumer(destination, messageSelector, noLocal);
  }

  @Override
  public QueueReceiver createReceiver(Queue queue) throws JMSException {
    return consumer(queue, null, false);
  }

  @Override
  public QueueReceiver createReceiver(Queue queue, @Nullable String messageSelector)
      throws JMSException {
    return consumer(queue, messageSelector, false);
  }

  @Override
  public TopicSubscriber createSubscriber(Topic topic) throws JMSException {
    return consumer(topic, null, false);
  }

  @Override
  public TopicSubscriber createSubscriber(
      Topic topic, @Nullable String messageSelector, boolean noLocal) throws JMSException {
    return consumer(topic, messageSelector, noLocal);
  }

  private JmsConsumer consumer(
      @Nullable Destination destination, @Nullable String selector, boolean noLocal)
      throws JMSException {
    requireOpen();
    return open(rules.unshared(destination, selector, noLocal), selector, noLocal);
  }

  @Override
  public TopicSubscriber createDurableSubscriber(Topic topic, String name) throws JMSException {
    return durable(topic, name, null, false);
  }

  @Override
  public TopicSubscriber createDurableSubscriber(
      Topic topic, String name, @Nullable String messageSelector, boolean noLocal)
      throws JMSException {
    return durable(topic, name, messageSelector, noLocal);
  }

  @Override
  public MessageConsumer createDurableConsumer(Topic topic, String name) throws JMSException {
    return durable(topic, name, null, false);
  }

  @Override
  public MessageConsumer createDurableConsumer(
      Topic topic, String name, @Nullable String messageSelector, boolean noLocal)
      throws JMSException {
    return durable(topic, name, messageSelector, noLocal);
  }

  private JmsConsumer durable(
      @Nullable Topic topic, @Nullable String name, @Nullable String selector, boolean noLocal)
      throws JMSException {
    requireOpen();
    domain.requireTopics("A durable subscription");
    return open(rules.durable(topic, name, selector, noLocal), selector, noLocal);
  }

  @Override
  public MessageConsumer createSharedConsumer(Topic topic, String sharedSubscriptionName)
      throws JMSException {
    return createSharedConsumer(topic, sharedSubscriptionName, null);
  }

  @Override
  public MessageConsumer createSharedConsumer(
      Topic topic, String sharedSubscriptionName, @Nullable String messageSelector)
      throws JMSException {
    requireOpen();
    domain.requireTopics("A shared subscription");
    return open(
        rules.shared(topic, sharedSubscriptionName, messageSelector), messageSelector, false);
  }

  @Override
  public MessageConsumer createSharedDurableConsumer(Topic topic, String name) throws JMSException {
    return createSharedDurableConsumer(topic, name, null);
  }

  @Override
  public MessageConsumer createSharedDurableConsumer(
      Topic topic, String name, @Nullable String messageSelector) throws JMSException {
    requireOpen();
    domain.requireTopics("A shared durable subscription");
    return open(rules.sharedDurable(topic, name, messageSelector), messageSelector, false);
  }

  private JmsConsumer open(Subscription subscription, @Nullable String selector, boolean noLocal)
      throws JMSException {
    Inbox inbox = opener.open(subscription);
    JmsConsumer consumer =
        new JmsConsumer(this, subscription, selector, noLocal, inbox, gate, handover);
    consumers.add(consumer);
    return consumer;
  }

  @Override
  public void unsubscribe(String name) throws JMSException {
    requireOpen();
    domain.requireTopics("unsubscribe");
    String group = rules.durableGroup(name);
    if (parts.subscriptions().isActive(group)) {
      throw new IllegalStateException(
          "Subscription " + name + " has an active consumer; close it before unsubscribing");
    }
    Await.answer(parts.link().unsubscribe(group), "unsubscribe " + name);
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
  public QueueBrowser createBrowser(Queue queue) throws JMSException {
    return createBrowser(queue, null);
  }

  @Override
  public QueueBrowser createBrowser(Queue queue, @Nullable String messageSelector)
      throws JMSException {
    requireOpen();
    domain.requireQueues("createBrowser");
    return opener.browse(this, DestinationNames.own(queue), messageSelector, decoder);
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

  void consumerClosed(JmsConsumer consumer) {
    consumers.remove(consumer);
    listeners.remove(consumer);
    deliveries.remove(consumer.inbox());
  }

  /** False when the broker has taken everything back by itself, since the connection is lost. */
  boolean isConnected() {
    return parts.link().isOpen();
  }

  void subscriptionLeft(Subscription subscription) {
    opener.left(subscription);
  }

  /** Waits for the sends that a producer has under way. */
  void producerClosing() throws JMSException {
    completions.requireNotInListener("close");
    completions.awaitAll();
  }

  /**
   * @throws IllegalStateException from a listener of its own
   */
  void requireClosable() throws JMSException {
    gate.requireNotInListener("close");
    completions.requireNotInListener("close");
  }

  /** Listeners that run keep the whole session until they return. */
  @Override
  public void close() throws JMSException {
    if (closed) {
      return;
    }
    requireClosable();
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    try {
      completions.awaitAll();
      gate.close();
      handover.idle();
      transaction.close();
    } finally {
      closed = true;
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
    for (JmsConsumer consumer : consumers) {
      consumer.closeWithSession();
      opener.left(consumer.subscription());
    }
    consumers.clear();
    onClose.accept(this);
  }
}
