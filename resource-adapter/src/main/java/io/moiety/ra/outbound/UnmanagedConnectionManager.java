package io.moiety.ra.outbound;

import static java.lang.System.Logger.Level.WARNING;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import org.jspecify.annotations.Nullable;

/** For use outside of a server, as Connectors wants it: no pool, no transactions. Stateless. */
final class UnmanagedConnectionManager implements ConnectionManager {

  private static final long serialVersionUID = 1L;
  private static final System.Logger LOGGER =
      System.getLogger(UnmanagedConnectionManager.class.getName());

  @Override
  public Object allocateConnection(
      ManagedConnectionFactory factory, @Nullable ConnectionRequestInfo info)
      throws ResourceException {
    ManagedConnection connection = factory.createManagedConnection(null, info);
    connection.addConnectionEventListener(new DestroyAtEnd());
    return connection.getConnection(null, info);
  }

  /** Ends the connection with its only handle. */
  private static final class DestroyAtEnd implements ConnectionEventListener {

    @Override
    public void connectionClosed(ConnectionEvent event) {
      destroy(event);
    }

    @Override
    public void connectionErrorOccurred(ConnectionEvent event) {
      destroy(event);
    }

    private static void destroy(ConnectionEvent event) {
      try {
        ((ManagedConnection) event.getSource()).destroy();
      } catch (ResourceException failure) {
        LOGGER.log(WARNING, "A connection could not be closed", failure);
      }
    }

    @Override
    public void localTransactionStarted(ConnectionEvent event) {
      // There are no local transactions.
    }

    @Override
    public void localTransactionCommitted(ConnectionEvent event) {
      // There are no local transactions.
    }

    @Override
    public void localTransactionRolledback(ConnectionEvent event) {
      // There are no local transactions.
    }
  }
}
