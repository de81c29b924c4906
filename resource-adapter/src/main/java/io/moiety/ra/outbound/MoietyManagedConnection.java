package io.moiety.ra.outbound;

import static java.lang.System.Logger.Level.DEBUG;

import io.moiety.jms.spi.AdapterConnection;
import io.moiety.jms.spi.EnlistedSession;
import io.moiety.ra.xa.ObservedXaResource;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.LazyEnlistableConnectionManager;
import jakarta.resource.spi.LazyEnlistableManagedConnection;
import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionMetaData;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import javax.security.auth.Subject;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the broker with one session, as the server pools it. All handles that the server
 * gives out for it share the session, and one producer: a handle's producer is only its settings.
 *
 * <p>Used by one thread at a time, as servers do with pooled connections; breakage is told on the
 * network's thread, and completion of branches may come on the transaction manager's.
 */
final class MoietyManagedConnection implements ManagedConnection, LazyEnlistableManagedConnection {

  private static final System.Logger LOGGER =
      System.getLogger(MoietyManagedConnection.class.getName());

  private final AdapterConnection connection;
  private final Session session;
  private final MessageProducer producer;
  private final Optional<XAResource> xaResource;
  private final Optional<EnlistedSession> enlisted;
  private final TransactionMode mode;
  private final MoietyManagedConnectionFactory owner;
  private final Credentials credentials;
  private final String signedOn;
  private final SendOptions defaults;
  private final TransactionGuard guard;
  private final ConnectionEvents events;
  private final EnlistedBranch branch;
  private final Set<ConnectionHandle> handles = new CopyOnWriteArraySet<>();
  private volatile Optional<LazyEnlistableConnectionManager> enlister = Optional.empty();
  private volatile @Nullable PrintWriter logWriter;

  private MoietyManagedConnection(
      ConnectionPlan plan,
      AdapterConnection connection,
      Session session,
      MessageProducer producer,
      Optional<XAResource> xaResource) {
    this.connection = connection;
    this.session = session;
    this.producer = producer;
    this.mode = plan.mode();
    this.owner = plan.owner();
    this.credentials = plan.credentials();
    signedOn = credentials.user().isEmpty() ? plan.factory().getUser() : credentials.user();
    this.defaults = plan.defaults();
    this.guard = new TransactionGuard(plan.adapter().transactions());
    events = new ConnectionEvents(this, connection::isOpen);
    branch =
        new EnlistedBranch(events, plan.adapter().metrics(), plan.recoveryWatch(), plan.owner());
    this.xaResource = xaResource.map(ours -> new ObservedXaResource(ours, branch));
    enlisted =
        session instanceof EnlistedSession ours && xaResource.isPresent()
            ? Optional.of(ours)
            : Optional.empty();
  }

  /** Connects. What was opened is closed again when a later step fails. */
  static MoietyManagedConnection open(ConnectionPlan plan) throws ResourceException {
    Credentials credentials = plan.credentials();
    try {
      AdapterConnection connection =
          (AdapterConnection)
              (credentials.user().isEmpty()
                  ? plan.factory().createXAConnection()
                  : plan.factory().createXAConnection(credentials.user(), credentials.password()));
      try {
        return openSession(plan, connection);
      } catch (JMSException | RuntimeException failure) {
        closeAfter(failure, connection);
        throw failure;
      }
    } catch (JMSException failure) {
      throw Failures.unconnected(failure, credentials.user(), plan.mode());
    }
  }

  private static MoietyManagedConnection openSession(
      ConnectionPlan plan, AdapterConnection connection) throws JMSException {
    Session session;
    Optional<XAResource> xaResource;
    switch (plan.mode()) {
      case XA -> {
        XASession xaSession = connection.createXASession();
        session = xaSession.getSession();
        xaResource = Optional.of(xaSession.getXAResource());
      }
      case CHECK_BACK -> {
        session = connection.createSession(plan.outlet());
        xaResource = Optional.empty();
      }
      case NONE -> {
        session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
        xaResource = Optional.empty();
      }
      default ->
          throw new IllegalArgumentException("No way to make a connection for " + plan.mode());
    }
    MoietyManagedConnection managed =
        new MoietyManagedConnection(
            plan, connection, session, session.createProducer(null), xaResource);
    connection.setExceptionListener(managed.events::broken);
    return managed;
  }

  private static void closeAfter(Exception failure, XAConnection connection) {
    try {
      connection.close();
    } catch (JMSException alsoFailed) {
      failure.addSuppressed(alsoFailed);
    }
  }

  boolean serves(Credentials wanted) {
    return !isBroken() && credentials.equals(wanted);
  }

  /** Known at once, also before the pool was told. */
  boolean isBroken() {
    return events.isBroken() || !connection.isOpen();
  }

  /** How producers send unless they say otherwise. */
  SendOptions defaults() {
    return defaults;
  }

  /** The container that enlists this connection when it is first used in a transaction. */
  void enlistBy(LazyEnlistableConnectionManager manager) {
    enlister = Optional.of(manager);
  }

  /** The session, for what is neither sent nor received: messages, destinations, subscriptions. */
  Session session() {
    return session;
  }

  /** Whether a session made now works in the calling thread's transaction. */
  boolean joinsTransaction() {
    return mode != TransactionMode.NONE && guard.isInTransaction();
  }

  /**
   * Whether what is sent and received now is decided by a transaction. One that can only be rolled
   * back is none less: it refuses all work, and nothing takes effect outside of it.
   */
  boolean isTransacted() throws JMSException {
    enlist();
    return switch (mode) {
      case XA -> branch.isOpen() || guard.canOnlyBeRolledBack();
      case CHECK_BACK -> guard.isInTransaction();
      case NONE -> false;
    };
  }

  /** Sends in the transaction that the session works in, else at once. */
  void send(Destination destination, Message message, SendOptions options) throws JMSException {
    if (mode != TransactionMode.CHECK_BACK) {
      requireEnlisted();
    }
    try {
      producer.setDisableMessageID(options.disableMessageId());
      producer.setDisableMessageTimestamp(options.disableTimestamp());
      producer.setDeliveryDelay(options.deliveryDelayMillis());
      producer.send(
          destination,
          message,
          options.deliveryMode(),
          options.priority(),
          options.timeToLiveMillis());
    } catch (JMSException failure) {
      throw noticed(failure);
    }
  }

  /**
   * A failure at work: when the connection turns out to be lost, the pool drops it before the
   * application sees the exception, so that the next attempt gets another.
   */
  JMSException noticed(JMSException failure) {
    events.failed(failure);
    return failure;
  }

  /**
   * Takes part in the calling thread's transaction, where the container leaves that to the first
   * use; refuses work outside of it. Without XA there is none to take part in.
   */
  void requireEnlisted() throws JMSException {
    enlist();
    switch (mode) {
      case XA -> {
        // The session looks again: a rollback by timeout may come between here and there.
        boolean inBranch = branch.isOpen();
        enlisted.ifPresent(ours -> ours.requireBranch(inBranch));
        if (!inBranch) {
          guard.requireNoTransaction();
        }
      }
      case CHECK_BACK -> guard.requireNoTransactionToReceive();
      case NONE -> {
        // Everything takes effect at once, as the factory was told.
      }
    }
  }

  private void enlist() throws JMSException {
    if (xaResource.isEmpty() || branch.isOpen() || enlister.isEmpty() || !guard.mayEnlist()) {
      return;
    }
    try {
      enlister.get().lazyEnlist(this);
    } catch (ResourceException refused) {
      throw Failures.notEnlisted(refused);
    }
  }

  jakarta.jms.ConnectionMetaData messagingMetaData() throws JMSException {
    return connection.getMetaData();
  }

  @Nullable String clientId() throws JMSException {
    return connection.getClientID();
  }

  /** Lets messages come; until the connection goes back to the pool. */
  void start() throws JMSException {
    connection.start();
  }

  /** The application is done with a handle. */
  void close(ConnectionHandle handle) {
    handles.remove(handle);
    events.closed(handle);
  }

  /**
   * A handle for whom the connection was made for.
   *
   * @throws jakarta.resource.spi.SecurityException for anybody else: a connection is not signed on
   *     again
   */
  @Override
  public Object getConnection(@Nullable Subject subject, @Nullable ConnectionRequestInfo info)
      throws ResourceException {
    Credentials wanted = owner.credentials(subject, info);
    if (!credentials.equals(wanted)) {
      throw new jakarta.resource.spi.SecurityException(
          "A connection of "
              + credentials
              + " is wanted for "
              + wanted
              + ", or with another password. Let the pool match its connections to users");
    }
    ConnectionHandle handle = new ConnectionHandle(this);
    handles.add(handle);
    return handle;
  }

  @Override
  public void associateConnection(Object connectionHandle) throws ResourceException {
    if (!(connectionHandle instanceof ConnectionHandle handle)) {
      throw new ResourceException(
          "Not a connection of this adapter: " + connectionHandle.getClass().getName());
    }
    try {
      handles.add(handle);
      handle.associate(this).ifPresent(former -> former.handles.remove(handle));
    } catch (JMSException failure) {
      throw Failures.internal("move a connection handle to another connection", failure);
    }
  }

  /** What applications made ends with their handles, temporary destinations too. */
  @Override
  public void cleanup() throws ResourceException {
    takeBackHandles();
    if (!isBroken()) {
      try {
        connection.stop();
        connection.deleteTemporaryDestinations();
      } catch (JMSException failure) {
        throw Failures.internal("clean up a connection that goes back to the pool", failure);
      }
    }
  }

  private void takeBackHandles() {
    for (ConnectionHandle handle : List.copyOf(handles)) {
      handle.takeBack();
      handles.remove(handle);
    }
  }

  @Override
  public void destroy() throws ResourceException {
    takeBackHandles();
    try {
      connection.close();
    } catch (JMSException failure) {
      if (!isBroken()) {
        throw Failures.internal("close a connection", failure);
      }
      LOGGER.log(DEBUG, "Closing a broken connection failed", failure);
    }
  }

  @Override
  public XAResource getXAResource() throws ResourceException {
    return xaResource.orElseThrow(
        () ->
            new NotSupportedException(
                "This connection factory has transactionMode "
                    + mode
                    + ", in which the server sees no resource; set it to XA for that"));
  }

  @Override
  public LocalTransaction getLocalTransaction() throws ResourceException {
    throw new NotSupportedException(
        "Moiety has no local transactions of a connection; use transactionMode XA");
  }

  @Override
  public ManagedConnectionMetaData getMetaData() throws ResourceException {
    try {
      return new ManagedMetaData(connection.getMetaData(), signedOn);
    } catch (JMSException failure) {
      throw Failures.internal("read a connection's description", failure);
    }
  }

  @Override
  public void addConnectionEventListener(ConnectionEventListener listener) {
    events.add(listener);
  }

  @Override
  public void removeConnectionEventListener(ConnectionEventListener listener) {
    events.remove(listener);
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) {
    logWriter = out;
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return logWriter;
  }
}
