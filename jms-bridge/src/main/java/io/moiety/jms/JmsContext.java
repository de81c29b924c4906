package io.moiety.jms;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionMetaData;
import jakarta.jms.Destination;
import jakarta.jms.ExceptionListener;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.StreamMessage;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TemporaryTopic;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import java.io.Serializable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The simplified interface over the classic ones: a connection, shared with the contexts made from
 * this one, and a session. The session is made at its first use, since the client id may be set
 * before. Works over the connections of others too, such as the handles of a resource adapter.
 *
 * <p>For one thread at a time, as its session; {@link #close} from any.
 */
sealed class JmsContext implements JMSContext permits JmsXaContext, ServerContext {

  private final SharedConnection shared;
  private final int sessionMode;
  private final AtomicBoolean closing = new AtomicBoolean();

  /** Set once, under the monitor. */
  private volatile @Nullable Session session;

  private volatile boolean autoStart = true;
  private volatile boolean closed;

  JmsContext(SharedConnection shared, int sessionMode) {
    this.shared = shared;
    this.sessionMode = sessionMode;
  }

  /** A context that owns the connection; closes it when the mode is none. */
  static JmsContext open(Connection connection, int sessionMode) throws JMSException {
    try {
      return new JmsContext(
          new SharedConnection(connection), AcknowledgeMode.of(sessionMode).code());
    } catch (JMSException unknownMode) {
      connection.close();
      throw unknownMode;
    }
  }

  private Connection connection() {
    if (closed) {
      throw new IllegalStateRuntimeException("This context is closed; make a new one", "CLOSED");
    }
    return shared.connection();
  }

  /** Without the monitor once it is made, since a listener may use it while it is being closed. */
  Session session() throws JMSException {
    Connection connection = connection();
    Session made = session;
    return made == null ? firstSession(connection) : made;
  }

  private synchronized Session firstSession(Connection connection) throws JMSException {
    Session made = session;
    if (made == null) {
      if (closing.get()) {
        throw JmsExceptions.closed("context");
      }
      made = makeSession(connection, sessionMode);
      session = made;
    }
    return made;
  }

  Session makeSession(Connection connection, int mode) throws JMSException {
    return connection.createSession(mode);
  }

  @Override
  public JMSContext createContext(int sessionMode) {
    connection();
    Unchecked.get(() -> AcknowledgeMode.of(sessionMode));
    return new JmsContext(shared.join(), sessionMode);
  }

  @Override
  public JMSProducer createProducer() {
    return Unchecked.get(() -> new SimplifiedProducer(session(), session().createProducer(null)));
  }

  @Override
  public @Nullable String getClientID() {
    return Unchecked.getNullable(() -> connection().getClientID());
  }

  @Override
  public void setClientID(String clientID) {
    Unchecked.run(() -> connection().setClientID(clientID));
  }

  @Override
  public ConnectionMetaData getMetaData() {
    return Unchecked.get(() -> connection().getMetaData());
  }

  @Override
  public @Nullable ExceptionListener getExceptionListener() {
    return Unchecked.getNullable(() -> connection().getExceptionListener());
  }

  @Override
  public void setExceptionListener(@Nullable ExceptionListener listener) {
    Unchecked.run(() -> connection().setExceptionListener(listener));
  }

  @Override
  public void start() {
    Unchecked.run(() -> connection().start());
  }

  @Override
  public void stop() {
    Unchecked.run(() -> connection().stop());
  }

  @Override
  public void setAutoStart(boolean autoStart) {
    this.autoStart = autoStart;
  }

  @Override
  public boolean getAutoStart() {
    return autoStart;
  }

  @Override
  public void close() {
    if (!closed && closing.compareAndSet(false, true)) {
      Unchecked.run(this::closeParts);
    }
  }

  private void closeParts() throws JMSException {
    Session made = lastSession();
    try {
      if (made != null) {
        made.close();
      }
      closed = true;
    } catch (IllegalStateException inListener) {
      closing.set(false);
      throw inListener;
    } catch (JMSException failure) {
      // The session is closed all the same, and the connection must not outlive the context.
      closed = true;
      leaveAfter(failure);
      throw failure;
    }
    shared.leave();
  }

  /** That of a context which is closing, and so makes no other. */
  private synchronized @Nullable Session lastSession() {
    return session;
  }

  private void leaveAfter(JMSException failure) {
    try {
      shared.leave();
    } catch (JMSException alsoFailed) {
      failure.addSuppressed(alsoFailed);
    }
  }

  @Override
  public BytesMessage createBytesMessage() {
    return Unchecked.get(() -> session().createBytesMessage());
  }

  @Override
  public MapMessage createMapMessage() {
    return Unchecked.get(() -> session().createMapMessage());
  }

  @Override
  public Message createMessage() {
    return Unchecked.get(() -> session().createMessage());
  }

  @Override
  public ObjectMessage createObjectMessage() {
    return Unchecked.get(() -> session().createObjectMessage());
  }

  @Override
  public ObjectMessage createObjectMessage(@Nullable Serializable object) {
    return Unchecked.get(() -> session().createObjectMessage(object));
  }

  @Override
  public StreamMessage createStreamMessage() {
    return Unchecked.get(() -> session().createStreamMessage());
  }

  @Override
  public TextMessage createTextMessage() {
    return Unchecked.get(() -> session().createTextMessage());
  }

  @Override
  public TextMessage createTextMessage(@Nullable String text) {
    return Unchecked.get(() -> session().createTextMessage(text));
  }

  @Override
  public boolean getTransacted() {
    return Unchecked.get(() -> session().getTransacted());
  }

  @Override
  public int getSessionMode() {
    connection();
    return sessionMode;
  }

  @Override
  public void commit() {
    Unchecked.run(() -> session().commit());
  }

  @Override
  public void rollback() {
    Unchecked.run(() -> session().rollback());
  }

  @Override
  public void recover() {
    Unchecked.run(() -> session().recover());
  }

  private JMSConsumer started(MessageConsumer consumer) throws JMSException {
    if (autoStart) {
      connection().start();
    }
    return new SimplifiedConsumer(consumer);
  }

  @Override
  public JMSConsumer createConsumer(Destination destination) {
    return Unchecked.get(() -> started(session().createConsumer(destination)));
  }

  @Override
  public JMSConsumer createConsumer(Destination destination, @Nullable String messageSelector) {
    return Unchecked.get(() -> started(session().createConsumer(destination, messageSelector)));
  }

  @Override
  public JMSConsumer createConsumer(
      Destination destination, @Nullable String messageSelector, boolean noLocal) {
    return Unchecked.get(
        () -> started(session().createConsumer(destination, messageSelector, noLocal)));
  }

  @Override
  public Queue createQueue(String queueName) {
    return Unchecked.get(() -> session().createQueue(queueName));
  }

  @Override
  public Topic createTopic(String topicName) {
    return Unchecked.get(() -> session().createTopic(topicName));
  }

  @Override
  public JMSConsumer createDurableConsumer(Topic topic, String name) {
    return Unchecked.get(() -> started(session().createDurableConsumer(topic, name)));
  }

  @Override
  public JMSConsumer createDurableConsumer(
      Topic topic, String name, @Nullable String messageSelector, boolean noLocal) {
    return Unchecked.get(
        () -> started(session().createDurableConsumer(topic, name, messageSelector, noLocal)));
  }

  @Override
  public JMSConsumer createSharedDurableConsumer(Topic topic, String name) {
    return Unchecked.get(() -> started(session().createSharedDurableConsumer(topic, name)));
  }

  @Override
  public JMSConsumer createSharedDurableConsumer(
      Topic topic, String name, @Nullable String messageSelector) {
    return Unchecked.get(
        () -> started(session().createSharedDurableConsumer(topic, name, messageSelector)));
  }

  @Override
  public JMSConsumer createSharedConsumer(Topic topic, String sharedSubscriptionName) {
    return Unchecked.get(
        () -> started(session().createSharedConsumer(topic, sharedSubscriptionName)));
  }

  @Override
  public JMSConsumer createSharedConsumer(
      Topic topic, String sharedSubscriptionName, @Nullable String messageSelector) {
    return Unchecked.get(
        () ->
            started(
                session().createSharedConsumer(topic, sharedSubscriptionName, messageSelector)));
  }

  @Override
  public QueueBrowser createBrowser(Queue queue) {
    return Unchecked.get(() -> started(session().createBrowser(queue)));
  }

  @Override
  public QueueBrowser createBrowser(Queue queue, @Nullable String messageSelector) {
    return Unchecked.get(() -> started(session().createBrowser(queue, messageSelector)));
  }

  private QueueBrowser started(QueueBrowser browser) throws JMSException {
    if (autoStart) {
      connection().start();
    }
    return browser;
  }

  @Override
  public TemporaryQueue createTemporaryQueue() {
    return Unchecked.get(() -> session().createTemporaryQueue());
  }

  @Override
  public TemporaryTopic createTemporaryTopic() {
    return Unchecked.get(() -> session().createTemporaryTopic());
  }

  @Override
  public void unsubscribe(String name) {
    Unchecked.run(() -> session().unsubscribe(name));
  }

  /**
   * Of all that was received, by any consumer; nothing where the session acknowledges by itself.
   */
  @Override
  public void acknowledge() {
    Unchecked.run(
        () -> {
          if (session() instanceof JmsSession own) {
            own.acknowledgeReceived();
          }
        });
  }
}
