package io.moiety.ra.outbound;

import static java.lang.System.Logger.Level.DEBUG;

import jakarta.jms.BytesMessage;
import jakarta.jms.Destination;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageListener;
import jakarta.jms.MessageProducer;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.StreamMessage;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TemporaryTopic;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import jakarta.jms.TopicSubscriber;
import jakarta.jms.TransactionInProgressException;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A session as an application has it. What it opened ends with it; the session beneath goes on for
 * other handles, and for the branch that it works in.
 *
 * <p>Used by one thread at a time; it may be closed on another.
 */
final class SessionHandle implements Session {

  private static final System.Logger LOGGER = System.getLogger(SessionHandle.class.getName());

  /** Something that ends with the session. */
  interface Part {
    void release() throws JMSException;

    /** Ends what it has over the connection that works for it; it may be opened again. */
    void leave() throws JMSException;
  }

  private final ConnectionHandle connection;
  private final int acknowledgeMode;
  private final List<Part> parts = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  SessionHandle(ConnectionHandle connection, int acknowledgeMode) {
    this.connection = connection;
    this.acknowledgeMode = acknowledgeMode;
  }

  MoietyManagedConnection managed() throws JMSException {
    if (closed) {
      throw Failures.closed("session");
    }
    return connection.managed();
  }

  private Session physical() throws JMSException {
    return managed().session();
  }

  /** Ends it at once when the session was closed by another thread meanwhile. */
  void add(Part part) throws JMSException {
    parts.add(part);
    if (closed) {
      parts.remove(part);
      part.release();
      throw Failures.closed("session");
    }
  }

  void remove(Part part) {
    parts.remove(part);
  }

  /**
   * Ends what the session opened; temporary destinations are the connection's. What cannot be ended
   * properly ends with the physical connection; so a failure is no reason for the application to
   * fail in its close.
   */
  void release() {
    closed = true;
    for (Part part : parts) {
      try {
        part.release();
      } catch (JMSException failure) {
        LOGGER.log(DEBUG, "A part of a session could not be closed", failure);
      }
    }
    parts.clear();
  }

  /**
   * Another connection works for the session from now on. Nothing may stay behind on the former
   * one, where it would keep its subscription and its messages from others.
   */
  void leave() {
    for (Part part : parts) {
      try {
        part.leave();
      } catch (JMSException failure) {
        LOGGER.log(DEBUG, "A part of a session could not leave its connection", failure);
      }
    }
  }

  /** Closed twice without harm. */
  @Override
  public void close() {
    release();
    connection.closed(this);
  }

  @Override
  public boolean getTransacted() throws JMSException {
    return managed().isTransacted();
  }

  @Override
  public int getAcknowledgeMode() throws JMSException {
    return getTransacted() ? SESSION_TRANSACTED : acknowledgeMode;
  }

  @Override
  public MessageProducer createProducer(@Nullable Destination destination) throws JMSException {
    return new ProducerHandle(this, destination, managed().defaults());
  }

  @Override
  public MessageConsumer createConsumer(Destination destination) throws JMSException {
    return consumer(session -> session.createConsumer(destination));
  }

  @Override
  public MessageConsumer createConsumer(Destination destination, @Nullable String selector)
      throws JMSException {
    return consumer(session -> session.createConsumer(destination, selector));
  }

  @Override
  public MessageConsumer createConsumer(
      Destination destination, @Nullable String selector, boolean noLocal) throws JMSException {
    return consumer(session -> session.createConsumer(destination, selector, noLocal));
  }

  @Override
  public MessageConsumer createSharedConsumer(Topic topic, String name) throws JMSException {
    return consumer(session -> session.createSharedConsumer(topic, name));
  }

  @Override
  public MessageConsumer createSharedConsumer(Topic topic, String name, @Nullable String selector)
      throws JMSException {
    return consumer(session -> session.createSharedConsumer(topic, name, selector));
  }

  @Override
  public MessageConsumer createDurableConsumer(Topic topic, String name) throws JMSException {
    return consumer(session -> session.createDurableConsumer(topic, name));
  }

  @Override
  public MessageConsumer createDurableConsumer(
      Topic topic, String name, @Nullable String selector, boolean noLocal) throws JMSException {
    return consumer(session -> session.createDurableConsumer(topic, name, selector, noLocal));
  }

  @Override
  public MessageConsumer createSharedDurableConsumer(Topic topic, String name) throws JMSException {
    return consumer(session -> session.createSharedDurableConsumer(topic, name));
  }

  @Override
  public MessageConsumer createSharedDurableConsumer(
      Topic topic, String name, @Nullable String selector) throws JMSException {
    return consumer(session -> session.createSharedDurableConsumer(topic, name, selector));
  }

  private MessageConsumer consumer(ConsumerHandle.Opener opener) throws JMSException {
    ConsumerHandle consumer = ConsumerHandle.open(this, opener);
    add(consumer);
    return consumer;
  }

  @Override
  public TopicSubscriber createDurableSubscriber(Topic topic, String name) throws JMSException {
    return createDurableSubscriber(topic, name, null, false);
  }

  @Override
  public TopicSubscriber createDurableSubscriber(
      Topic topic, String name, @Nullable String selector, boolean noLocal) throws JMSException {
    SubscriberHandle subscriber =
        new SubscriberHandle(
            this,
            ConsumerHandle.open(
                this, session -> session.createDurableConsumer(topic, name, selector, noLocal)),
            topic,
            noLocal);
    add(subscriber);
    return subscriber;
  }

  @Override
  public QueueBrowser createBrowser(Queue queue) throws JMSException {
    return createBrowser(queue, null);
  }

  @Override
  public QueueBrowser createBrowser(Queue queue, @Nullable String selector) throws JMSException {
    BrowserHandle browser = BrowserHandle.open(this, queue, selector);
    add(browser);
    return browser;
  }

  @Override
  public Queue createQueue(String name) throws JMSException {
    return physical().createQueue(name);
  }

  @Override
  public Topic createTopic(String name) throws JMSException {
    return physical().createTopic(name);
  }

  @Override
  public TemporaryQueue createTemporaryQueue() throws JMSException {
    return physical().createTemporaryQueue();
  }

  @Override
  public TemporaryTopic createTemporaryTopic() throws JMSException {
    return physical().createTemporaryTopic();
  }

  @Override
  public void unsubscribe(String name) throws JMSException {
    physical().unsubscribe(name);
  }

  @Override
  public BytesMessage createBytesMessage() throws JMSException {
    return physical().createBytesMessage();
  }

  @Override
  public MapMessage createMapMessage() throws JMSException {
    return physical().createMapMessage();
  }

  @Override
  public Message createMessage() throws JMSException {
    return physical().createMessage();
  }

  @Override
  public ObjectMessage createObjectMessage() throws JMSException {
    return physical().createObjectMessage();
  }

  @Override
  public ObjectMessage createObjectMessage(@Nullable Serializable object) throws JMSException {
    return physical().createObjectMessage(object);
  }

  @Override
  public StreamMessage createStreamMessage() throws JMSException {
    return physical().createStreamMessage();
  }

  @Override
  public TextMessage createTextMessage() throws JMSException {
    return physical().createTextMessage();
  }

  @Override
  public TextMessage createTextMessage(@Nullable String text) throws JMSException {
    return physical().createTextMessage(text);
  }

  @Override
  public void commit() throws JMSException {
    throw transactionIsTheServers("commit");
  }

  @Override
  public void rollback() throws JMSException {
    throw transactionIsTheServers("rollback");
  }

  /** Outside of transactions nothing is to be done: what was received is acknowledged. */
  @Override
  public void recover() throws JMSException {
    if (getTransacted()) {
      throw Failures.forbidden("recover in a transaction", "roll the UserTransaction back instead");
    }
  }

  @Override
  public MessageListener getMessageListener() throws JMSException {
    throw listener();
  }

  @Override
  public void setMessageListener(MessageListener listener) throws JMSException {
    throw listener();
  }

  @Override
  public void run() {
    throw new JMSRuntimeException(
        Failures.forbidden("run", "use a message-driven bean").getMessage());
  }

  static JMSException listener() {
    return Failures.forbidden("A message listener", "use a message-driven bean");
  }

  static InvalidDestinationException noDestination() {
    return new InvalidDestinationException("The destination is null; name a queue or topic");
  }

  private JMSException transactionIsTheServers(String call) throws JMSException {
    JMSException refused =
        Failures.forbidden(
            call, "the transaction is the server's: " + call + " the UserTransaction instead");
    return getTransacted() ? new TransactionInProgressException(refused.getMessage()) : refused;
  }
}
