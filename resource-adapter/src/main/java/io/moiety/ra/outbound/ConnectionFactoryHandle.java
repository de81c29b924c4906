package io.moiety.ra.outbound;

import io.moiety.jms.Contexts;
import io.moiety.jms.MoietyXAConnectionFactory;
import io.moiety.ra.connection.ConnectionSource;
import io.moiety.ra.xa.RecoveryWatch;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.JMSSecurityRuntimeException;
import jakarta.resource.Referenceable;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.LazyEnlistableConnectionManager;
import java.io.Serializable;
import javax.naming.Reference;
import org.jspecify.annotations.Nullable;

/**
 * The connection factory that applications look up. Every connection and context comes out of the
 * server's pool and, inside a transaction, takes part in it. Thread-safe.
 */
final class ConnectionFactoryHandle
    implements ConnectionFactory, ConnectionSource, Referenceable, Serializable {

  private static final long serialVersionUID = 1L;

  private final MoietyManagedConnectionFactory factory;

  @SuppressWarnings("serial") // Servers' connection managers are serializable.
  private final ConnectionManager connectionManager;

  private @Nullable Reference reference;

  ConnectionFactoryHandle(
      MoietyManagedConnectionFactory factory, ConnectionManager connectionManager) {
    this.factory = factory;
    this.connectionManager = connectionManager;
  }

  @Override
  public Connection createConnection() throws JMSException {
    return allocate(null);
  }

  @Override
  public Connection createConnection(@Nullable String user, @Nullable String password)
      throws JMSException {
    return allocate(Credentials.of(user, password));
  }

  private ConnectionHandle allocate(@Nullable Credentials credentials) throws JMSException {
    try {
      ConnectionHandle handle =
          (ConnectionHandle) connectionManager.allocateConnection(factory, credentials);
      if (connectionManager instanceof LazyEnlistableConnectionManager enlister) {
        handle.enlistBy(enlister);
      }
      return handle;
    } catch (ResourceException failure) {
      throw Failures.unallocated(failure);
    }
  }

  @Override
  public JMSContext createContext() {
    return createContext(JMSContext.AUTO_ACKNOWLEDGE);
  }

  @Override
  public JMSContext createContext(@Nullable String user, @Nullable String password) {
    return createContext(user, password, JMSContext.AUTO_ACKNOWLEDGE);
  }

  @Override
  public JMSContext createContext(int sessionMode) {
    return context(null, sessionMode);
  }

  @Override
  public JMSContext createContext(
      @Nullable String user, @Nullable String password, int sessionMode) {
    return context(Credentials.of(user, password), sessionMode);
  }

  private JMSContext context(@Nullable Credentials credentials, int sessionMode) {
    try {
      ConnectionHandle connection = allocate(credentials);
      try {
        return Contexts.inServer(connection, connection.effectiveMode(sessionMode));
      } catch (JMSException | RuntimeException failure) {
        closeAfter(failure, connection);
        throw failure;
      }
    } catch (JMSException failure) {
      throw unchecked(failure);
    }
  }

  /** The application hears why it got no context; what fails in addition is told with it. */
  private static void closeAfter(Exception failure, ConnectionHandle connection) {
    try {
      connection.close();
    } catch (JMSException | RuntimeException alsoFailed) {
      failure.addSuppressed(alsoFailed);
    }
  }

  private static JMSRuntimeException unchecked(JMSException failure) {
    return failure instanceof JMSSecurityException
        ? new JMSSecurityRuntimeException(failure.getMessage(), failure.getErrorCode(), failure)
        : new JMSRuntimeException(failure.getMessage(), failure.getErrorCode(), failure);
  }

  /** For message-driven beans that name this factory. */
  @Override
  public MoietyXAConnectionFactory newConnectionFactory() throws ResourceException {
    return factory.newConnectionFactory();
  }

  @Override
  public RecoveryWatch recoveryWatch() throws ResourceException {
    return factory.recoveryWatch();
  }

  @Override
  public Object recoveryKey() {
    return factory.recoveryKey();
  }

  @Override
  public void setReference(Reference reference) {
    this.reference = reference;
  }

  @Override
  public @Nullable Reference getReference() {
    return reference;
  }

  @Override
  public String toString() {
    return "Moiety connection factory " + factory;
  }
}
