package io.moiety.ra;

import com.arjuna.ats.internal.jta.transaction.arjunacore.TransactionSynchronizationRegistryImple;
import com.arjuna.ats.jta.resources.LastResourceCommitOptimisation;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Synchronization;
import jakarta.transaction.SystemException;
import jakarta.transaction.Transaction;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;

/**
 * A server's data source without XA: in a transaction one connection for all who ask, committed
 * with it; outside of one a connection in auto-commit mode.
 */
final class LocalDataSource extends TestDataSource {

  /** What happens when the transaction manager commits the connection. */
  interface Commit {
    void run(Connection connection) throws SQLException, XAException;
  }

  private final TransactionManager transactions;
  private final TransactionSynchronizationRegistry registry =
      new TransactionSynchronizationRegistryImple();
  private final TestDatabase database;
  private final Map<Transaction, Connection> enlisted = new ConcurrentHashMap<>();
  private volatile int isolation = Connection.TRANSACTION_READ_COMMITTED;
  private volatile boolean takesPart = true;
  private volatile Commit commit = Connection::commit;

  LocalDataSource(TransactionManager transactions, TestDatabase database) {
    this.transactions = transactions;
    this.database = database;
  }

  /** What the application has configured for its connections. */
  void setIsolation(int level) {
    isolation = level;
  }

  /** As a data source outside of the server's transactions. */
  void leaveTransactions() {
    takesPart = false;
  }

  void onCommit(Commit behaviour) {
    commit = behaviour;
  }

  @Override
  public Connection getConnection() throws SQLException {
    try {
      Transaction transaction = transactions.getTransaction();
      if (transaction == null || !takesPart) {
        return open();
      }
      Connection known = enlisted.get(transaction);
      return unclosed(known == null ? enlist(transaction) : known);
    } catch (SystemException | RollbackException failure) {
      throw new SQLException("not enlisted", failure);
    }
  }

  private Connection open() throws SQLException {
    Connection connection = database.connect();
    connection.setTransactionIsolation(isolation);
    return connection;
  }

  private Connection enlist(Transaction transaction)
      throws SQLException, SystemException, RollbackException {
    Connection connection = open();
    connection.setAutoCommit(false);
    transaction.enlistResource(new LocalResource(connection));
    // As servers do, since a connection may be asked for first when the transaction completes.
    registry.registerInterposedSynchronization(
        new Synchronization() {
          @Override
          public void beforeCompletion() {}

          @Override
          public void afterCompletion(int status) {
            enlisted.remove(transaction);
          }
        });
    enlisted.put(transaction, connection);
    return connection;
  }

  /** The server decides when it is closed. */
  private static Connection unclosed(Connection connection) {
    return (Connection)
        Proxy.newProxyInstance(
            LocalDataSource.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("close")) {
                return null;
              }
              try {
                return method.invoke(connection, arguments);
              } catch (InvocationTargetException failure) {
                throw failure.getCause();
              }
            });
  }

  private final class LocalResource implements XAResource, LastResourceCommitOptimisation {

    private final Connection connection;

    LocalResource(Connection connection) {
      this.connection = connection;
    }

    @Override
    public int prepare(Xid xid) {
      return XA_OK;
    }

    @Override
    public void commit(Xid xid, boolean onePhase) throws XAException {
      try {
        commit.run(connection);
      } catch (SQLException failure) {
        throw new XAException(XAException.XA_RBROLLBACK);
      } finally {
        close();
      }
    }

    @Override
    public void rollback(Xid xid) throws XAException {
      try {
        connection.rollback();
      } catch (SQLException failure) {
        throw new XAException(XAException.XAER_RMERR);
      } finally {
        close();
      }
    }

    private void close() throws XAException {
      try {
        connection.close();
      } catch (SQLException failure) {
        throw new XAException(XAException.XAER_RMERR);
      }
    }

    @Override
    public void start(Xid xid, int flags) {}

    @Override
    public void end(Xid xid, int flags) {}

    @Override
    public void forget(Xid xid) {}

    @Override
    public Xid[] recover(int flags) {
      return new Xid[0];
    }

    @Override
    public boolean isSameRM(XAResource other) {
      return other == this;
    }

    @Override
    public int getTransactionTimeout() {
      return 0;
    }

    @Override
    public boolean setTransactionTimeout(int seconds) {
      return false;
    }
  }
}
