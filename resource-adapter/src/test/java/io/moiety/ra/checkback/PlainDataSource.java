package io.moiety.ra.checkback;

import io.moiety.ra.TestDatabase;
import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** A pool, outside of transactions, that can fail and remembers how connections came back. */
final class PlainDataSource implements DataSource {

  private final TestDatabase database;
  private volatile int isolation = Connection.TRANSACTION_READ_COMMITTED;
  private volatile boolean refusing;
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

  /** After so many that are answered, one commit is done and not answered. */
  void loseNextCommitAnswerAfter(int commits) {
    commitsUntilLoss.set(commits);
  }

  String lastAtClose() {
    return lastAtClose;
  }

  @Override
  public Connection getConnection() throws SQLException {
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

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return getConnection();
  }

  @Override
  public PrintWriter getLogWriter() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setLogWriter(PrintWriter out) {}

  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("wraps nothing");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
