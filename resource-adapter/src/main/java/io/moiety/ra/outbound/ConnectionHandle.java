package io.moiety.ra.outbound;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionConsumer;
import jakarta.jms.ConnectionMetaData;
import jakarta.jms.Destination;
import jakarta.jms.ExceptionListener;
import jakarta.jms.JMSException;
import jakarta.jms.ServerSessionPool;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import jakarta.resource.spi.LazyEnlistableConnectionManager;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A connection as an application has it: a handle for a managed connection, which the server may
 * exchange beneath it. Refuses what Jakarta Messaging keeps from applications in a server, and has
 * one open session at a time, as Jakarta Messaging wants it there.
 *
 * <p>Used by one thread at a time, as Jakarta Messaging has it for sessions; it may be closed on
 * another.
 */
final class ConnectionHandle implements Connection {

  private final AtomicReference<@Nullable SessionHandle> open = new AtomicReference<>();
  private volatile @Nullable MoietyManagedConnection managed;
  private volatile Optional<LazyEnlistableConnectionManager> enlister = Optional.empty();
  private volatile boolean started;

  ConnectionHandle(MoietyManagedConnection managed) {
    this.managed = managed;
  }

  /** The connection that works for this handle now. */
  MoietyManagedConnection managed() throws JMSException {
    MoietyManagedConnection current = managed;
    if (current == null) {
      throw Failures.closed("connection");
    }
    enlister.ifPresent(current::enlistBy);
    return current;
  }

  /** The container that enlists its connections when they are first used in a transaction. */
  void enlistBy(LazyEnlistableConnectionManager manager) {
    enlister = Optional.of(manager);
  }

  /**
   * Lets another connection work for this handle; answers the former one, on which nothing of the
   * handle stays.
   */
  Optional<MoietyManagedConnection> associate(MoietyManagedConnection successor)
      throws JMSException {
    Optional<MoietyManagedConnection> former = Optional.ofNullable(managed);
    SessionHandle session = open.get();
    if (session != null) {
      session.leave();
    }
    managed = successor;
    if (started) {
      successor.start();
    }
    return former;
  }

  /** The server takes the connection back; the handle is of no use from then on. */
  void takeBack() {
    SessionHandle session = open.getAndSet(null);
    if (session != null) {
      session.release();
    }
    managed = null;
  }

  void closed(SessionHandle session) {
    open.compareAndSet(session, null);
  }

  @Override
  public Session createSession() throws JMSException {
    return createSession(Session.AUTO_ACKNOWLEDGE);
  }

  /** In a transaction both arguments are without meaning, outside of one {@code transacted} is. */
  @Override
  public Session createSession(boolean transacted, int acknowledgeMode) throws JMSException {
    return createSession(transacted ? Session.SESSION_TRANSACTED : acknowledgeMode);
  }

  @Override
  public Session createSession(int sessionMode) throws JMSException {
    SessionHandle session = new SessionHandle(this, effectiveMode(sessionMode));
    if (!open.compareAndSet(null, session)) {
      throw Failures.forbidden(
          "A second session of a connection", "close the first one, or create another connection");
    }
    return session;
  }

  /**
   * How a session acknowledges outside of transactions: as {@code AUTO_ACKNOWLEDGE} or {@code
   * DUPS_OK_ACKNOWLEDGE}, in place of the others, as Jakarta Messaging recommends for sessions and
   * demands for contexts. A transaction ignores whatever is asked for.
   */
  int effectiveMode(int sessionMode) throws JMSException {
    if (managed().joinsTransaction()) {
      return Session.AUTO_ACKNOWLEDGE;
    }
    return switch (sessionMode) {
      case Session.AUTO_ACKNOWLEDGE, Session.DUPS_OK_ACKNOWLEDGE -> sessionMode;
      case Session.CLIENT_ACKNOWLEDGE, Session.SESSION_TRANSACTED -> Session.AUTO_ACKNOWLEDGE;
      default ->
          throw new JMSException("Session mode " + sessionMode + " is none of Session's constants");
    };
  }

  @Override
  public void start() throws JMSException {
    managed().start();
    started = true;
  }

  /** Closed twice without harm. */
  @Override
  public void close() throws JMSException {
    MoietyManagedConnection current = managed;
    if (current == null) {
      return;
    }
    takeBack();
    current.close(this);
  }

  @Override
  public @Nullable String getClientID() throws JMSException {
    return managed().clientId();
  }

  @Override
  public ConnectionMetaData getMetaData() throws JMSException {
    return managed().messagingMetaData();
  }

  @Override
  public @Nullable ExceptionListener getExceptionListener() throws JMSException {
    managed();
    return null;
  }

  @Override
  public void setClientID(String clientId) throws JMSException {
    throw Failures.forbidden(
        "setClientID", "set the property clientId of the connection factory instead");
  }

  @Override
  public void setExceptionListener(ExceptionListener listener) throws JMSException {
    throw Failures.forbidden(
        "setExceptionListener", "the server replaces broken connections by itself");
  }

  @Override
  public void stop() throws JMSException {
    throw Failures.forbidden("stop", "close the connection or its consumers instead");
  }

  @Override
  public ConnectionConsumer createConnectionConsumer(
      Destination destination, String selector, ServerSessionPool pool, int maxMessages)
      throws JMSException {
    throw connectionConsumer();
  }

  @Override
  public ConnectionConsumer createSharedConnectionConsumer(
      Topic topic, String name, String selector, ServerSessionPool pool, int maxMessages)
      throws JMSException {
    throw connectionConsumer();
  }

  @Override
  public ConnectionConsumer createDurableConnectionConsumer(
      Topic topic, String name, String selector, ServerSessionPool pool, int maxMessages)
      throws JMSException {
    throw connectionConsumer();
  }

  @Override
  public ConnectionConsumer createSharedDurableConnectionConsumer(
      Topic topic, String name, String selector, ServerSessionPool pool, int maxMessages)
      throws JMSException {
    throw connectionConsumer();
  }

  private static JMSException connectionConsumer() {
    return Failures.forbidden("A connection consumer", "use a message-driven bean");
  }
}
