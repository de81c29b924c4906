package io.moiety.ra.checkback;

import io.moiety.ra.TestDataSource;
import io.moiety.ra.TestDatabase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A pool, outside of transactions, that can fail and remembers how connections came back. */
final class PlainDataSource extends TestDataSource {

  private final TestDatabase database;
  private volatile int isolation = Connection.TRANSACTION_READ_COMMITTED;
  private volatile boolean refusing;
  private final Queue<Error> errors = new ConcurrentLinkedQueue<>();
  private final AtomicInteger commitsUntilLoss = new AtomicInteger(Integer.MAX_VALUE);
  private volatile String lastAtClose = "";

  PlainDataSource(TestDatabase database) {
    this.database = database;
  }

  void setIsolation(int level) {
    isolation = level;
  }

  void refuse(boolean whether) {
    refusing = whether;
  }

  /** The next connection ends with it, as that of an undeployed driver. */
  void throwOnce(Error error) {
    errors.add(error);
  }

  /** After so many that are answered, one commit is done and not answered. */
  void loseNextCommitAnswerAfter(int commits) {
    commitsUntilLoss.set(commits);
  }

  String lastAtClose() {
    return lastAtClose;
  }

  @Override
  public Connection getConnection() throws SQLException {
    Error error = errors.poll();
    if (error != null) {
      throw error;
    }
    if (refusing) {
      throw new SQLException("no connection", "08001");
    }
    Connection connection = database.connect();
    connection.setTransactionIsolation(isolation);
    return (Connection)
        Proxy.newProxyInstance(
            PlainDataSource.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> call(connection, method, arguments));
  }

  private Object call(Connection connection, Method method, Object[] arguments) throws Throwable {
    if (method.getName().equals("close")) {
      lastAtClose =
          "autoCommit="
              + connection.getAutoCommit()
              + " isolation="
              + connection.getTransactionIsolation();
    }
    try {
      Object result = method.invoke(connection, arguments);
      if (method.getName().equals("commit") && commitsUntilLoss.getAndDecrement() == 0) {

        throw new SQLException("the connection was lost", "08006");
      }
      return result;
    } catch (InvocationTargetException failure) {
      throw failure.getCause();
    }
  }
}
