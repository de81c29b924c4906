package io.moiety.ra;

import io.moiety.ra.outbound.MoietyManagedConnectionFactory;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.ResourceAllocationException;
import jakarta.resource.spi.TransactionSupport.TransactionSupportLevel;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Synchronization;
import jakarta.transaction.SystemException;
import jakarta.transaction.Transaction;
import jakarta.transaction.TransactionManager;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A server's pool: one connection for each transaction, enlisted; connections are used again until
 * they break.
 */
final class EnlistingConnections
    implements ConnectionManager, ConnectionEventListener, AutoCloseable {

  private static final long serialVersionUID = 1L;

  private final transient TransactionManager transactions;
  private final MoietyManagedConnectionFactory factory;
  private final transient Set<ManagedConnection> free = new HashSet<>();
  private final transient Map<Transaction, ManagedConnection> enlisted = new HashMap<>();
  private final transient Map<ManagedConnection, Integer> handles = new HashMap<>();

  EnlistingConnections(TransactionManager transactions, MoietyManagedConnectionFactory factory) {
    this.transactions = transactions;
    this.factory = factory;
  }

  synchronized int size() {
    return free.size();
  }

  @Override
  public synchronized Object allocateConnection(
      ManagedConnectionFactory asked, ConnectionRequestInfo info) throws ResourceException {
    try {
      Transaction transaction = transactions.getTransaction();
      boolean takesPart = factory.getTransactionSupport() == TransactionSupportLevel.XATransaction;
      ManagedConnection connection =
          transaction == null || !takesPart ? take(info) : enlist(transaction, info);
      handles.merge(connection, 1, Integer::sum);
      return connection.getConnection(null, info);
    } catch (SystemException | RollbackException failure) {
      throw new ResourceAllocationException("not enlisted", failure);
    }
  }

  private ManagedConnection take(ConnectionRequestInfo info) throws ResourceException {
    ManagedConnection match = factory.matchManagedConnections(free, null, info);
    if (match != null) {
      free.remove(match);
      return match;
    }
    ManagedConnection connection = factory.createManagedConnection(null, info);
    connection.addConnectionEventListener(this);
    return connection;
  }

  private ManagedConnection enlist(Transaction transaction, ConnectionRequestInfo info)
      throws ResourceException, SystemException, RollbackException {
    ManagedConnection known = enlisted.get(transaction);
    if (known != null) {
      return known;
    }
    ManagedConnection connection = take(info);
    transaction.enlistResource(connection.getXAResource());
    enlisted.put(transaction, connection);
    transaction.registerSynchronization(
        new Synchronization() {
          @Override
          public void beforeCompletion() {}

          @Override
          public void afterCompletion(int status) {
            completed(transaction);
          }
        });
    return connection;
  }

  private synchronized void completed(Transaction transaction) {
    giveBackUnused(enlisted.remove(transaction));
  }

  /** Its handles may outlive a transaction, and the transaction its handles. */
  private void giveBackUnused(ManagedConnection connection) {
    if (handles.get(connection) > 0 || enlisted.containsValue(connection)) {
      return;
    }
    try {
      connection.cleanup();
      free.add(connection);
    } catch (ResourceException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public synchronized void connectionClosed(ConnectionEvent event) {
    ManagedConnection connection = (ManagedConnection) event.getSource();
    handles.merge(connection, -1, Integer::sum);
    giveBackUnused(connection);
  }

  @Override
  public synchronized void connectionErrorOccurred(ConnectionEvent event) {
    free.remove((ManagedConnection) event.getSource());
  }

  @Override
  public void localTransactionStarted(ConnectionEvent event) {}

  @Override
  public void localTransactionCommitted(ConnectionEvent event) {}

  @Override
  public void localTransactionRolledback(ConnectionEvent event) {}

  @Override
  public synchronized void close() {
    for (ManagedConnection connection : free) {
      try {
        connection.destroy();
      } catch (ResourceException failure) {
        throw new IllegalStateException(failure);
      }
    }
    free.clear();
  }
}
