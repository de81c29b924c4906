package io.moiety.jms;

import io.moiety.protocol.UniqueKeys;
import jakarta.jms.ConnectionConsumer;
import jakarta.jms.ConnectionMetaData;
import jakarta.jms.Destination;
import jakarta.jms.ExceptionListener;
import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidClientIDException;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.jms.QueueConnection;
import jakarta.jms.QueueSession;
import jakarta.jms.ServerSessionPool;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import jakarta.jms.TopicConnection;
import jakarta.jms.TopicSession;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A connection in all its classic interfaces: one link to a broker, its sessions, and whether they
 * deliver. When the link is lost, the exception listener is told and every call fails; make a new
 * connection. With a reconnect timeout the link is a {@link ResumingLink}, which is lost only when
 * it cannot be made again for so long.
 *
 * <p>Thread-safe. The monitor guards what {@link #setClientID} changes: client id, parts and
 * whether the connection was used.
 */
sealed class JmsConnection implements QueueConnection, TopicConnection permits JmsXaConnection {

  private final Domain domain;
  private final ConnectionSettings settings;
  private final Link.Source source;
  private final Clock clock;
  private final ExceptionNotifier notifier;
  private final UniqueKeys messageIds;
  private final Set<JmsSession> sessions = ConcurrentHashMap.newKeySet();
  private final AtomicInteger lastSession = new AtomicInteger();
  private final AtomicBoolean closing = new AtomicBoolean();
  private volatile boolean closed;
  private volatile boolean started;
  private volatile ConnectionParts parts;
  private boolean used;

  /**
   * Connects; returns when the broker has answered.
   *
   * @throws InvalidClientIDException when the client id is in use
   * @throws JMSException when no broker can be reached
   */
  JmsConnection(ConnectionSettings settings, Domain domain, Link.Source source, Clock clock)
      throws JMSException {
    this.settings = settings;
    this.domain = domain;
    this.source = source;
    this.clock = clock;
    messageIds =
        new UniqueKeys(
            anyAddress(),
            ProcessHandle.current().pid(),
            ThreadLocalRandom.current().nextInt(),
            clock);
    notifier =
        settings
            .notifications()
            .map(ExceptionNotifier::on)
            .orElseGet(() -> ExceptionNotifier.onOwnThread("moiety-exceptions"));
    parts = connect(settings.clientId());
  }

  private ConnectionParts connect(Optional<String> clientId) throws JMSException {
    String name = clientId.orElseGet(ConnectionNames::anonymous);
    boolean resumes = !settings.reconnectTimeout().isZero();
    Link link =
        Await.answer(
            resumes
                ? ResumingLink.open(source, name, settings, this::lost)
                : source.open(name, Optional.empty(), this::lost),
            "connect to " + settings.addresses());
    TopicCache topics = new TopicCache(link);
    ActiveSubscriptions subscriptions = new ActiveSubscriptions();
    return new ConnectionParts(
        link,
        settings,
        clientId,
        name,
        topics,
        subscriptions,
        new TemporaryDestinations(link, topics, subscriptions),
        new BranchTable(),
        resumes
            ? LostAnswers.over(link, settings.unansweredRollbacks())
            : new LostAnswers(source, settings.unansweredRollbacks()),
        messageIds,
        this::failed,
        clock);
  }

  ConnectionParts parts() {
    return parts;
  }

  Domain domain() {
    return domain;
  }

  private void lost(Throwable cause) {
    notifier.tell(JmsExceptions.of("keep the connection to the broker", cause));
  }

  /** A lost connection is told once, not again by each of its consumers. */
  private void failed(JMSException failure) {
    if (parts.link().isOpen()) {
      notifier.tell(failure);
    }
  }

  boolean isOpen() {
    return !closed && parts.link().isOpen();
  }

  void requireOpen() throws JMSException {
    if (closed) {
      throw JmsExceptions.closed("connection");
    }
  }

  /** From now on the client id is what it is. */
  synchronized void use() throws JMSException {
    requireOpen();
    used = true;
  }

  @Override
  public @Nullable String getClientID() throws JMSException {
    requireOpen();
    return parts.clientId().orElse(null);
  }

  /** Connects anew under that name, since brokers know connections by it. */
  @Override
  public synchronized void setClientID(@Nullable String clientId) throws JMSException {
    requireOpen();
    if (parts.clientId().isPresent()) {
      throw new IllegalStateException(
          "The connection has client id " + parts.clientId().get() + ", which cannot be changed");
    }
    if (used) {
      throw new IllegalStateException(
          "The client id is to be set right after the connection is made, before anything else is done with it");
    }
    if (clientId == null || clientId.isBlank()) {
      throw new InvalidClientIDException("A client id cannot be empty");
    }
    Link unnamed = parts.link();
    parts = connect(Optional.of(clientId));
    unnamed.close();
  }

  @Override
  public ConnectionMetaData getMetaData() throws JMSException {
    requireOpen();
    return new JmsConnectionMetaData();
  }

  @Override
  public @Nullable ExceptionListener getExceptionListener() throws JMSException {
    requireOpen();
    return notifier.listener();
  }

  @Override
  public void setExceptionListener(@Nullable ExceptionListener listener) throws JMSException {
    requireOpen();
    notifier.setListener(listener);
  }

  @Override
  public void start() throws JMSException {
    use();
    started = true;
    sessions.forEach(session -> session.gate().start());
  }

  /** One that was never started may still be given its client id. */
  @Override
  public void stop() throws JMSException {
    requireOpen();
    for (JmsSession session : sessions) {
      session.gate().requireNotInListener("stop");
    }
    started = false;
    sessions.forEach(session -> session.gate().stop());
  }

  /**
   * Waits for listeners, receives and asynchronous sends under way. What fails because the
   * connection is lost is no failure of the close: the broker has undone what was open.
   */
  @Override
  public void close() throws JMSException {
    if (closed) {
      return;
    }
    for (JmsSession session : sessions) {
      session.life().requireClosable();
    }
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    Link link = parts.link();
    link.closing();
    JMSException first = closeSessions();
    try {
      if (link.isOpen()) {
        parts.temporaries().deleteAll();
      }
    } catch (JMSException failure) {
      first = first == null ? failure : first;
    }
    closed = true;
    boolean wasLost = !link.isOpen();
    link.close();
    notifier.close();
    if (first != null && !wasLost) {
      throw first;
    }
  }

  /** All of them, whatever one says; returns the first failure. */
  private @Nullable JMSException closeSessions() {
    JMSException first = null;
    for (JmsSession session : sessions) {
      try {
        session.close();
      } catch (JMSException failure) {
        first = first == null ? failure : first;
      }
    }
    return first;
  }

  @Override
  public Session createSession() throws JMSException {
    return session(Session.AUTO_ACKNOWLEDGE, domain);
  }

  @Override
  public Session createSession(int sessionMode) throws JMSException {
    return session(sessionMode, domain);
  }

  @Override
  public Session createSession(boolean transacted, int acknowledgeMode) throws JMSException {
    return session(mode(transacted, acknowledgeMode), domain);
  }

  @Override
  public QueueSession createQueueSession(boolean transacted, int acknowledgeMode)
      throws JMSException {
    return session(mode(transacted, acknowledgeMode), Domain.QUEUES);
  }

  @Override
  public TopicSession createTopicSession(boolean transacted, int acknowledgeMode)
      throws JMSException {
    return session(mode(transacted, acknowledgeMode), Domain.TOPICS);
  }

  /** Of the older methods, which say twice whether a session is transacted. */
  private int mode(boolean transacted, int acknowledgeMode) throws JMSException {
    requireOpen();
    if (!transacted && acknowledgeMode == Session.SESSION_TRANSACTED) {
      throw new JMSException(
          "A session that is not transacted needs AUTO_ACKNOWLEDGE, CLIENT_ACKNOWLEDGE or"
              + " DUPS_OK_ACKNOWLEDGE, not SESSION_TRANSACTED");
    }
    return transacted ? Session.SESSION_TRANSACTED : acknowledgeMode;
  }

  private JmsSession session(int mode, Domain sessionDomain) throws JMSException {
    use();
    return register(
        JmsSession.open(
            parts, sessionDomain, AcknowledgeMode.of(mode), nextSessionNumber(), sessions::remove));
  }

  int nextSessionNumber() {
    return lastSession.incrementAndGet();
  }

  void forget(JmsSession session) {
    sessions.remove(session);
  }

  <S extends JmsSession> S register(S session) throws JMSException {
    sessions.add(session);
    if (started) {
      session.gate().start();
    }
    if (closing.get()) {
      session.close();
      throw JmsExceptions.closed("connection");
    }
    return session;
  }

  @Override
  public ConnectionConsumer createConnectionConsumer(
      Destination destination,
      String messageSelector,
      ServerSessionPool sessionPool,
      int maxMessages)
      throws JMSException {
    throw noConnectionConsumers();
  }

  @Override
  public ConnectionConsumer createConnectionConsumer(
      Queue queue, String messageSelector, ServerSessionPool sessionPool, int maxMessages)
      throws JMSException {
    throw noConnectionConsumers();
  }

  @Override
  public ConnectionConsumer createConnectionConsumer(
      Topic topic, String messageSelector, ServerSessionPool sessionPool, int maxMessages)
      throws JMSException {
    throw noConnectionConsumers();
  }

  @Override
  public ConnectionConsumer createSharedConnectionConsumer(
      Topic topic,
      String subscriptionName,
      String messageSelector,
      ServerSessionPool sessionPool,
      int maxMessages)
      throws JMSException {
    domain.requireTopics("createSharedConnectionConsumer");
    throw noConnectionConsumers();
  }

  @Override
  public ConnectionConsumer createDurableConnectionConsumer(
      Topic topic,
      String subscriptionName,
      String messageSelector,
      ServerSessionPool sessionPool,
      int maxMessages)
      throws JMSException {
    domain.requireTopics("createDurableConnectionConsumer");
    throw noConnectionConsumers();
  }

  @Override
  public ConnectionConsumer createSharedDurableConnectionConsumer(
      Topic topic,
      String subscriptionName,
      String messageSelector,
      ServerSessionPool sessionPool,
      int maxMessages)
      throws JMSException {
    domain.requireTopics("createSharedDurableConnectionConsumer");
    throw noConnectionConsumers();
  }

  private JMSException noConnectionConsumers() throws JMSException {
    requireOpen();
    return new JMSException(
        "Connection consumers are optional and not offered; use message listeners, or message-driven beans");
  }

  /**
   * Random, since the host's own address would have to be looked up, and ids only have to differ.
   */
  private static InetAddress anyAddress() {
    byte[] octets = ByteBuffer.allocate(4).putInt(ThreadLocalRandom.current().nextInt()).array();
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException impossible) {
      throw new AssertionError("Four octets are an address", impossible);
    }
  }

  @Override
  public String toString() {
    return "connection " + parts.senderId() + " to " + settings.addresses();
  }
}
